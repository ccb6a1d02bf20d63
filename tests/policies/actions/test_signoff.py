"""Sign-off: two people behind all that is public, revisions that carry over, and the way out and back."""

import datetime
import functools

import pytest

from policies.actions import initiatives, revisions, signoff, updates
from policies.actions.action import GoneError, NotAllowedError, RuleError, StaleVersionError
from policies.models import Initiative, Responsibility, SignOff
from tests.policies import factories, steps
from tests.policies.actions.test_initiatives import refused, stands

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def sent(draft, editor):
    return signoff.submit(by=editor, initiative=draft, version=1, words=" Agreed with HMT. ")


@pytest.fixture
def published(sent, approver):
    return signoff.approve(by=approver, initiative=sent, version=2)


def trail(initiative):
    return list(SignOff.objects.filter(initiative=initiative).order_by("pk").values_list("step", "revision", "words"))


def fresh(initiative):
    return Initiative.objects.get(pk=initiative.pk)


class TestReview:
    def test_the_way_of_a_draft_is_stamped(self, published, editor, approver):
        now = fresh(published)
        assert (now.status, now.submitted_by, now.published_by, now.version) == ("published", editor, approver, 3)
        assert now.published_at
        assert now.submitted_at
        assert trail(now) == [("submitted", 0, "Agreed with HMT."), ("published", 0, "")]
        last = SignOff.objects.get(step="published")
        assert (last.by, last.asked_by) == (approver, editor)

    def test_nobody_approves_what_they_sent(self, draft, approver):
        sent = signoff.submit(by=approver, initiative=draft, version=1)
        refused(NotAllowedError, sent, signoff.approve, by=approver, version=2)
        refused(NotAllowedError, sent, signoff.request_changes, by=approver, version=2, words="More")

    def test_not_even_an_administrator_approves_what_they_sent(self, draft):
        administrator = factories.user(is_administrator=True)
        sent = signoff.submit(by=administrator, initiative=draft, version=1)
        refused(NotAllowedError, sent, signoff.approve, by=administrator, version=2)

    def test_editors_and_strangers_do_not_decide(self, sent, lead, outsider):
        for somebody in (factories.member("editor", lead), factories.member("reader", lead), outsider):
            refused(NotAllowedError, sent, signoff.approve, by=somebody, version=2)

    def test_a_reader_and_a_stranger_do_not_send(self, draft, lead, outsider):
        for somebody in (factories.member("reader", lead), outsider):
            refused(NotAllowedError, draft, signoff.submit, by=somebody, version=1)

    def test_what_is_in_review_stands_still(self, sent, editor):
        refused(RuleError, sent, initiatives.edit, by=editor, version=2, title="Other words")
        refused(RuleError, sent, initiatives.set_parts, by=editor, version=2, part="places", rows=[])
        refused(RuleError, sent, initiatives.discard, by=editor, version=2)
        refused(RuleError, sent, signoff.submit, by=editor, version=2)

    def test_taken_back_it_is_a_draft_again(self, sent, editor):
        back = signoff.take_back(by=editor, initiative=sent, version=2)
        assert (back.status, back.submitted_by) == ("draft", None)
        assert initiatives.edit(by=editor, initiative=back, version=3, title="Other words").title == "Other words"

    def test_changes_are_asked_for_in_words(self, sent, editor, approver):
        refused(RuleError, sent, signoff.request_changes, by=approver, version=2, words=" ")
        asked = signoff.request_changes(by=approver, initiative=sent, version=2, words="Name the source.")
        assert asked.status == "changes_requested"
        edited = initiatives.edit(by=editor, initiative=asked, version=3, source_title="White paper")
        again = signoff.submit(by=editor, initiative=edited, version=4)
        assert signoff.approve(by=approver, initiative=again, version=5).status == "published"
        assert [step for step, *_ in trail(sent)] == ["submitted", "changes_requested", "submitted", "published"]

    def test_what_changed_after_the_approver_looked_is_not_approved(self, sent, editor, approver):
        back = signoff.take_back(by=editor, initiative=sent, version=2)
        edited = initiatives.edit(by=editor, initiative=back, version=3, title="Not what was read")
        again = signoff.submit(by=editor, initiative=edited, version=4)
        refused(StaleVersionError, again, signoff.approve, by=approver, version=2)

    def test_only_what_is_in_review_is_decided(self, draft, approver):
        refused(RuleError, draft, signoff.approve, by=approver, version=1)
        refused(RuleError, draft, signoff.take_back, by=approver, version=1)

    def test_a_record_without_a_lead_does_not_go_to_review(self):
        administrator = factories.user(is_administrator=True)
        orphan = factories.policy()
        refused(RuleError, orphan, signoff.submit, by=administrator, version=1)


