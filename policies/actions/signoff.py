"""The way of a record to the public and out of use. Two people stand behind all that is public: one sends it
for review, another approves. Every step is stamped with who, when and in what words."""

from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.guarding import require, require_writable, take_version
from policies.actions.revisions import carry_over
from policies.models import END_OUTCOMES, Initiative, Role, SignOff, SignOffStep, Status


def _stamp(initiative, step, by, *, words="", asked_by=None):
    SignOff.objects.create(
        initiative_id=initiative.revises_id or initiative.pk,
        revision=initiative.revision_number,
        step=step,
        by=by,
        asked_by=asked_by,
        words=words,
    )


@action
def submit(*, by, initiative, version, words=""):
    """Send a draft or a revision for review. Its words stand still until somebody decides or takes it back."""
    require(by, "edit", initiative)
    require_writable(initiative)
    initiative = take_version(initiative, version)
    if not initiative.responsibilities.filter(role=Role.LEAD).exists():
        raise RuleError("Say which organisation leads it before it goes to review.")
    initiative.status, initiative.submitted_by, initiative.submitted_at = Status.IN_REVIEW, by, timezone.now()
    initiative.save(update_fields=["status", "submitted_by", "submitted_at"])
    _stamp(initiative, SignOffStep.SUBMITTED, by, words=words.strip())
    return initiative


@action
def take_back(*, by, initiative, version):
    """Make what is in review a draft again, so that it can be changed."""
    require(by, "edit", initiative)
    _require_in_review(initiative)
    initiative = take_version(initiative, version)
    _put_back(initiative, Status.DRAFT)
    _stamp(initiative, SignOffStep.TAKEN_BACK, by)
    return initiative


@action
def request_changes(*, by, initiative, version, words):
    """Send what is in review back to its writers, saying what to change."""
    _require_decider(by, initiative)
    if not words.strip():
        raise RuleError("Enter what must change.")
    initiative = take_version(initiative, version)
    asked_by = initiative.submitted_by
    _put_back(initiative, Status.CHANGES_REQUESTED)
    _stamp(initiative, SignOffStep.CHANGES_REQUESTED, by, words=words.strip(), asked_by=asked_by)
    return initiative


@action
def approve(*, by, initiative, version, words=""):
    """Make public what is in review; returns the public record.

    A draft becomes the public record. What was changed on a revision is carried over to the record that it
    revises, and the working copy is deleted; its history stays.
    """
    _require_decider(by, initiative)
    initiative = take_version(initiative, version)
    words, asked_by = words.strip(), initiative.submitted_by
    if initiative.revises_id:
        _stamp(initiative, SignOffStep.REVISED, by, words=words, asked_by=asked_by)
        record = carry_over(initiative)
        initiative.delete()
        return record
    initiative.status, initiative.published_at, initiative.published_by = Status.PUBLISHED, timezone.now(), by
    initiative.save(update_fields=["status", "published_at", "published_by"])
    _stamp(initiative, SignOffStep.PUBLISHED, by, words=words, asked_by=asked_by)
    return initiative


@action
def end(*, by, initiative, version, status, outcome, reason):
    """Close or withdraw a published record, with what came of it and why; it stays readable, judged no more."""
    require(by, "end", initiative)
    if initiative.status != Status.PUBLISHED:
        raise RuleError("Only a published record can be closed or withdrawn.")
    if status not in END_OUTCOMES:
        raise RuleError("Choose whether the record is closed or withdrawn.")
    if outcome not in END_OUTCOMES[status]:
        raise RuleError("Choose what came of it.")
    if not reason.strip():
        raise RuleError("Enter the reason.")
    initiative = take_version(initiative, version)
    if Initiative.objects.filter(revises=initiative).exists():
        raise RuleError("A revision of this record is open. Publish or discard the revision first.")
    initiative.status, initiative.ended_outcome, initiative.ended_reason = status, outcome, reason.strip()
    initiative.ended_at, initiative.ended_by = timezone.now(), by
    initiative.save(update_fields=["status", "ended_outcome", "ended_reason", "ended_at", "ended_by"])
    _stamp(initiative, SignOffStep(status), by, words=reason.strip())
    return initiative


@action
def reopen(*, by, initiative, version, reason):
    """Make a closed or withdrawn record live again, with the reason; the checks judge it again."""
    require(by, "end", initiative)
    if initiative.status not in END_OUTCOMES:
        raise RuleError("Only a closed or withdrawn record can be reopened.")
    if not reason.strip():
        raise RuleError("Enter the reason.")
    initiative = take_version(initiative, version)
    initiative.status, initiative.ended_outcome, initiative.ended_reason = Status.PUBLISHED, "", ""
    initiative.ended_at, initiative.ended_by = None, None
    initiative.save(update_fields=["status", "ended_outcome", "ended_reason", "ended_at", "ended_by"])
    _stamp(initiative, SignOffStep.REOPENED, by, words=reason.strip())
    return initiative


def _require_in_review(initiative):
    if initiative.status != Status.IN_REVIEW:
        raise RuleError(f"{initiative.reference} is not in review.")


def _require_decider(by, initiative):
    require(by, "publish", initiative)
    _require_in_review(initiative)
    if not permissions.may_decide(by, initiative):
        raise NotAllowedError(f"{by} sent {initiative.reference} for review; another approver decides")


def _put_back(initiative, status):
    initiative.status, initiative.submitted_by, initiative.submitted_at = status, None, None
    initiative.save(update_fields=["status", "submitted_by", "submitted_at"])
