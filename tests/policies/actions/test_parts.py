"""What hangs on a record: ids that go on, rows changed in place, outcomes that wait, and needs that never circle."""

import pytest
from django.utils import timezone

from policies.actions import initiatives, outcomes, parts, revisions, signoff
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import Initiative
from tests.policies import factories, steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(db):
    return factories.organisation(abbreviation="FACT")


@pytest.fixture
def editor(lead):
    return factories.member("editor", lead)


@pytest.fixture
def outsider(db):
    return factories.member("approver", factories.organisation())


@pytest.fixture
def draft(lead, editor):
    return initiatives.create(by=editor, kind="policy", form="fund", lead=lead, title="A fund")


def version(initiative):
    return Initiative.objects.get(pk=initiative.pk).version


def put(by, initiative, part, *rows):
    return initiatives.set_parts(by=by, initiative=initiative, version=version(initiative), part=part, rows=list(rows))


# For each part: a row, the same row with something else said of it, and the name under which rows are found.
ROWS = {
    "allocations": lambda: {"area": factories.area(), "amount_gbp": 5, "round": "1"},
    "capitals": lambda: {"capital": factories.capital(), "weight": "secondary"},
    "chosen_outcomes": lambda: {"outcome": factories.outcome()},
    "criteria": lambda: {
        "round": "1", "stage": "formula", "criterion": "Need", "measure_type": "economic", "weight_percent": 40,
    },
    "dependencies": lambda: {"depends_on": factories.policy()},
    "measures": lambda: {"words": "Footfall"},
    "outcomes": lambda: {"outcome": factories.outcome(), "direction": "improves", "horizon": "long"},
    "places": lambda: {"area": factories.area()},
    "questions": lambda: {"question": "builds", "option": f"option-{factories.number()}"},
    "roles": lambda: {"organisation": factories.organisation(), "role": "funder"},
}  # fmt: skip
CHANGED = {
    "allocations": {"amount_gbp": 6},
    "capitals": {"rationale": "It says so"},
    "criteria": {"weight_percent": 60, "stage": "targeting"},
    "dependencies": {"note": "The money"},
    "measures": {"unit": "people", "horizon": "short"},
    "outcomes": {"pathway": "People walk"},
    "roles": {"note": "As announced"},
}


class TestEveryPart:
    def rows_of(self, part, initiative):
        model, _key = initiatives.PARTS[part]
        return model.objects.filter(initiative=initiative)

    def test_is_tried_here(self):
        assert set(ROWS) == set(initiatives.PARTS)

    @pytest.mark.parametrize("part", ROWS)
    def test_has_a_natural_key_that_the_database_keeps(self, part):
        """Two records' rows are paired by it, so it must be unique within a record and hold no id of the row."""
        model, key = initiatives.PARTS[part]
        names = {model._meta.get_field(name.removesuffix("_id")).name for name in key}
        unique = [set(c.fields) for c in model._meta.constraints if getattr(c, "fields", None) and not c.condition]
        assert {"initiative", *names} in unique

    @pytest.mark.parametrize("part", ROWS)
    def test_keeps_the_ids_of_rows_that_stay(self, part, draft, editor):
        first, second = ROWS[part](), ROWS[part]()
        if part in ("criteria", "measures"):
            second |= {"criterion": "Other"} if part == "criteria" else {"words": "Other"}
        before = set(self.rows_of(part, draft).values_list("pk", flat=True))
        kept = [] if part != "roles" else [{"organisation": row.organisation, "role": row.role} for row in
                                           draft.responsibilities.select_related("organisation")]  # fmt: skip
        put(editor, draft, part, *kept, first)
        mine = set(self.rows_of(part, draft).values_list("pk", flat=True)) - before
        put(editor, draft, part, *kept, first | CHANGED.get(part, {}), second)
        rows = self.rows_of(part, draft)
        assert mine < set(rows.values_list("pk", flat=True))
        assert rows.count() == len(before) + 2
        row = rows.get(pk=mine.pop())
        assert {name: getattr(row, name) for name in CHANGED.get(part, {})} == CHANGED.get(part, {})

    @pytest.mark.parametrize("part", ROWS)
    def test_is_for_its_lead(self, part, draft, outsider):
        with pytest.raises(NotAllowedError):
            put(outsider, draft, part, ROWS[part]())


