"""Putting back what failed: by administrators, with who did so, and only what has failed."""

import pytest
from django.utils import timezone

from policies.actions import uploads
from policies.actions.action import NotAllowedError, RuleError
from policies.models import UploadState
from tests.policies import factories
from tracker.actions.requeueing import requeue_check, requeue_notice, requeue_upload
from tracker.models import StaleCheck
from tracker.watches import FailedNotice, Requeue

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


def failed_upload():
    made = factories.upload()
    uploads.note_failed(by=made.by, upload=made)
    made.refresh_from_db()
    return made


def test_an_upload_is_read_anew(administrator):
    upload = failed_upload()
    assert upload.state == UploadState.FAILED
    requeue_upload(by=administrator, upload=upload)
    upload.refresh_from_db()
    assert (upload.state, upload.taken_at) == (UploadState.WAITING, None)
    assert uploads.take_next() == upload
    row = Requeue.objects.get()
    assert (row.work, row.name, row.by) == ("upload", str(upload.pk), administrator)
    event = Requeue.pgh_event_model.objects.get()
    assert event.pgh_context.metadata["action"] == "requeue_upload"


def test_an_upload_whose_file_is_gone_or_that_moved_on_is_not(administrator):
    upload = failed_upload()
    type(upload).objects.filter(pk=upload.pk).update(content=None)
    upload.refresh_from_db()
    with pytest.raises(RuleError, match="not kept any more"):
        requeue_upload(by=administrator, upload=upload)
    with pytest.raises(RuleError, match="in another state"):
        requeue_upload(by=administrator, upload=factories.upload())
    assert not Requeue.objects.exists()


def test_a_check_is_tried_at_once(administrator):
    later = timezone.now() + timezone.timedelta(hours=1)
    factories.stale_check(code="NHS001", tries=7, try_at=later)
    requeue_check(by=administrator, code="NHS001")
    row = StaleCheck.objects.get()
    assert row.try_at <= timezone.now()
    with pytest.raises(RuleError, match="works again"):
        requeue_check(by=administrator, code="NHS002")
    assert Requeue.objects.get().name == "NHS001"


def test_an_email_begins_its_tries_anew(administrator):
    row = factories.failed_notice(times=12)
    requeue_notice(by=administrator, person=row.user)
    assert FailedNotice.objects.get().times == 0
    with pytest.raises(RuleError, match="Nothing waits"):
        requeue_notice(by=administrator, person=administrator)


@pytest.mark.parametrize("role", ["reader", "editor", "approver"])
def test_members_put_nothing_back(role):
    member, row = factories.member(role, factories.organisation()), factories.failed_notice()
    factories.stale_check(code="NHS001")
    for act in (
        lambda: requeue_upload(by=member, upload=failed_upload()),
        lambda: requeue_check(by=member, code="NHS001"),
        lambda: requeue_notice(by=member, person=row.user),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert not Requeue.objects.exists()
