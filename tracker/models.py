"""What the tracker keeps: scans, how far they have read, and flags."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

import tracker.watches  # noqa: F401  its tables are the tracker's too
from policies.models import Area, Initiative, Organisation, Outcome, Responsibility, Role
from policies.models.change import XidField
from policies.models.recorded import recorded
from policies.models.sourced import one_of
from tracker.decisions import DecisionKind, FlagDecision, Side


class ScanKind(models.TextChoices):
    """How much a scan looked at."""

    FULL = "full", "Full scan"
    INCREMENTAL = "incremental", "Scan of what changed"
    SELECTED = "selected", "Scan of some checks or records"


class ScanStatus(models.TextChoices):
    """How far a scan is, and how it ended."""

    RUNNING = "running", "Running"
    DONE = "done", "Finished"
    FAILED = "failed", "Finished, but one or more checks failed"


class ScanQuerySet(models.QuerySet):
    """Vocabulary for reading scans."""

    def visible_to(self, user):
        """Who has not signed in is not told of scans that only drafts or sensitive records set off."""
        signed_in = user is not None and user.is_authenticated and user.is_active
        return self.all() if signed_in else self.filter(of_public=True)

    def finished(self):
        """Those that have ended, the latest first."""
        return self.exclude(status=ScanStatus.RUNNING).order_by("-finished_at", "-pk")

    def running(self):
        """Those that are planned and not done yet, the oldest first."""
        return self.filter(status=ScanStatus.RUNNING).order_by("pk")


class Scan(models.Model):
    """One run of the checks.

    A scan of what changed is written in the transaction that writes its flags. A full one is planned: its parts, one
    a check, wait in the database for whichever workers are free, each part writes its flags in a transaction of its
    own, and the last one adds them up.
    """

    kind = models.CharField(max_length=12, choices=ScanKind)
    status = models.CharField(max_length=10, choices=ScanStatus)
    reason = models.CharField("what set it off", max_length=40)
    as_of = models.DateField("date the checks went by")
    by_clock = models.BooleanField("goes by the day on which it is done, not by a date that was given", default=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, db_index=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    initiatives = models.PositiveIntegerField("initiatives looked at", default=0)
    opened = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    errors = models.JSONField("checks that failed, with why", default=dict, blank=True)
    timings = models.JSONField("seconds by check", default=dict, blank=True)
    counts = models.JSONField("opened, changed, reopened and resolved, by check", default=dict, blank=True)
    of_public = models.BooleanField("set off by what everybody can read, or by the clock", default=True)

    objects = ScanQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("scan", "kind", ScanKind),
            one_of("scan", "status", ScanStatus),
            models.CheckConstraint(condition=Q(finished_at__gte=models.F("started_at")), name="scan_times_ordered"),
            models.CheckConstraint(
                condition=Q(status=ScanStatus.RUNNING, finished_at__isnull=True)
                | (~Q(status=ScanStatus.RUNNING) & Q(finished_at__isnull=False)),
                name="scan_finished_has_time",
            ),
        ]
        get_latest_by = "finished_at"

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"


class ScanPart(models.Model):
    """One check of a planned scan. Whoever holds its row's lock does it; a worker that dies lets it go."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="parts", db_index=False)
    code = models.CharField("check", max_length=10)
    position = models.PositiveSmallIntegerField("place in the catalogue")
    done_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    opened = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    resolved = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "code"], name="scan_part_once")]
        indexes = [
            models.Index(fields=["scan", "position"], condition=Q(done_at__isnull=True), name="scan_part_waiting")
        ]

    def __str__(self):
        return f"{self.code} of scan {self.scan_id}"


class ScanCursor(models.Model):
    """How far the change log has been scanned. Its row is the lock that lets one scan run at a time."""

    name = models.CharField(max_length=40, unique=True)
    xid = XidField(default=0)

    def __str__(self):
        return f"{self.name} at {self.xid}"


