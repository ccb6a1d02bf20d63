"""What people do with flags: they decide, each side for itself, and they comment. The machine writes none of it."""

import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from policies.models import Organisation
from policies.models.sourced import one_of

LONGEST = datetime.timedelta(days=366)  # a flag is set aside for a year at most


class Side(models.TextChoices):
    """Whose decision it is: a pair has two sides, each of its records one; any other flag has the first only."""

    FIRST = "first", "The first record"
    SECOND = "second", "The other record"


class DecisionKind(models.TextChoices):
    """What people decide."""

    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DISMISSED = "dismissed", "Dismissed"


class DismissalReason(models.TextChoices):
    """Why people set a flag aside."""

    NOT_APPLICABLE = "not_applicable", "It does not apply here"
    TRADE_OFF = "trade_off", "An accepted trade-off"
    BEING_UPDATED = "being_updated", "The record is being updated"
    DISPUTED = "disputed", "The check is wrong"


def _tracked(model):
    """History, as the register's tables have it; no line in the change log, since no check goes by decisions."""
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, append_only=True)(model)


class DecisionQuerySet(models.QuerySet):
    """Vocabulary for reading decisions."""

    def latest(self):
        """The last one of each side of each flag, whether it still holds or not."""
        return self.filter(superseded_at__isnull=True)

    def holding(self, *kinds):
        """Those in force. A dismissal is until its review date comes or the evidence is another than the one that
        was set aside; an acknowledgement until the flag is resolved and raised anew; both until taken back."""
        dismissed = Q(
            kind=DecisionKind.DISMISSED,
            digest=F("flag__evidence_digest"),
            review_on__gt=timezone.localdate(),
        )
        acknowledged = Q(kind=DecisionKind.ACKNOWLEDGED, opening=F("flag__times_opened"))
        found = self.latest().filter(dismissed | acknowledged, taken_back_at__isnull=True)
        return found.filter(kind__in=kinds) if kinds else found

    def disputing(self):
        """Those that say the check is wrong, and were not taken back."""
        return self.filter(reason=DismissalReason.DISPUTED, taken_back_at__isnull=True)


@_tracked
class FlagDecision(models.Model):
    """What one side decided on a flag: somebody owns it and has a plan, or it is set aside for a reason.

    `digest` is the evidence that was read, `opening` how often the flag had been raised by then. A later decision
    of the same side stands beside this one, which then has `superseded_at`.
    """

    flag = models.ForeignKey("tracker.Flag", on_delete=models.PROTECT, related_name="decisions")
    side = models.CharField(max_length=6, choices=Side)
    kind = models.CharField(max_length=12, choices=DecisionKind)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="flag_decisions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decided_on = models.DateField(default=timezone.localdate)
    words = models.TextField("the plan, or the comment")
    digest = models.CharField(max_length=32)
    opening = models.PositiveIntegerField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("date by which", null=True, blank=True)
    reason = models.CharField(max_length=20, choices=DismissalReason, blank=True)
    review_on = models.DateField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_reason = models.TextField(blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("flag_decision", "side", Side),
            one_of("flag_decision", "kind", DecisionKind),
            models.UniqueConstraint(
                fields=["flag", "side"], condition=Q(superseded_at__isnull=True), name="flag_decision_latest_once"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="flag_decision_with_words"),
            models.CheckConstraint(condition=~Q(digest=""), name="flag_decision_on_evidence"),
            models.CheckConstraint(
                condition=~Q(kind="acknowledged")
                | Q(owner__isnull=False, due_on__isnull=False, due_on__gte=F("decided_on"), reason=""),
                name="flag_decision_acknowledged_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dismissed")
                | Q(owner__isnull=True, due_on__isnull=True, reason__in=DismissalReason.values),
                name="flag_decision_dismissed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="dismissed") & Q(review_on__isnull=True)
                | Q(kind="dismissed", review_on__isnull=False)
                & Q(review_on__gt=F("decided_on"), review_on__lte=F("decided_on") + LONGEST),
                name="flag_decision_reviewed_in_a_year",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_reason="")
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_reason=""),
                name="flag_decision_taken_back_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} on {self.decided_on}"


@_tracked
class FlagComment(models.Model):
    """What somebody says about a flag, in the name of an organisation that is named in its records."""

    flag = models.ForeignKey("tracker.Flag", on_delete=models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="flag_comments"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="flag_comment_with_words")]

    def __str__(self):
        return self.words[:60]
