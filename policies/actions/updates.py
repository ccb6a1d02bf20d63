"""Reporting how an initiative goes, and deciding on dates that are to move."""

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.guarding import require, take_version
from policies.models import Kind, MoveReason, MoveState, Status, Update

NO_MOVE = {
    "moved_from": None,
    "moved_from_precision": "",
    "moved_to": None,
    "moved_to_precision": "",
    "moved_reason_code": "",
    "moved_reason": "",
    "moved_by": None,
    "move_state": "",
    "move_decided_by": None,
    "move_decided_at": None,
    "move_words": "",
}


@action
def record_update(
    *,
    by,
    initiative,
    version,
    reported_on,
    rag,
    narrative,
    spent_gbp=None,
    moved_to=None,
    moved_precision="day",
    moved_reason_code=MoveReason.OTHER,
    moved_reason="",
):
    """Report on a day how a published record goes; returns the record at its new version.

    `spent_gbp` is what was spent to date, in pounds. `moved_to` proposes a new due date of a commitment, or a new
    end of a policy or partnership; it needs a reason, and waits for a second person (see `decide_move`). A
    proposal takes the place of an earlier one that still waits. A second report of a day takes the place of the
    first, whose words stay in history; what the first said of the date stays unless the second proposes another.
    """
    require(by, "edit", initiative)
    if initiative.status != Status.PUBLISHED:
        raise RuleError("Only a published record can have updates.")
    if reported_on > timezone.localdate():
        raise RuleError("An update is about today or an earlier day.")
    initiative = take_version(initiative, version)
    told = {"rag": rag, "narrative": narrative.strip(), "spent_gbp": spent_gbp, "by": by}
    if moved_to:
        told |= _proposed(by, initiative, moved_to, moved_precision, moved_reason_code, moved_reason.strip())
        mine = Update.objects.filter(initiative=initiative, reported_on=reported_on)
        if mine.with_move_made().exists():
            raise RuleError("A new date was approved in the update of this day. Propose another in a later update.")
        earlier = Update.objects.filter(initiative=initiative).exclude(reported_on=reported_on)
        earlier.with_move_waiting().update(move_state=MoveState.REPLACED)
    Update.objects.update_or_create(initiative=initiative, reported_on=reported_on, defaults=told)
    return initiative


def _runs_to(initiative):
    """The name of the date that a record runs to."""
    return "due" if initiative.kind == Kind.COMMITMENT else "end"


def _proposed(by, initiative, moved_to, precision, code, reason):
    """What the update keeps of a date that is to move."""
    name = _runs_to(initiative)
    before, known = getattr(initiative, f"{name}_date"), getattr(initiative, f"{name}_precision")
    if not reason or code not in MoveReason.values:
        raise RuleError("Enter why the date has moved.")
    if (moved_to, precision) == (before, known):
        raise RuleError("The new date is the same as the date on record.")
    _require_order(initiative, moved_to)
    return NO_MOVE | {
        "moved_from": before,
        "moved_from_precision": known,
        "moved_to": moved_to,
        "moved_to_precision": precision,
        "moved_reason_code": code,
        "moved_reason": reason,
        "moved_by": by,
        "move_state": MoveState.PROPOSED,
    }


def _require_order(initiative, moved_to):
    if _runs_to(initiative) == "end" and initiative.start_date and moved_to < initiative.start_date:
        raise RuleError("The new date must be the same as or after the start date.")


@action
def decide_move(*, by, update, version, approve, words=""):
    """Approve or decline a date that somebody else proposed; returns the record at its new version.

    Approval makes it the record's date. Both need the `version` that the decision was made from, so that of two
    people who decide at once the second is told. Declining needs words.
    """
    initiative = update.initiative
    if not permissions.may_decide_move(by, update):
        raise NotAllowedError(f"{by} may not decide on the date of {initiative.reference}")
    initiative = take_version(initiative, version)
    update = Update.objects.get(pk=update.pk)
    if update.move_state != MoveState.PROPOSED:
        raise RuleError("This date has been decided on or replaced.")
    if not permissions.may_decide_move(by, update):
        raise NotAllowedError(f"{by} proposed the date of {initiative.reference}")
    if initiative.status != Status.PUBLISHED:
        raise RuleError("The record is closed or withdrawn, so its date stays.")
    words = words.strip()
    if not approve and not words:
        raise RuleError("Say why the date is declined.")
    if approve:
        _move(initiative, update)
    update.move_state = MoveState.APPROVED if approve else MoveState.DECLINED
    update.move_decided_by, update.move_decided_at, update.move_words = by, timezone.now(), words
    update.save(update_fields=["move_state", "move_decided_by", "move_decided_at", "move_words"])
    return initiative


def _move(initiative, update):
    name = _runs_to(initiative)
    now = (getattr(initiative, f"{name}_date"), getattr(initiative, f"{name}_precision"))
    if now != (update.moved_from, update.moved_from_precision):
        raise RuleError("The date on record has changed since. Decline this one, and ask for a new proposal.")
    _require_order(initiative, update.moved_to)
    setattr(initiative, f"{name}_date", update.moved_to)
    setattr(initiative, f"{name}_precision", update.moved_to_precision)
    initiative.save(update_fields=[f"{name}_date", f"{name}_precision"])