class TestChangeRow:
    def change(self, by, draft, part, row, at=None, **values):
        parts.change_row(by=by, initiative=draft, version=at or version(draft), part=part, pk=row.pk, values=values)
        return type(row).objects.get(pk=row.pk)

    def test_keeps_the_id_even_when_the_key_changes(self, draft, editor):
        row = factories.measure(initiative=draft, words="Footfall")
        assert self.change(editor, draft, "measures", row, words="Visits", unit="people").words == "Visits"
        assert version(draft) == 2

    def test_refuses_what_another_row_is_about(self, draft, editor):
        row = factories.measure(initiative=draft, words="Footfall")
        factories.measure(initiative=draft, words="Visits")
        with pytest.raises(RuleError, match="the same thing"):
            self.change(editor, draft, "measures", row, words="Visits")
        assert (type(row).objects.get(pk=row.pk).words, version(draft)) == ("Footfall", 1)

    def test_refuses_a_row_of_another_record(self, draft, editor):
        with pytest.raises(RuleError, match="Go back to the list"):
            self.change(editor, draft, "measures", factories.measure(), words="Visits")

    def test_refuses_what_another_organisation_asserts(self, draft, editor):
        theirs = factories.outcome_link(initiative=draft, asserted_by=factories.organisation())
        with pytest.raises(RuleError):
            self.change(editor, draft, "outcomes", theirs, direction="worsens")

    def answered(self, draft, editor):
        answer = {"answer": "accepted", "answered_by": editor, "answered_at": timezone.now()}
        return factories.responsibility(initiative=draft, role="funder", **answer)

    def test_of_a_role_s_note_leaves_its_answer(self, draft, editor):
        row = self.answered(draft, editor)
        assert self.change(editor, draft, "roles", row, note="Half of it").answer == "accepted"

    @pytest.mark.parametrize(
        "values", [lambda: {"role": "delivery"}, lambda: {"organisation": factories.organisation()}]
    )
    def test_of_a_role_asks_for_an_answer_anew(self, values, draft, editor):
        row = self.change(editor, draft, "roles", self.answered(draft, editor), **values())
        assert (row.answer, row.answered_by, row.answered_at) == ("proposed", None, None)

    def test_makes_no_lead_and_unmakes_none(self, draft, editor):
        with pytest.raises(RuleError, match="The lead"):
            self.change(editor, draft, "roles", draft.responsibilities.get(), role="funder")
        with pytest.raises(RuleError, match="The lead"):
            self.change(editor, draft, "roles", factories.responsibility(initiative=draft, role="funder"), role="lead")

    def test_by_others_is_refused(self, draft, outsider):
        with pytest.raises(NotAllowedError):
            self.change(outsider, draft, "measures", factories.measure(initiative=draft), words="Visits")

    def test_of_a_stale_version_keeps_nothing(self, draft, editor):
        row = factories.measure(initiative=draft, words="Footfall")
        with pytest.raises(StaleVersionError):
            self.change(editor, draft, "measures", row, at=9, words="Visits")


