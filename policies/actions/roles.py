"""What a named organisation says of the role that it was given."""

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import Answer, Responsibility

NEEDS_WORDS = [Answer.CONDITIONS, Answer.DISPUTED]


@action
def answer_role(*, by, responsibility, answer, words=""):
    """Accept a role, accept it with conditions, or dispute it; the words stand beside the role.

    An answer can be given again: the last one counts, and history keeps the others. Raises RuleError when
    conditions or a dispute come without their words.
    """
    if not permissions.may_answer(by, responsibility):
        raise NotAllowedError(f"{by} does not write for {responsibility.organisation}")
    if answer not in Answer.values or answer == Answer.PROPOSED:
        raise RuleError("Accept the role, accept it with conditions, or dispute it.")
    words = words.strip()
    if answer in NEEDS_WORDS and not words:
        raise RuleError("Say what the conditions are, or why the role is disputed.")
    held = Responsibility.objects.select_for_update().get(pk=responsibility.pk)
    held.answer, held.answer_words = answer, words
    held.answered_by, held.answered_at = by, timezone.now()
    held.save(update_fields=["answer", "answer_words", "answered_by", "answered_at"])
    return held
