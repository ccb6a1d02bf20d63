"""Who sent what for review, who decided, when and in what words."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .initiative import Initiative
from .recorded import recorded
from .sourced import one_of


class SignOffStep(models.TextChoices):
    """A step on the way of a record, or of a revision of it, to the public and out of use."""

    STARTED = "started", "Revision started"
    SUBMITTED = "submitted", "Sent for review"
    TAKEN_BACK = "taken_back", "Taken back from review"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    PUBLISHED = "published", "Published"
    REVISED = "revised", "Revision published"
    DISCARDED = "discarded", "Revision discarded"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REOPENED = "reopened", "Reopened"


NEEDS_REASON = [SignOffStep.CHANGES_REQUESTED, SignOffStep.CLOSED, SignOffStep.WITHDRAWN, SignOffStep.REOPENED]

# What everybody may know of; the other steps are between those who write and approve.
PUBLIC_STEPS = [
    SignOffStep.PUBLISHED,
    SignOffStep.REVISED,
    SignOffStep.CLOSED,
    SignOffStep.WITHDRAWN,
    SignOffStep.REOPENED,
]


@recorded(initiatives=["initiative_id"])
class SignOff(models.Model):
    """One step, stamped. `revision` is 0 for the record itself, else the number of the revision.

    `asked_by` is who sent for review what was decided on; nobody publishes what they sent themselves.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="sign_offs")
    revision = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=20, choices=SignOffStep)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            one_of("sign_off", "step", SignOffStep),
            models.CheckConstraint(condition=~Q(step__in=NEEDS_REASON) | ~Q(words=""), name="sign_off_with_reason"),
            models.CheckConstraint(
                condition=~Q(step__in=[SignOffStep.PUBLISHED, SignOffStep.REVISED])
                | Q(asked_by__isnull=False) & ~Q(by=models.F("asked_by")),
                name="sign_off_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.initiative_id} {self.step}"
