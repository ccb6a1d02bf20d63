"""What stands before every write to a record: who may, and whether somebody was faster."""

from django.db.models import F
from django.utils import timezone

from policies import permissions
from policies.actions.action import GoneError, NotAllowedError, RuleError, StaleVersionError
from policies.models import WRITABLE, Initiative, Status


def require(by, verb, initiative):
    """Raise NotAllowedError unless the person may do this to the record."""
    if not permissions.allowed(by, verb, initiative):
        raise NotAllowedError(f"{by} may not {verb} {initiative.reference}")


def take_version(initiative, version):
    """Move a record one version on, or say that somebody was faster. Locks its row until the end."""
    moved = Initiative.objects.filter(pk=initiative.pk, version=version).update(
        version=F("version") + 1, updated_at=timezone.now()
    )
    if not moved:
        current = Initiative.objects.filter(pk=initiative.pk).first()
        if current is None:
            raise GoneError(f"{initiative.reference} is no longer there: it was published or discarded.")
        raise StaleVersionError(current)
    return Initiative.objects.get(pk=initiative.pk)


def require_writable(initiative):
    """Raise RuleError where the words of a record stand still: in review, and once they are public."""
    if initiative.status in WRITABLE:
        return
    if initiative.status == Status.IN_REVIEW:
        raise RuleError(f"{initiative.reference} is in review. Take it back to change it.")
    raise RuleError(f"{initiative.reference} is public. Start a revision to change it; an approver makes it public.")
