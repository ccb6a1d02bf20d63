"""Writing initiatives: who may, what of it is kept, and what happens when two people do it at once."""

import datetime
import functools

import pytest
from django.db import IntegrityError, connection, transaction

from policies.actions import initiatives
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import Change, Initiative, Responsibility
from tests.policies import factories, steps

pytestmark = pytest.mark.django_db

THREADS = 8


@pytest.fixture
def lead(db):
    return factories.organisation(abbreviation="FACT")


@pytest.fixture
def editor(lead):
    return factories.member("editor", lead)


@pytest.fixture
def approver(lead):
    return factories.member("approver", lead)


@pytest.fixture
def outsider(db):
    """An approver of another organisation."""
    return factories.member("approver", factories.organisation())


@pytest.fixture
def draft(lead, editor):
    return initiatives.create(by=editor, kind="policy", form="fund", lead=lead, title="A fund", summary="Money")


def stands(initiative):
    """The record and all its rows, as values that can be compared."""
    fresh = Initiative.objects.get(pk=initiative.pk)
    sets = ("capital_links", "outcome_links", "responsibilities", "measures", "footprints")
    rows = {name: sorted(getattr(fresh, name).values_list(), key=str) for name in sets}
    return {f.attname: getattr(fresh, f.attname) for f in fresh._meta.concrete_fields} | rows


def refused(error, initiative, function, **arguments):
    """The call raises, and the record stands as before."""
    before = stands(initiative)
    with pytest.raises(error) as raised:
        function(initiative=initiative, **arguments)
    assert stands(initiative) == before
    return raised.value


class TestCreate:
    def test_makes_a_draft_with_its_lead(self, draft, lead, editor):
        assert (draft.status, draft.version, draft.created_by, draft.summary) == ("draft", 1, editor, "Money")
        assert [(r.organisation, r.role) for r in draft.responsibilities.all()] == [(lead, "lead")]

    def test_counts_references_on_in_the_lead_s_series(self, draft, editor, lead):
        second = initiatives.create(by=editor, kind="commitment", form="commitment", lead=lead, title="A promise")
        assert (draft.reference, second.reference) == ("FACT-0001", "FACT-0002")

    def test_counts_on_past_9999(self, editor, lead):
        factories.policy(reference="FACT-9999")
        created = initiatives.create(by=editor, kind="policy", form="fund", lead=lead, title="The next")
        assert created.reference == "FACT-10000"

    @pytest.mark.parametrize(
        ("code", "abbreviation", "reference"),
        [
            ("some-body", "D&C", "DC-0001"),
            ("some-body", "", "SOMEBODY-0001"),
            ("some-body", "1st Trust", "ORG1STTRUST-0001"),
            ("norfolk-and-waveney-integrated-care-board", "", "NORFOLKANDWAVENEYI-0001"),
        ],
    )
    def test_makes_a_reference_of_any_body_s_name(self, code, abbreviation, reference):
        body = factories.organisation(code=code, abbreviation=abbreviation)
        created = initiatives.create(
            by=factories.member("editor", body), kind="policy", form="fund", lead=body, title="A fund"
        )
        assert created.reference == reference

    @pytest.mark.parametrize("role", ["reader", "editor", "approver"])
    def test_for_another_organisation_is_refused(self, role, lead):
        person = factories.member(role, factories.organisation())
        with pytest.raises(NotAllowedError):
            initiatives.create(by=person, kind="policy", form="fund", lead=lead, title="Not mine")
        assert not Initiative.objects.filter(title="Not mine").exists()

    def test_by_a_reader_is_refused(self, lead):
        with pytest.raises(NotAllowedError):
            initiatives.create(
                by=factories.member("reader", lead), kind="policy", form="fund", lead=lead, title="Not mine"
            )

    def test_by_an_administrator_is_for_any_organisation(self, lead):
        person = factories.user(is_administrator=True)
        assert initiatives.create(by=person, kind="policy", form="fund", lead=lead, title="Mine").pk

    @pytest.mark.parametrize("field", ["status", "reference", "version", "sensitivity", "published_at"])
    def test_does_not_take_what_other_actions_decide(self, field, editor, lead):
        with pytest.raises(TypeError, match=field):
            initiatives.create(by=editor, kind="policy", form="fund", lead=lead, title="A", **{field: "published"})

    def test_that_breaks_a_rule_leaves_nothing(self, editor, lead):
        with pytest.raises(IntegrityError), transaction.atomic():
            initiatives.create(by=editor, kind="policy", form="town_deal", lead=lead, title="Neither")
        assert not Initiative.objects.filter(title="Neither").exists()