class TestOutcomes:
    def choose(self, by, draft, *chosen):
        outcomes.choose_outcomes(by=by, initiative=draft, version=version(draft), outcomes=chosen)

    def describe(self, by, draft, outcome, **values):
        values = {"direction": "improves", "horizon": "long"} | values
        outcomes.describe_outcome(by=by, initiative=draft, version=version(draft), outcome=outcome, **values)

    def test_that_are_ticked_wait_until_they_are_described(self, draft, editor):
        first, second = factories.outcome(), factories.outcome()
        self.choose(editor, draft, first, second)
        assert draft.outcome_links.count() == 0, "a tick claims nothing"
        self.describe(editor, draft, first)
        assert [row.outcome for row in draft.chosen_outcomes.all()] == [second]
        assert [link.outcome for link in draft.outcome_links.all()] == [first]

    def test_that_stay_keep_their_ids_and_words(self, draft, editor):
        first, second, third = (factories.outcome() for _ in range(3))
        self.choose(editor, draft, first, second)
        self.describe(editor, draft, first, pathway="People walk")
        link, waiting = draft.outcome_links.get(), draft.chosen_outcomes.get()
        self.choose(editor, draft, first, second, third)
        assert (draft.outcome_links.get().pk, draft.outcome_links.get().pathway) == (link.pk, "People walk")
        assert waiting in draft.chosen_outcomes.all()

    def test_that_are_unticked_go(self, draft, editor):
        first, second = factories.outcome(), factories.outcome()
        self.choose(editor, draft, first, second)
        self.describe(editor, draft, first)
        self.choose(editor, draft)
        assert (draft.outcome_links.count(), draft.chosen_outcomes.count()) == (0, 0)

    def test_that_others_assert_stay(self, draft, editor):
        theirs = factories.outcome_link(initiative=draft, asserted_by=factories.organisation())
        self.choose(editor, draft, theirs.outcome)
        self.choose(editor, draft)
        assert list(draft.outcome_links.all()) == [theirs]

    def test_are_for_the_lead(self, draft, outsider):
        with pytest.raises(NotAllowedError):
            self.choose(outsider, draft, factories.outcome())
        with pytest.raises(NotAllowedError):
            self.describe(outsider, draft, factories.outcome())


class TestDependencies:
    def need(self, by, initiative, *others):
        put(by, initiative, "dependencies", *({"depends_on": other} for other in others))

    @pytest.fixture
    def chain(self, lead, editor):
        """Three records, of which the first needs the second, and the second the third."""
        made = [initiatives.create(by=editor, kind="policy", form="bill", lead=lead, title=t) for t in "ABC"]
        self.need(editor, made[0], made[1])
        self.need(editor, made[1], made[2])
        return made

    def test_may_share_what_they_need(self, chain, editor):
        first, second, third = chain
        self.need(editor, first, second, third)
        assert first.dependencies.count() == 2

    def test_never_lead_back_and_the_circle_is_named(self, chain, editor):
        first, second, third = chain
        with pytest.raises(RuleError) as raised:
            self.need(editor, third, first)
        assert str(raised.value).startswith(
            f"“C” ({third.reference}) needs “A” ({first.reference}), which needs “B” ({second.reference}), which needs"
            f" “C” ({third.reference}), so none of them could come first."
        )
        assert third.dependencies.count() == 0

    def test_do_not_name_what_cannot_be_seen(self, chain, editor):
        first, second, third = chain
        hidden = factories.policy(title="Hidden")
        factories.dependency(initiative=third, depends_on=hidden)
        factories.dependency(initiative=hidden, depends_on=factories.policy())
        factories.dependency(initiative=hidden, depends_on=first)
        with pytest.raises(RuleError) as raised:
            put(editor, first, "dependencies", {"depends_on": second, "note": "Changed"})
        assert "a record that you cannot see" in str(raised.value)
        assert "Hidden" not in str(raised.value)

    @pytest.mark.usefixtures("committed")
    def test_added_at_the_same_moment_make_no_circle(self, at_once):
        lead = factories.organisation()
        editor = factories.member("editor", lead)
        one, other = (
            initiatives.create(by=editor, kind="policy", form="bill", lead=lead, title=title) for title in "AB"
        )
        results = at_once(lambda: self.need(editor, one, other), lambda: self.need(editor, other, one))
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "RuleError"]
        assert one.dependencies.count() + other.dependencies.count() == 1


