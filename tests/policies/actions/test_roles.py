"""Answering a role: who may, what it takes, and that every answer stays in history."""

import pytest

from policies.actions.action import NotAllowedError, RuleError
from policies.actions.roles import answer_role
from policies.models import Answer, MembershipRole
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


@pytest.mark.parametrize("answer", [Answer.CONDITIONS, Answer.DISPUTED])
@pytest.mark.parametrize("words", ["", "   "])
def test_conditions_and_disputes_need_their_words(held, answer, words):
    with pytest.raises(RuleError, match="Say what the conditions are"):
        answer_role(by=speaker(held), responsibility=held, answer=answer, words=words)


@pytest.mark.parametrize("answer", [Answer.PROPOSED, "perhaps", ""])
def test_no_other_answer_is_taken(held, answer):
    with pytest.raises(RuleError, match="dispute it"):
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
