"""Answering a role: who may, what it takes, and that every answer stays in history."""

import pytest

from policies.actions.action import NotAllowedError, RuleError
from policies.actions.revisions import start_revision
from policies.actions.roles import answer_role, give_proposed_role, reply_to_answer
from policies.actions.signoff import approve, submit
from policies.models import Answer, MembershipRole, Organisation, Responsibility
from tests.policies import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A council's role in a published policy."""
    council = factories.organisation(kind="local_authority", sector="local_government")
    return factories.responsibility(
        initiative=factories.policy(status="published"), organisation=council, role="delivery"
    )


def speaker(held, role=MembershipRole.EDITOR):
    return factories.member(role, held.organisation)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer.ACCEPTED, ""), (Answer.ACCEPTED, "Gladly."), (Answer.CONDITIONS, "With money."), (Answer.DISPUTED, "No.")],
)
def test_an_answer_stands_with_who_and_when(held, answer, words):
    by = speaker(held)
    answer_role(by=by, responsibility=held, answer=answer, words=f" {words} ")
    held.refresh_from_db()
    assert (held.answer, held.answer_words, held.answered_by) == (answer, words, by)
    assert held.answered_at is not None


def test_the_last_answer_counts_and_history_keeps_the_others(held):
    by = speaker(held, MembershipRole.APPROVER)
    answer_role(by=by, responsibility=held, answer=Answer.DISPUTED, words="Never asked.")
    answer_role(by=by, responsibility=held, answer=Answer.ACCEPTED)
    held.refresh_from_db()
    assert (held.answer, held.answer_words) == (Answer.ACCEPTED, "")
    events = type(held).pgh_event_models["update"].objects.filter(pgh_obj_id=held.pk, pgh_label="update")
    assert [event.answer_words for event in events.order_by("pgh_id")] == ["Never asked.", ""]


@pytest.mark.parametrize("answer", [Answer.CONDITIONS, Answer.DISPUTED, Answer.OTHER_ROLE])
@pytest.mark.parametrize("words", ["", "   "])
def test_conditions_and_disputes_need_their_words(held, answer, words):
    with pytest.raises(RuleError, match="Say what the conditions are"):
        answer_role(by=speaker(held), responsibility=held, answer=answer, words=words)


@pytest.mark.parametrize("answer", [Answer.PROPOSED, "perhaps", ""])
def test_no_other_answer_is_taken(held, answer):
    with pytest.raises(RuleError, match="or propose another role"):
        answer_role(by=speaker(held), responsibility=held, answer=answer, words="Hm.")


def test_nobody_answers_for_another_organisation(held):
    lead = factories.organisation()
    factories.responsibility(initiative=held.initiative, organisation=lead, role="lead")
    for by in (
        factories.user(),
        speaker(held, MembershipRole.READER),
        factories.member(MembershipRole.APPROVER, lead),
        factories.member(MembershipRole.APPROVER, factories.organisation()),
    ):
        with pytest.raises(NotAllowedError):
            answer_role(by=by, responsibility=held, answer=Answer.ACCEPTED)
    held.refresh_from_db()
    assert held.answer == Answer.PROPOSED


