"""Upload: a workbook that somebody sent, what it would do, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .sourced import both_or_neither, one_of


class UploadState(models.TextChoices):
    """Where an upload is on its way into the register."""

    WAITING = "waiting", "Being read"
    READ = "read", "Read, not confirmed"
    REFUSED = "refused", "Refused, with what is wrong"
    CONFIRMED = "confirmed", "Being applied"
    APPLIED = "applied", "Applied"
    UNDONE = "undone", "Undone"
    FAILED = "failed", "Failed"


# Those that a worker takes up; the file itself is needed until then, and until its author has confirmed.
WORK = [UploadState.WAITING, UploadState.CONFIRMED]
WITH_CONTENT = [*WORK, UploadState.READ]


class UploadQuerySet(models.QuerySet):
    """Vocabulary for reading uploads."""

    def visible_to(self, user):
        """A person's own; an administrator sees all."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        return self.all() if user.is_administrator else self.filter(by=user)


class Upload(models.Model):
    """A workbook as it came in. The file is kept until it is applied or refused.

    `total` are its rows, `done` those read so far. `differences` and `problems` are what reading it found, as
    lists of dictionaries; `outcome` lists the records that applying it wrote. `context` is the number under
    which history has those writes: undoing goes by it.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads")
    at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField("when a worker last had it in hand", null=True)
    counts = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    outcome = models.JSONField(default=list)
    context = models.UUIDField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(file_name=""), name="upload_file_name_filled"),
            one_of("upload", "state", UploadState),
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="upload_done_within_total"),
            models.CheckConstraint(
                condition=Q(content__isnull=False) | ~Q(state__in=WITH_CONTENT), name="upload_content_until_applied"
            ),
            both_or_neither("upload_applied_in_a_context", "applied_at", "context"),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=False) | ~Q(state__in=[UploadState.APPLIED, UploadState.UNDONE]),
                name="upload_applied_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False, state=UploadState.UNDONE)
                | Q(undone_at__isnull=True) & ~Q(state=UploadState.UNDONE),
                name="upload_undone_at_some_time",
            ),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="upload_of_a_person")]

    def __str__(self):
        return self.file_name
