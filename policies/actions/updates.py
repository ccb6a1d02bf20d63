"""Reporting how an initiative goes."""

from django.utils import timezone

from policies.actions.action import RuleError, action
from policies.actions.guarding import require, take_version
from policies.models import Kind, Status, Update


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
    moved_reason="",
):
    """Report on a day how a published record goes; returns the record at its new version.

    `spent_gbp` is what was spent to date, in pounds. `moved_to` is the new due date of a commitment, or the new
    end of a policy or partnership; it needs a reason. A second report of a day takes the place of the first,
    whose words stay in history; a date that the first moved stays moved, from where it stood before that day.
    """
    require(by, "edit", initiative)
    if initiative.status != Status.PUBLISHED:
        raise RuleError("Only a published record can have updates.")
    if reported_on > timezone.localdate():
        raise RuleError("An update is about today or an earlier day.")
    initiative = take_version(initiative, version)
    told = {"rag": rag, "narrative": narrative.strip(), "spent_gbp": spent_gbp, "by": by}
    if moved_to:
        told |= _move(initiative, moved_to, moved_precision, moved_reason.strip())
        earlier = Update.objects.filter(initiative=initiative, reported_on=reported_on).first()
        if earlier and earlier.moved_to:
            told["moved_from"] = earlier.moved_from
    Update.objects.update_or_create(initiative=initiative, reported_on=reported_on, defaults=told)
    return initiative


def _move(initiative, moved_to, precision, reason):
    """Change the date that the record runs to. Returns what the update keeps of it."""
    name = "due" if initiative.kind == Kind.COMMITMENT else "end"
    before = getattr(initiative, f"{name}_date")
    if not reason:
        raise RuleError("Enter why the date has moved.")
    if moved_to == before:
        raise RuleError("The new date is the same as the date on record.")
    if name == "end" and initiative.start_date and moved_to < initiative.start_date:
        raise RuleError("The new date must be the same as or after the start date.")
    setattr(initiative, f"{name}_date", moved_to)
    setattr(initiative, f"{name}_precision", precision)
    initiative.save(update_fields=[f"{name}_date", f"{name}_precision"])
    return {"moved_from": before, "moved_to": moved_to, "moved_reason": reason}