class StaleCheck(models.Model):
    """A check that crashed, and must look at everything once it works again. It is tried again, ever less often."""

    code = models.CharField(max_length=10, unique=True)
    since = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=1)
    try_at = models.DateTimeField("when it is tried again", default=timezone.now)

    def __str__(self):
        return self.code


@recorded()
class ThresholdValue(models.Model):
    """The number that an administrator gave a threshold of a check, in place of the one in code, and why.

    It is in the change log, so the next scan sees it and looks at everything.
    """

    check_code = models.CharField(max_length=10)
    name = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_code", "name"], name="threshold_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="threshold_changed_with_reason"),
            models.CheckConstraint(condition=Q(value__gt=0), name="threshold_above_zero"),
        ]

    def __str__(self):
        return f"{self.check_code} {self.name}: {self.value.normalize():f}"


class Slot(models.Model):
    """A planned run, taken by whoever inserts its row: two beats still make one nightly scan."""

    name = models.CharField(max_length=40)
    due = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due"], name="slot_once")]

    def __str__(self):
        return f"{self.name} {self.due:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """When a background process last did something. Readiness reads it, since a deaf worker keeps its pid."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name


class Severity(models.TextChoices):
    """How much a flag matters."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


@recorded()
class SeverityValue(models.Model):
    """The severity that an administrator gave all flags of a check, in place of the check's own, and why."""

    check_code = models.CharField(max_length=10, unique=True)
    severity = models.CharField(max_length=6, choices=Severity)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            one_of("severity_value", "severity", Severity),
            models.CheckConstraint(condition=~Q(reason=""), name="severity_changed_with_reason"),
        ]

    def __str__(self):
        return f"{self.check_code}: {self.severity}"


class Subject(models.TextChoices):
    """What a flag is about."""

    POLICY = "policy", "Policy"
    COMMITMENT = "commitment", "Commitment"
    PARTNERSHIP = "partnership", "Partnership"
    PAIR = "pair", "Pair of initiatives"
    OUTCOME = "outcome", "Outcome"
    PLACE = "place", "Place"
    PORTFOLIO = "portfolio", "Portfolio"


class FlagState(models.TextChoices):
    """Derived from the columns, never stored."""

    OPEN = "open", "Open"
    REOPENED = "reopened", "Open again"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    DISMISSED = "dismissed", "Dismissed"
    RESOLVED = "resolved", "Resolved"


def _on_every_side(*kinds):
    """Every side of the flag has such a decision that holds. Asked once for all flags, not flag by flag."""
    decided = FlagDecision.objects.holding(*kinds)
    first, second = (Q(pk__in=decided.filter(side=side).values("flag")) for side in Side)
    return first & (Q(other__isnull=True) | second)


def _decided_before():
    """The flag was raised again, or a side's last decision holds no more."""
    lapsed = FlagDecision.objects.latest().exclude(pk__in=FlagDecision.objects.holding().values("pk"))
    return Q(times_opened__gt=1) | Q(pk__in=lapsed.values("flag"))