class TestRevision:
    @pytest.fixture
    def roles(self, published):
        council = factories.responsibility(initiative=published, role="delivery", note="Builds it")
        Responsibility.objects.filter(pk=council.pk).update(
            answer="disputed", answer_words="Not us", answered_by=factories.user(), answered_at="2026-01-01T00:00Z"
        )
        return council

    @pytest.fixture
    def copy(self, published, editor):
        return revisions.start_revision(by=editor, initiative=published)

    def test_a_copy_says_what_the_record_says(self, roles, copy, published):
        assert copy.reference == f"{published.reference}-R1"
        assert (copy.status, copy.title, copy.summary, copy.form) == ("draft", "A fund", "Money", "fund")
        held = copy.responsibilities.get(role="delivery")
        assert (held.note, held.answer, held.answer_words) == ("Builds it", "proposed", "")

    def test_there_is_one_at_a_time(self, copy, published, editor):
        assert revisions.start_revision(by=editor, initiative=published).pk == copy.pk

    def test_it_is_in_no_list(self, copy, editor, approver):
        for reader in (editor, approver, factories.user(is_administrator=True), None):
            assert not Initiative.objects.visible_to(reader).filter(pk=copy.pk).exists()
        assert Initiative.objects.readable_by(editor).filter(pk=copy.pk).exists()

    def test_strangers_cannot_read_it(self, copy, outsider):
        assert not Initiative.objects.readable_by(outsider).filter(pk=copy.pk).exists()
        assert not Initiative.objects.readable_by(None).filter(pk=copy.pk).exists()

    def test_nothing_is_public_until_it_is_approved(self, copy, published, editor, approver):
        before = stands(published)
        edited = initiatives.edit(by=editor, initiative=copy, version=1, title="A bigger fund")
        sent = signoff.submit(by=editor, initiative=edited, version=2)
        assert stands(published) == before
        now = signoff.approve(by=approver, initiative=sent, version=3)
        assert (now.pk, now.title, now.status, now.reference) == (
            published.pk, "A bigger fund", "published", published.reference,
        )  # fmt: skip
        assert now.published_at == published.published_at
        assert not Initiative.objects.filter(pk=copy.pk).exists()
        assert trail(published)[2:] == [("started", 1, ""), ("submitted", 1, ""), ("revised", 1, "")]

    def test_rows_keep_their_ids_and_their_answers(self, roles, copy, published, approver):
        held = copy.responsibilities.get(role="delivery")
        lead = copy.responsibilities.get(role="lead")
        rows = [
            {"organisation": lead.organisation, "role": "lead"},
            {"organisation": held.organisation, "role": "delivery", "note": "Builds half of it"},
            {"organisation": factories.organisation(), "role": "funder"},
        ]
        initiatives.set_parts(by=approver, initiative=copy, version=1, part="roles", rows=rows)
        steps.publish(copy, by=approver)
        now = Responsibility.objects.get(initiative=published, role="delivery")
        assert (now.pk, now.note, now.answer, now.answer_words) == (
            roles.pk, "Builds half of it", "disputed", "Not us",
        )  # fmt: skip
        assert {row.role for row in published.responsibilities.all()} == {"lead", "delivery", "funder"}

    def test_a_row_taken_away_goes(self, roles, copy, published, approver):
        lead = copy.responsibilities.get(role="lead")
        rows = [{"organisation": lead.organisation, "role": "lead"}]
        initiatives.set_parts(by=approver, initiative=copy, version=1, part="roles", rows=rows)
        steps.publish(copy, by=approver)
        assert [row.role for row in published.responsibilities.all()] == ["lead"]

    def test_the_primary_capital_can_change_places(self, published, editor, approver):
        one, other = factories.capital(), factories.capital()
        factories.capital_link(initiative=published, capital=one, weight="primary")
        factories.capital_link(initiative=published, capital=other, weight="secondary")

        def swap(copy):
            rows = [{"capital": one, "weight": "secondary"}, {"capital": other, "weight": "primary"}]
            initiatives.set_parts(by=editor, initiative=copy, version=1, part="capitals", rows=rows)

        steps.revised(published, swap, by=approver)
        assert dict(published.capital_links.values_list("capital", "weight")) == {
            one.pk: "secondary", other.pk: "primary",
        }  # fmt: skip

    def test_what_others_changed_meanwhile_stays(self, copy, published, editor, approver):
        """A date moves by an update and a row comes by another hand while the revision is open."""
        updates.record_update(
            by=editor, initiative=published, version=3, reported_on=datetime.date(2026, 1, 5), rag="red", narrative="No"
        )
        place = factories.footprint(initiative=published)
        Initiative.objects.filter(pk=published.pk).update(notes="By another hand", value_gbp=5)
        initiatives.edit(by=editor, initiative=copy, version=1, title="A bigger fund", value_gbp=7)
        now = steps.publish(copy, by=approver)
        assert (now.title, now.notes, now.value_gbp) == ("A bigger fund", "By another hand", 7)
        assert now.footprints.get().pk == place.pk

    def test_what_was_taken_away_meanwhile_stays_away(self, published, editor, approver):
        place = factories.footprint(initiative=published)
        copy = revisions.start_revision(by=editor, initiative=published)
        place.delete()
        assert not steps.publish(copy, by=approver).footprints.exists()

    def test_the_assertions_of_others_are_neither_copied_nor_touched(self, published, editor, approver):
        theirs = factories.outcome_link(initiative=published, asserted_by=factories.organisation())
        copy = revisions.start_revision(by=editor, initiative=published)
        assert not copy.outcome_links.exists()
        initiatives.set_parts(by=editor, initiative=copy, version=1, part="outcomes", rows=[])
        steps.publish(copy, by=approver)
        assert published.outcome_links.get().pk == theirs.pk

    def test_what_the_record_no_longer_allows_is_said_and_nothing_is_lost(self, copy, published, editor, approver):
        """A policy gets policies under it while a revision wants to put it under another."""
        above = factories.policy(status="published")
        edited = initiatives.edit(by=editor, initiative=copy, version=1, parent=above)
        factories.policy(parent=published)
        sent = signoff.submit(by=editor, initiative=edited, version=2)
        refused(RuleError, sent, signoff.approve, by=approver, version=3)
        assert fresh(published).parent is None

    def test_a_lead_that_it_changes_does_not_decide_on_it(self, copy, published, editor, approver, outsider):
        """Who leads what is public decides, whatever the copy says."""
        body = outsider.memberships.get().organisation
        Responsibility.objects.filter(initiative=copy, role="lead").update(organisation=body)
        copy = fresh(copy)
        refused(NotAllowedError, copy, initiatives.edit, by=outsider, version=1, title="Ours")
        refused(NotAllowedError, copy, signoff.submit, by=outsider, version=1)
        sent = signoff.submit(by=editor, initiative=copy, version=1)
        refused(NotAllowedError, sent, signoff.approve, by=outsider, version=2)
        assert Initiative.objects.readable_by(approver).filter(pk=sent.pk).exists()
        now = signoff.approve(by=approver, initiative=sent, version=2)
        assert now.responsibilities.get(role="lead").organisation == body

    def test_what_somebody_else_published_or_discarded_a_moment_before_is_gone(self, copy, editor):
        initiatives.discard(by=editor, initiative=copy, version=1)
        with pytest.raises(GoneError, match="no longer there"):
            initiatives.discard(by=editor, initiative=copy, version=1)

    def test_discarded_it_leaves_the_record_alone(self, copy, published, editor):
        before = stands(published)
        initiatives.discard(by=editor, initiative=copy, version=1)
        assert stands(published) == before
        assert trail(published)[-1] == ("discarded", 1, "")
        assert revisions.start_revision(by=editor, initiative=published).reference.endswith("-R2")

    def test_only_a_published_record_of_one_s_own_is_revised(self, draft, published, outsider, editor):
        refused(NotAllowedError, published, revisions.start_revision, by=outsider)
        refused(RuleError, factories_lead(draft), revisions.start_revision, by=factories.user(is_administrator=True))