class TestAnotherRole:
    """A body says which role it would rather have; the lead gives it, or keeps the one it has and says why."""

    @pytest.fixture
    def lead(self, held):
        """An editor of the lead organisation."""
        lead = factories.organisation()
        factories.responsibility(initiative=held.initiative, organisation=lead, role="lead")
        return factories.member(MembershipRole.EDITOR, lead)

    def propose(self, held, role="supporting"):
        by = speaker(held)
        answer_role(
            by=by, responsibility=held, answer=Answer.OTHER_ROLE, words="We have the means.", proposed_role=role
        )
        held.refresh_from_db()
        return by

    def test_stands_beside_the_role_until_it_is_settled(self, held):
        by = self.propose(held)
        assert (held.role, held.proposed_role, held.answer) == ("delivery", "supporting", Answer.OTHER_ROLE)
        assert (held.answer_words, held.answered_by) == ("We have the means.", by)

    @pytest.mark.parametrize("role", ["", "delivery", "lead", "king"])
    def test_is_neither_the_same_nor_the_lead_nor_unknown(self, held, role):
        with pytest.raises(RuleError, match="Choose a role other than"):
            answer_role(
                by=speaker(held), responsibility=held, answer=Answer.OTHER_ROLE, words="Why not.", proposed_role=role
            )

    def test_goes_with_no_other_answer(self, held):
        answer_role(by=speaker(held), responsibility=held, answer=Answer.ACCEPTED, proposed_role="supporting")
        held.refresh_from_db()
        assert held.proposed_role == ""

    def test_given_changes_the_role_counts_as_accepted_and_moves_the_version(self, held, lead):
        self.propose(held)
        version = held.initiative.version
        give_proposed_role(by=lead, responsibility=held, words=" Gladly. ")
        held.refresh_from_db()
        held.initiative.refresh_from_db()
        assert (held.role, held.depth, held.proposed_role, held.answer) == ("supporting", 2, "", Answer.ACCEPTED)
        assert (held.answer_words, held.reply, held.replied_by) == ("We have the means.", "Gladly.", lead)
        assert held.initiative.version == version + 1

    def test_the_lead_s_own_role_is_not_answered(self, held, lead):
        own = held.initiative.responsibilities.get(role="lead")
        with pytest.raises(RuleError, match="Change the lead on the record"):
            answer_role(by=lead, responsibility=own, answer=Answer.OTHER_ROLE, words="Hm.", proposed_role="supporting")

    def test_nobody_gives_what_they_proposed_themselves(self, held):
        both = factories.user(is_administrator=True)
        answer_role(by=both, responsibility=held, answer=Answer.OTHER_ROLE, words="Us.", proposed_role="supporting")
        with pytest.raises(NotAllowedError):
            give_proposed_role(by=both, responsibility=held)

    def test_another_proposal_than_the_lead_read_is_not_given(self, held, lead):
        self.propose(held)
        with pytest.raises(RuleError, match="changed its answer"):
            give_proposed_role(by=lead, responsibility=held, proposed_role="co-lead")
        give_proposed_role(by=lead, responsibility=held, proposed_role="supporting")

    def test_what_has_ended_stays_as_it_was(self, held, lead):
        self.propose(held)
        type(held.initiative).objects.filter(pk=held.initiative_id).update(
            status="closed", ended_at="2026-01-01T00:00Z", ended_by=lead, ended_reason="Over", ended_outcome="met"
        )
        with pytest.raises(RuleError, match="Reopen the record first"):
            give_proposed_role(by=lead, responsibility=held)

    def test_given_without_words_leaves_no_reply(self, held, lead):
        self.propose(held)
        give_proposed_role(by=lead, responsibility=held)
        held.refresh_from_db()
        assert (held.reply, held.replied_by, held.replied_at) == ("", None, None)

    def test_kept_with_a_reply_both_stand(self, held, lead):
        self.propose(held)
        reply_to_answer(by=lead, responsibility=held, words=" The money is for delivery. ")
        held.refresh_from_db()
        assert (held.role, held.proposed_role, held.answer) == ("delivery", "supporting", Answer.OTHER_ROLE)
        assert (held.answer_words, held.reply) == ("We have the means.", "The money is for delivery.")
        assert held.replied_at is not None

    def test_a_reply_goes_when_the_organisation_answers_anew_and_history_keeps_it(self, held, lead):
        by = self.propose(held)
        reply_to_answer(by=lead, responsibility=held, words="No.")
        answer_role(by=by, responsibility=held, answer=Answer.ACCEPTED)
        held.refresh_from_db()
        assert (held.reply, held.proposed_role) == ("", "")
        events = Responsibility.pgh_event_models["update"].objects.filter(pgh_obj_id=held.pk)
        assert "No." in events.values_list("reply", flat=True)

    def test_a_role_that_the_body_has_already_is_not_given_twice(self, held, lead):
        factories.responsibility(initiative=held.initiative, organisation=held.organisation, role="supporting")
        self.propose(held)
        with pytest.raises(RuleError, match="has that role already"):
            give_proposed_role(by=lead, responsibility=held)

    def test_what_is_no_longer_proposed_is_not_given(self, held, lead):
        by = self.propose(held)
        answer_role(by=by, responsibility=held, answer=Answer.ACCEPTED)
        with pytest.raises(RuleError, match="No other role is proposed any more"):
            give_proposed_role(by=lead, responsibility=held)
        with pytest.raises(RuleError, match="nothing to reply to"):
            reply_to_answer(by=lead, responsibility=held, words="No.")

    def test_nothing_is_given_while_the_record_is_in_review(self, held, lead):
        self.propose(held)
        type(held.initiative).objects.filter(pk=held.initiative_id).update(
            status="in_review", published_at=None, published_by=None, submitted_by=lead, submitted_at=held.answered_at
        )
        with pytest.raises(RuleError, match="is in review"):
            give_proposed_role(by=lead, responsibility=held)

    def test_an_open_revision_neither_copies_nor_undoes_it(self, held, lead):
        self.propose(held)
        copy = start_revision(by=lead, initiative=held.initiative)
        copied = copy.responsibilities.get(organisation=held.organisation)
        assert (copied.role, copied.answer, copied.proposed_role) == ("delivery", "proposed", "")
        give_proposed_role(by=lead, responsibility=held)
        approver = factories.member("approver", Organisation.objects.get(memberships__user=lead))
        copy = submit(by=lead, initiative=copy, version=copy.version)
        approve(by=approver, initiative=copy, version=copy.version)
        roles = held.initiative.responsibilities.filter(organisation=held.organisation)
        assert [(role.pk, role.role, role.answer) for role in roles] == [(held.pk, "supporting", "accepted")]

    def test_a_reply_has_words(self, held, lead):
        self.propose(held)
        with pytest.raises(RuleError, match="Enter the reply"):
            reply_to_answer(by=lead, responsibility=held, words="  ")

    @pytest.mark.parametrize("role", ["reader", "editor", "approver"])
    def test_is_for_the_lead_to_settle(self, held, lead, role):
        by = self.propose(held)
        lead_body = Organisation.objects.get(memberships__user=lead)
        others = [by, factories.user(), factories.member(role, factories.organisation())]
        if role == "reader":
            others.append(factories.member(role, lead_body))
        for other in others:
            with pytest.raises(NotAllowedError):
                give_proposed_role(by=other, responsibility=held)
            with pytest.raises(NotAllowedError):
                reply_to_answer(by=other, responsibility=held, words="No.")
        give_proposed_role(by=factories.user(is_administrator=True), responsibility=held)
