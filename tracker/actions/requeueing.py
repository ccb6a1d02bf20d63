"""Putting back what failed in the background, once its cause is mended: who did so stands in history."""

from django.utils import timezone

from policies import permissions
from policies.actions import uploads
from policies.actions.action import NotAllowedError, RuleError, action
from tracker.models import StaleCheck
from tracker.watches import FailedNotice, Requeue, RequeuedWork


@action
def requeue_upload(*, by, upload):
    """Have an upload that failed read anew. Raises RuleError where its file is gone, or it moved on."""
    _allow(by)
    uploads.put_back(upload)
    return _note(by, RequeuedWork.UPLOAD, upload.pk)


@action
def requeue_check(*, by, code):
    """Have a check that crashed run over everything at the next scan, which is asked for now."""
    _allow(by)
    if not StaleCheck.objects.filter(code=code).update(try_at=timezone.now(), tries=0):
        raise RuleError(f"{code} works again: it is not among the checks that failed.")
    return _note(by, RequeuedWork.CHECK, code)


@action
def requeue_notice(*, by, person):
    """Let the next sweep try again to send a person's email, from the first try on."""
    _allow(by)
    if not FailedNotice.objects.filter(user=person).update(times=0, next_at=timezone.now()):
        raise RuleError(f"Nothing waits to be sent to {person} again.")
    return _note(by, RequeuedWork.NOTICE, person.pk)


def _allow(by):
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")


def _note(by, work, name):
    return Requeue.objects.create(work=work, name=str(name), by=by)
