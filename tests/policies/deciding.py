"""Sound rows of what people do with flags, and with them the factory of every table's model."""

import datetime

from django.utils import timezone

from tests.policies import factories
from tracker.decisions import FlagComment, FlagDecision


def flag_decision(**values):
    """Somebody sees to a flag."""
    values = factories._made(values, flag=factories.flag, by=factories.user)
    values = {
        "side": "first",
        "kind": "acknowledged",
        "words": "We ask the boards.",
        "digest": values["flag"].evidence_digest,
        "opening": values["flag"].times_opened,
    } | values
    if values["kind"] == "acknowledged":
        values = {"due_on": timezone.localdate() + datetime.timedelta(days=30)} | factories._made(
            values, owner=factories.user
        )
    return FlagDecision.objects.create(**values)


def dismissal(**values):
    """A flag is set aside for a month."""
    month = timezone.localdate() + datetime.timedelta(days=30)
    return flag_decision(**{"kind": "dismissed", "reason": "trade_off", "review_on": month} | values)


def flag_comment(**values):
    """A word on a flag."""
    return FlagComment.objects.create(
        **{"words": "We know."} | factories._made(values, flag=factories.flag, by=factories.user)
    )


BY_MODEL = factories.BY_MODEL | {FlagComment: flag_comment, FlagDecision: flag_decision}
