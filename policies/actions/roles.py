"""What a named organisation says of the role that it was given, and what the lead says to that."""

from django.db.models import F
from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.guarding import require_writable
from policies.models import END_OUTCOMES, NEEDS_WORDS, Answer, Initiative, Responsibility, Role, Status


@action
def answer_role(*, by, responsibility, answer, words="", proposed_role=""):
    """Accept a role, accept it with conditions, dispute it, or propose another; the words stand beside the role.

    An answer can be given again: the last one counts, and history keeps the others, with what the lead replied
    to them. Raises RuleError when an answer comes without what it needs.
    """
    if not permissions.may_answer(by, responsibility):
        raise NotAllowedError(f"{by} does not write for {responsibility.organisation}")
    if answer not in Answer.values or answer == Answer.PROPOSED:
        raise RuleError("Accept the role, accept it with conditions, dispute it, or propose another role.")
    words = words.strip()
    if answer in NEEDS_WORDS and not words:
        raise RuleError("Say what the conditions are, why the role is disputed, or why another one would be right.")
    held = Responsibility.objects.select_for_update().get(pk=responsibility.pk)
    if held.role == Role.LEAD:
        raise RuleError("The lead answers for the whole record. Change the lead on the record, with a second person.")
    proposed_role = _checked_proposal(held, proposed_role) if answer == Answer.OTHER_ROLE else ""
    held.answer, held.answer_words, held.proposed_role = answer, words, proposed_role
    held.answered_by, held.answered_at = by, timezone.now()
    held.reply, held.replied_by, held.replied_at = "", None, None
    _save(held)
    return held


def _checked_proposal(held, role):
    if role not in Role.values or role in (Role.LEAD, held.role):
        raise RuleError("Choose a role other than the one it has. Who leads is for the lead to change.")
    return role


def _save(held):
    held.save(
        update_fields=[
            "role", "answer", "answer_words", "proposed_role", "answered_by", "answered_at",
            "reply", "replied_by", "replied_at",
        ]
    )  # fmt: skip


@action
def give_proposed_role(*, by, responsibility, words="", proposed_role=""):
    """The lead agrees: the organisation gets the role that it proposed, and the role counts as accepted.

    `proposed_role` is what the lead read. Raises RuleError when no role, or another one, is proposed by now, when
    the organisation has that role already, while the record is in review, where its words stand still, and once it
    has ended. Nobody gives what they proposed themselves: two people stand behind it.
    """
    held, initiative = _for_settling(by, responsibility)
    if initiative.status == Status.IN_REVIEW:
        require_writable(initiative)
    if initiative.status in END_OUTCOMES:
        raise RuleError("What has ended stays as it was. Reopen the record first.")
    if held.answered_by_id == by.pk:
        raise NotAllowedError(f"{by} proposed it; somebody else gives it")
    if proposed_role and held.proposed_role != proposed_role:
        raise RuleError("The organisation has changed its answer since you read it. Read it again.")
    if held.answer != Answer.OTHER_ROLE:
        raise RuleError("No other role is proposed any more. Read the answer again.")
    others = Responsibility.objects.filter(initiative=initiative, organisation=held.organisation_id)
    if others.filter(role=held.proposed_role).exists():
        raise RuleError("The organisation has that role already. Remove one of the two in the list of roles.")
    held.role, held.proposed_role, held.answer = held.proposed_role, "", Answer.ACCEPTED
    _put_reply(held, by, words)
    _save(held)
    Initiative.objects.filter(pk=initiative.pk).update(version=F("version") + 1, updated_at=timezone.now())
    return held


@action
def reply_to_answer(*, by, responsibility, words):
    """The lead keeps the role as it is, and says why; the answer and the reply both stand beside the role."""
    held, _initiative = _for_settling(by, responsibility)
    if held.answer not in NEEDS_WORDS:
        raise RuleError("There is nothing to reply to. Read the answer again.")
    if not words.strip():
        raise RuleError("Enter the reply.")
    _put_reply(held, by, words)
    _save(held)
    return held


def _put_reply(held, by, words):
    words = words.strip()
    held.reply, held.replied_by, held.replied_at = (words, by, timezone.now()) if words else ("", None, None)


def _for_settling(by, responsibility):
    """The role, its record locked before it, as it is wherever both are written."""
    initiative = Initiative.objects.select_for_update().get(pk=responsibility.initiative_id)
    if not permissions.may_settle(by, initiative):
        raise NotAllowedError(f"{by} does not write for the lead of {initiative.reference}")
    return Responsibility.objects.select_for_update().get(pk=responsibility.pk), initiative