def factories_lead(draft):
    """A second draft with the same lead."""
    lead = draft.responsibilities.get().organisation
    return initiatives.create(
        by=factories.user(is_administrator=True), kind="policy", form="fund", lead=lead, title="Another"
    )


class TestEnd:
    @pytest.mark.parametrize(
        ("status", "outcome"), [("closed", "met"), ("closed", "superseded"), ("withdrawn", "dropped")]
    )
    def test_says_who_when_what_and_why(self, status, outcome, published, approver):
        signoff.end(by=approver, initiative=published, version=3, status=status, outcome=outcome, reason=" Done ")
        now = fresh(published)
        assert (now.status, now.ended_by, now.ended_outcome, now.ended_reason) == (status, approver, outcome, "Done")
        assert now.ended_at
        assert now.published_at == published.published_at
        assert trail(published)[-1] == (status, 0, "Done")

    @pytest.mark.parametrize(
        "wrong",
        [{"reason": " "}, {"outcome": "dropped"}, {"outcome": ""}, {"status": "draft"}, {"outcome": "not_recorded"}],
    )
    def test_without_its_words_is_refused(self, published, approver, wrong):
        told = {"status": "closed", "outcome": "met", "reason": "Done"} | wrong
        refused(RuleError, published, signoff.end, by=approver, version=3, **told)

    def test_of_a_draft_by_an_editor_or_stale_is_refused(self, draft, editor, approver):
        told = {"status": "closed", "outcome": "met", "reason": "Done"}
        refused(RuleError, draft, signoff.end, by=approver, version=1, **told)
        published = steps.publish(draft, by=approver)
        refused(NotAllowedError, published, signoff.end, by=editor, version=3, **told)
        refused(StaleVersionError, published, signoff.end, by=approver, version=1, **told)

    def test_waits_for_an_open_revision(self, published, editor, approver):
        revisions.start_revision(by=editor, initiative=published)
        told = {"status": "closed", "outcome": "met", "reason": "Done"}
        refused(RuleError, published, signoff.end, by=approver, version=3, **told)

    def test_is_undone_with_a_reason(self, published, editor, approver):
        ended = signoff.end(by=approver, initiative=published, version=3, status="closed", outcome="met", reason="Done")
        refused(RuleError, ended, revisions.start_revision, by=editor)
        refused(RuleError, ended, signoff.reopen, by=approver, version=4, reason=" ")
        refused(NotAllowedError, ended, signoff.reopen, by=editor, version=4, reason="Not done")
        now = signoff.reopen(by=approver, initiative=ended, version=4, reason="Not done after all")
        assert (now.status, now.ended_at, now.ended_outcome) == ("published", None, "")
        assert trail(published)[-1] == ("reopened", 0, "Not done after all")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def people(self, lead):
        return [factories.member("approver", lead) for _ in range(6)]

    def test_six_people_start_one_revision(self, published, people, at_once):
        start = [functools.partial(revisions.start_revision, by=by, initiative=published) for by in people]
        assert len({copy.pk for copy in at_once(*start)}) == 1

    def test_a_decision_is_taken_once(self, sent, people, at_once):
        calls = [
            functools.partial(signoff.approve, by=by, initiative=sent, version=2)
            if number % 2
            else functools.partial(signoff.request_changes, by=by, initiative=sent, version=2, words="More")
            for number, by in enumerate(people)
        ]
        results = at_once(*calls)
        assert sum(isinstance(result, Initiative) for result in results) == 1
        assert SignOff.objects.filter(initiative=sent).count() == 2
