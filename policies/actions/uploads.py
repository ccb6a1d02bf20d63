"""Keeping track of an upload: received, read, confirmed, applied. What is in it, `policies.workbook` says.

Between two steps anything may happen, so each asks for the state that it needs and locks the row.
"""

import datetime

from django.db.models import F, Q
from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import Upload, UploadState
from policies.models.upload import WORK

# A worker that has said nothing for this long is taken for dead, and another takes the upload up.
SILENT_FOR = datetime.timedelta(minutes=5)


@action
def receive(*, by, file_name, content):
    """Keep a file as it came in. Who calls this has it in hand until `release`."""
    if not permissions.allowed(by, "create"):
        raise NotAllowedError(f"{by} writes for no organisation")
    return Upload.objects.create(by=by, file_name=file_name[-200:], content=content, taken_at=timezone.now())


def take_next():
    """The upload that waits longest for a worker, marked as taken; None if there is none."""
    now = timezone.now()
    free = Q(taken_at=None) | Q(taken_at__lt=now - SILENT_FOR)
    for pk in Upload.objects.filter(free, state__in=WORK).order_by("at").values_list("pk", flat=True):
        if Upload.objects.filter(free, pk=pk, state__in=WORK).update(taken_at=now):
            return Upload.objects.select_related("by").get(pk=pk)
    return None


def note_progress(upload, *, done=0, total=None):
    """Say how far reading has come; seen by others at once, so it stands in no transaction."""
    values = {"done": done, "taken_at": timezone.now()} | ({} if total is None else {"total": total})
    Upload.objects.filter(pk=upload.pk).update(**values)


def release(upload):
    """Leave it to a worker."""
    Upload.objects.filter(pk=upload.pk).update(taken_at=None)


@action
def note_read(*, by, upload, counts, differences):
    """It was read, and waits for its author to confirm."""
    _move(upload, UploadState.WAITING, UploadState.READ, counts=counts, differences=differences, done=F("total"))


@action
def note_refused(*, by, upload, problems):
    """It cannot be applied as it is. The file is not needed any more."""
    _move(
        upload,
        [UploadState.WAITING, UploadState.READ, UploadState.CONFIRMED],
        UploadState.REFUSED,
        problems=problems,
        content=None,
    )


@action
def note_failed(*, by, upload):
    """Something broke that is no fault of the file, which is kept, so that it can be read anew once that is mended."""
    _move(upload, WORK, UploadState.FAILED)


def put_back(upload):
    """Have one that failed read anew; its author confirms it again. For actions that say who wants it."""
    if upload.content is None:
        raise RuleError(f"The file is not kept any more. Ask {upload.by} to upload it again.")
    _move(upload, UploadState.FAILED, UploadState.WAITING, taken_at=None, done=0, counts={}, differences=[])


@action
def confirm(*, by, upload, now=False):
    """Its author has seen what it would do, and wants it. A second confirmation is a RuleError.

    With `now` the caller goes on to apply it; otherwise a worker does.
    """
    if upload.by_id != by.pk:
        raise NotAllowedError(f"{by} did not upload {upload}")
    _move(upload, UploadState.READ, UploadState.CONFIRMED, taken_at=timezone.now() if now else None)


@action
def note_applied(*, by, upload, context, outcome):
    """Its rows are written, in the same transaction as this."""
    now = timezone.now()
    _move(
        upload,
        UploadState.CONFIRMED,
        UploadState.APPLIED,
        applied_at=now,
        context=context,
        outcome=outcome,
        content=None,
    )


def lock(upload, state):
    """The upload, locked until the transaction ends. Raises RuleError if it is in another state."""
    locked = Upload.objects.select_for_update().select_related("by").get(pk=upload.pk)
    if locked.state != state:
        raise RuleError(f"This upload is in another state by now: {locked.get_state_display().lower()}.")
    return locked


def _move(upload, before, after, **values):
    states = before if isinstance(before, list) else [before]
    if not Upload.objects.filter(pk=upload.pk, state__in=states).update(state=after, **values):
        now = Upload.objects.get(pk=upload.pk)
        raise RuleError(f"This upload is in another state by now: {now.get_state_display().lower()}.")