class FlagQuerySet(models.QuerySet):
    """Vocabulary for reading flags."""

    def with_state(self):
        """Add `state`: the first that holds of resolved, dismissed by every side, decided on by every side, open
        again, open."""
        return self.annotate(
            state=Case(
                When(resolved_at__isnull=False, then=Value(FlagState.RESOLVED)),
                When(_on_every_side(DecisionKind.DISMISSED), then=Value(FlagState.DISMISSED)),
                When(_on_every_side(), then=Value(FlagState.ACKNOWLEDGED)),
                When(_decided_before(), then=Value(FlagState.REOPENED)),
                default=Value(FlagState.OPEN),
                output_field=models.CharField(),
            )
        )

    def standing(self):
        """Not resolved: what the last scan still found."""
        return self.filter(resolved_at__isnull=True)

    def needing_attention(self):
        """Standing and not set aside by every side with a decision that still holds."""
        return self.standing().exclude(_on_every_side(DecisionKind.DISMISSED))

    def set_aside(self):
        """Standing, and set aside by every side."""
        return self.standing().filter(_on_every_side(DecisionKind.DISMISSED))

    def concerning(self, organisations, *, undecided=False):
        """Flags on which people of these organisations decide; `undecided`: where their side has not yet.

        That is the lead's side of each record; for a flag about one organisation's role, that organisation too; and
        of a flag about no record the organisation that it is about.
        """
        leads = Responsibility.objects.filter(role=Role.LEAD, organisation__in=organisations)
        named = Q(organisation__in=organisations)
        first = named | Q(Exists(leads.filter(initiative=OuterRef("initiative"))))
        second = Q(Exists(leads.filter(initiative=OuterRef("other"))))
        if undecided:
            decided = FlagDecision.objects.holding()
            first &= ~Q(pk__in=decided.filter(side=Side.FIRST).values("flag"))
            second &= ~Q(pk__in=decided.filter(side=Side.SECOND).values("flag"))
        return self.standing().filter(first | second)

    def about(self, initiative):
        """Flags that concern an initiative, from either side of a pair."""
        return self.filter(Q(initiative=initiative) | Q(other=initiative))

    def by_severity(self):
        """Most severe first, then by check and subject."""
        rank = Case(
            When(severity=Severity.HIGH, then=0),
            When(severity=Severity.MEDIUM, then=1),
            default=2,
            output_field=models.SmallIntegerField(),
        )
        return self.annotate(rank=rank).order_by("rank", "check_code", "fingerprint")

    def visible_to(self, user):
        """Flags whose every initiative the user may read."""
        if user is not None and user.is_authenticated and user.is_active and user.is_administrator:
            return self.all()
        if not (settings.PUBLIC_READING or (user is not None and user.is_authenticated and user.is_active)):
            return self.none()
        visible = Initiative.objects.visible_to(user)
        return self.filter(
            Q(initiative__isnull=True) | Exists(visible.filter(pk=OuterRef("initiative"))),
            Q(other__isnull=True) | Exists(visible.filter(pk=OuterRef("other"))),
        )


# By statement, since a scan writes flags by the thousand and a trigger for each row would cost more than the scan.
@pghistory.track(
    *(
        event(level=pgtrigger.Statement)
        for event in (pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent)
    ),
    append_only=True,
)
class Flag(models.Model):
    """A misalignment that a check found.

    The machine alone writes it; what people decide and say stands in FlagDecision and FlagComment.
    """

    fingerprint = models.CharField(max_length=240, unique=True)
    check_code = models.CharField(max_length=10)
    severity = models.CharField(max_length=6, choices=Severity)
    subject = models.CharField(max_length=12, choices=Subject)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="flags")
    other = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, blank=True, related_name="other_flags")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, blank=True, related_name="flags")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="flags"
    )
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, blank=True, related_name="flags")
    summary = models.TextField()
    evidence = models.JSONField()
    evidence_digest = models.CharField(max_length=32)
    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField("evidence last changed at")
    resolved_at = models.DateTimeField(null=True, blank=True)
    times_opened = models.PositiveIntegerField(default=1)

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("flag", "severity", Severity),
            one_of("flag", "subject", Subject),
            models.CheckConstraint(condition=~Q(summary=""), name="flag_summary_filled"),
        ]
        indexes = [
            models.Index(fields=["check_code", "resolved_at"], name="flag_by_check"),
            models.Index(
                fields=["severity", "check_code", "fingerprint"],
                condition=Q(resolved_at__isnull=True),
                name="flag_standing",
            ),
        ]

    def __str__(self):
        return self.fingerprint

    @property
    def sides(self):
        """Its sides, each with the record that it is about, or None."""
        return {Side.FIRST: self.initiative} | ({Side.SECOND: self.other} if self.other_id else {})
