"""Flags on one person's desk: what waits for their side, what they promised, what is to be looked at again."""

import datetime

from policies import permissions
from tracker.decisions import DecisionKind, FlagDecision
from tracker.models import Flag

SOON = datetime.timedelta(days=30)


def waiting(user):
    """Flags on which the user's side has not decided, or not in a way that still holds; most severe first."""
    mine = permissions.organisations_of(user, permissions.WRITERS)
    flags = Flag.objects.visible_to(user).concerning(mine, undecided=True).with_state()
    return flags.select_related("initiative").by_severity()


def overdue(user, today):
    """Acknowledgements that hold, which the user owns or made, and whose date has passed; the oldest first."""
    rows = _holding(user, DecisionKind.ACKNOWLEDGED).filter(due_on__lt=today)
    return (rows.filter(owner=user) | rows.filter(by=user)).order_by("due_on", "pk")


def reviews_due(user, today):
    """Dismissals that hold, of organisations for which the user approves, that end within 30 days; the next first."""
    mine = permissions.organisations_of(user, permissions.APPROVERS)
    rows = _holding(user, DecisionKind.DISMISSED).filter(review_on__lte=today + SOON)
    return (rows.filter(organisation__in=mine) | rows.filter(by=user)).order_by("review_on", "pk")


def _holding(user, kind):
    standing = Flag.objects.visible_to(user).standing()
    return FlagDecision.objects.holding(kind).filter(flag__in=standing).select_related("flag", "owner")