class TestEdit:
    def test_changes_what_is_given_and_nothing_else(self, draft, editor):
        changed = initiatives.edit(by=editor, initiative=draft, version=1, title="A bigger fund", value_gbp=5)
        assert (changed.title, changed.value_gbp, changed.summary, changed.version) == ("A bigger fund", 5, "Money", 2)
        fresh = Initiative.objects.get(pk=draft.pk)
        assert (fresh.title, fresh.version, fresh.reference) == ("A bigger fund", 2, draft.reference)
        assert fresh.updated_at > draft.updated_at

    def test_by_others_is_refused(self, draft, outsider):
        refused(NotAllowedError, draft, initiatives.edit, by=outsider, version=1, title="Theirs")

    def test_of_a_stale_version_keeps_nothing_and_shows_the_current_record(self, draft, editor):
        initiatives.edit(by=editor, initiative=draft, version=1, title="First")
        error = refused(StaleVersionError, draft, initiatives.edit, by=editor, version=1, title="Second")
        assert (error.current.title, error.current.version) == ("First", 2)

    def test_of_an_unknown_field_keeps_nothing(self, draft, editor):
        refused(TypeError, draft, initiatives.edit, by=editor, version=1, status="published")

    def test_of_a_published_record_needs_a_revision(self, lead, editor):
        published = factories.policy(status="published")
        factories.responsibility(initiative=published, organisation=lead)
        error = refused(RuleError, published, initiatives.edit, by=editor, version=1, notes="Seen")
        assert "Start a revision" in str(error)
        refused(RuleError, published, initiatives.set_parts, by=editor, version=1, part="places", rows=[])

    def test_that_breaks_a_rule_keeps_nothing(self, draft, editor):
        def edit(**arguments):
            with transaction.atomic():
                initiatives.edit(**arguments)

        refused(IntegrityError, draft, edit, by=editor, version=1, due_date=datetime.date(2021, 1, 1))