class TestParents:
    def test_are_refused_in_words(self, draft, editor):
        under = factories.policy(parent=factories.policy())
        with pytest.raises(RuleError, match="a policy that stands alone"):
            initiatives.edit(by=editor, initiative=draft, version=1, parent=under)
        with pytest.raises(RuleError, match="under itself"):
            initiatives.edit(by=editor, initiative=draft, version=1, parent=draft)
        with pytest.raises(RuleError, match="under a commitment"):
            initiatives.edit(by=editor, initiative=draft, version=1, parent=factories.commitment())
        assert (Initiative.objects.get(pk=draft.pk).parent, version(draft)) == (None, 1)

    def test_of_a_new_record_too(self, editor, lead):
        values = {"kind": "policy", "form": "fund", "lead": lead, "title": "Below"}
        with pytest.raises(RuleError, match="under a commitment"):
            initiatives.create(by=editor, parent=factories.commitment(), **values)


class TestRevisions:
    """A revision goes through the same actions; what it changes is carried over by each part's natural key."""

    @pytest.fixture
    def approver(self, lead):
        return factories.member("approver", lead)

    @pytest.fixture
    def published(self, draft, editor, approver):
        for part in ("criteria", "allocations", "dependencies", "measures"):
            put(editor, draft, part, ROWS[part]())
        return steps.publish(draft, by=approver)

    def approve(self, copy, editor, approver):
        copy = Initiative.objects.get(pk=copy.pk)
        copy = signoff.submit(by=editor, initiative=copy, version=copy.version)
        return signoff.approve(by=approver, initiative=copy, version=copy.version)

    def test_keep_the_ids_of_every_part_that_stays(self, published, editor, approver):
        models = {part: initiatives.PARTS[part][0] for part in ("criteria", "allocations", "dependencies", "measures")}
        before = {part: model.objects.get(initiative=published).pk for part, model in models.items()}
        copy = revisions.start_revision(by=editor, initiative=published)
        row = copy.criteria.get()
        parts.change_row(
            by=editor, initiative=copy, version=copy.version, part="criteria", pk=row.pk, values={"weight_percent": 75}
        )
        more = copy.dependencies.get().depends_on
        put(editor, copy, "dependencies", {"depends_on": more, "note": "First"})
        self.approve(copy, editor, approver)
        after = {part: model.objects.get(initiative=published).pk for part, model in models.items()}
        assert after == before
        assert (published.criteria.get().weight_percent, published.dependencies.get().note) == (75, "First")

    def test_make_no_circle_with_the_record_that_they_revise(self, published, editor, lead):
        other = initiatives.create(by=editor, kind="policy", form="bill", lead=lead, title="Other")
        put(editor, other, "dependencies", {"depends_on": published})
        copy = revisions.start_revision(by=editor, initiative=published)
        with pytest.raises(RuleError, match=f"which needs “A fund” .{published.reference}."):
            put(editor, copy, "dependencies", {"depends_on": other})

    def test_that_would_make_one_by_now_are_not_published(self, published, editor, approver, lead):
        other = initiatives.create(by=editor, kind="policy", form="bill", lead=lead, title="Other")
        copy = revisions.start_revision(by=editor, initiative=published)
        put(editor, copy, "dependencies", {"depends_on": other})
        put(editor, other, "dependencies", {"depends_on": published})
        with pytest.raises(RuleError, match="none of them could come first"):
            self.approve(copy, editor, approver)
        assert not published.dependencies.filter(depends_on=other).exists()

    def test_in_review_stand_still(self, draft, editor):
        row = factories.measure(initiative=draft)
        signoff.submit(by=editor, initiative=draft, version=1)
        still = Initiative.objects.get(pk=draft.pk)
        with pytest.raises(RuleError, match="is in review"):
            parts.change_row(
                by=editor, initiative=still, version=still.version, part="measures", pk=row.pk, values={"unit": "%"}
            )
        with pytest.raises(RuleError, match="is in review"):
            outcomes.choose_outcomes(by=editor, initiative=still, version=still.version, outcomes=[])
        with pytest.raises(RuleError, match="is in review"):
            outcomes.describe_outcome(
                by=editor, initiative=still, version=still.version, outcome=factories.outcome(), direction="improves"
            )