class TestSetParts:
    def put(self, draft, by, part, *rows):
        version = Initiative.objects.get(pk=draft.pk).version
        initiatives.set_parts(by=by, initiative=draft, version=version, part=part, rows=list(rows))

    def test_adds_changes_and_removes(self, draft, editor):
        first, second, third = (factories.capital() for _ in range(3))
        self.put(
            draft,
            editor,
            "capitals",
            {"capital": first, "weight": "primary"},
            {"capital": second, "weight": "secondary"},
        )
        kept = draft.capital_links.get(capital=first)
        self.put(
            draft,
            editor,
            "capitals",
            {"capital": first, "weight": "primary", "rationale": "It says so"},
            {"capital": third, "weight": "secondary"},
        )
        links = {link.capital: link for link in draft.capital_links.all()}
        assert set(links) == {first, third}
        assert (links[first].pk, links[first].rationale) == (kept.pk, "It says so")
        assert Initiative.objects.get(pk=draft.pk).version == 3

    def test_writes_only_the_version_when_nothing_differs(self, draft, editor):
        row = {"capital": factories.capital(), "weight": "primary"}
        self.put(draft, editor, "capitals", row)
        before = Change.objects.exclude(table_name="policies_initiative").count()
        self.put(draft, editor, "capitals", row)
        assert Change.objects.exclude(table_name="policies_initiative").count() == before

    def test_moves_the_primary_from_one_capital_to_another(self, draft, editor):
        one, other = factories.capital(), factories.capital()
        for primary, secondary in [(one, other), (other, one), (one, other)]:
            self.put(
                draft,
                editor,
                "capitals",
                {"capital": primary, "weight": "primary"},
                {"capital": secondary, "weight": "secondary"},
            )
            assert draft.capital_links.get(weight="primary").capital == primary

    def test_hands_the_lead_over(self, draft, editor, lead):
        other = factories.organisation()
        self.put(
            draft, editor, "roles", {"organisation": other, "role": "lead"}, {"organisation": lead, "role": "co-lead"}
        )
        assert draft.responsibilities.get(role="lead").organisation == other

    def test_keeps_the_ids_of_roles_that_stay(self, draft, editor, lead):
        before = draft.responsibilities.get().pk
        self.put(
            draft,
            editor,
            "roles",
            {"organisation": lead, "role": "lead", "note": "As announced"},
            {"organisation": factories.organisation(), "role": "funder"},
        )
        assert draft.responsibilities.get(role="lead").pk == before

    def test_refuses_two_leads(self, draft, editor, lead):
        rows = [{"organisation": body, "role": "lead"} for body in (lead, factories.organisation())]
        refused(RuleError, draft, initiatives.set_parts, by=editor, version=1, part="roles", rows=rows)

    @pytest.mark.parametrize(
        ("part", "row"),
        [
            ("capitals", lambda: {"capital": factories.capital(), "weight": "secondary"}),
            ("outcomes", lambda: {"outcome": factories.outcome(), "direction": "improves", "horizon": "long"}),
            ("measures", lambda: {"words": "Healthy life expectancy"}),
            ("places", lambda: {"area": factories.area()}),
            ("roles", lambda: {"organisation": factories.organisation(), "role": "funder"}),
        ],
    )
    def test_refuses_the_same_thing_twice(self, part, row, draft, editor):
        row = row()
        refused(RuleError, draft, initiatives.set_parts, by=editor, version=1, part=part, rows=[row, dict(row)])

    def test_takes_a_measure_by_indicator_or_in_words(self, draft, editor):
        indicator = factories.indicator()
        rows = [
            {"indicator": indicator},
            {"words": "Footfall"},
            {"words": "Footfall", "purpose": "targeting"},
        ]
        self.put(draft, editor, "measures", *rows)
        before = set(draft.measures.values_list("pk", flat=True))
        self.put(draft, editor, "measures", *rows)
        assert set(draft.measures.values_list("pk", flat=True)) == before
        assert len(before) == 3

    def test_leaves_other_organisations_assertions(self, draft, editor):
        theirs = factories.outcome_link(initiative=draft, asserted_by=factories.organisation())
        outcome = {"outcome": theirs.outcome, "direction": "worsens", "horizon": "long"}
        self.put(draft, editor, "outcomes", outcome)
        self.put(draft, editor, "outcomes")
        assert list(draft.outcome_links.all()) == [theirs]

    def test_leaves_an_answer_that_was_given(self, draft, editor, lead):
        answer = {"answer": "disputed", "answer_words": "No", "answered_by": editor, "answered_at": draft.created_at}
        body = factories.organisation()
        factories.responsibility(initiative=draft, organisation=body, role="funder", **answer)
        self.put(
            draft, editor, "roles", {"organisation": lead, "role": "lead"}, {"organisation": body, "role": "funder"}
        )
        assert draft.responsibilities.get(role="funder").answer == "disputed"

    def test_by_others_is_refused(self, draft, outsider):
        refused(NotAllowedError, draft, initiatives.set_parts, by=outsider, version=1, part="roles", rows=[])

    def test_of_a_stale_version_keeps_nothing(self, draft, editor):
        initiatives.edit(by=editor, initiative=draft, version=1, title="First")
        rows = [{"area": factories.area()}]
        refused(StaleVersionError, draft, initiatives.set_parts, by=editor, version=1, part="places", rows=rows)


class TestDiscard:
    def test_deletes_a_draft_with_its_rows(self, draft, editor):
        role = draft.responsibilities.get()
        initiatives.discard(by=editor, initiative=draft, version=1)
        assert not Initiative.objects.filter(reference="FACT-0001").exists()
        assert not Responsibility.objects.filter(pk=role.pk).exists()

    def test_of_a_published_record_is_refused(self, draft, approver):
        published = steps.publish(draft, by=approver)
        refused(RuleError, published, initiatives.discard, by=approver, version=3)

    def test_of_a_policy_with_commitments_is_refused(self, draft, editor):
        below = factories.commitment(parent=draft)
        refused(RuleError, draft, initiatives.discard, by=editor, version=1)
        assert Initiative.objects.filter(pk=below.pk).exists()

    def test_of_what_another_needs_is_refused(self, draft, editor):
        factories.dependency(depends_on=draft)
        refused(RuleError, draft, initiatives.discard, by=editor, version=1)

    def test_by_others_is_refused(self, draft, outsider):
        refused(NotAllowedError, draft, initiatives.discard, by=outsider, version=1)

    def test_of_a_stale_version_keeps_nothing(self, draft, editor):
        initiatives.edit(by=editor, initiative=draft, version=1, title="First")
        refused(StaleVersionError, draft, initiatives.discard, by=editor, version=1)


@pytest.mark.usefixtures("committed")
class TestAtTheSameMoment:
    @pytest.fixture
    def administrator(self, committed):
        return factories.user(is_administrator=True)

    def test_new_records_get_references_of_their_own(self, administrator, at_once):
        lead = factories.organisation(abbreviation="RACE")
        create = functools.partial(
            initiatives.create, by=administrator, kind="policy", form="fund", lead=lead, title="A fund"
        )
        found = [created.reference for created in at_once(*[create] * THREADS)]
        assert sorted(found) == [f"RACE-{number:04d}" for number in range(1, THREADS + 1)]

    def test_one_of_many_edits_of_a_version_wins_each_round(self, administrator, at_once):
        record = factories.policy()
        for version in range(1, 7):
            edits = [
                functools.partial(
                    initiatives.edit, by=administrator, initiative=record, version=version, title=f"{version} by {n}"
                )
                for n in range(THREADS)
            ]
            results = at_once(*edits)
            winners = [result for result in results if isinstance(result, Initiative)]
            losers = [result for result in results if isinstance(result, StaleVersionError)]
            assert (len(winners), len(losers)) == (1, THREADS - 1)
            fresh = Initiative.objects.get(pk=record.pk)
            assert (fresh.version, fresh.title) == (version + 1, winners[0].title)
            assert {loser.current.title for loser in losers} == {fresh.title}

    def test_an_edit_and_a_change_of_rows_do_not_mix(self, administrator, at_once):
        record, area = factories.policy(), factories.area()
        arguments = {"by": administrator, "initiative": record, "version": 1}
        results = at_once(
            functools.partial(initiatives.edit, title="Edited", **arguments),
            functools.partial(initiatives.set_parts, part="places", rows=[{"area": area}], **arguments),
        )
        assert sum(isinstance(result, StaleVersionError) for result in results) == 1
        fresh = Initiative.objects.get(pk=record.pk)
        assert (fresh.title == "Edited") != fresh.footprints.exists()

    def test_nothing_gets_under_itself(self, at_once):
        one, other = factories.partnership(), factories.partnership()

        def put_under(row, above):
            with connection.cursor() as cursor:
                cursor.execute("UPDATE policies_initiative SET parent_id = %s WHERE id = %s", [above.pk, row.pk])

        at_once(functools.partial(put_under, one, other), functools.partial(put_under, other, one))
        fresh = Initiative.objects.in_bulk([one.pk, other.pk])
        assert not (fresh[one.pk].parent_id and fresh[other.pk].parent_id)
