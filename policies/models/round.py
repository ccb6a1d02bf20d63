"""Update rounds: who was asked to report by when, and who has."""

from django.conf import settings
from django.db import models
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Subquery, Value, When

from .delivery import Update
from .initiative import Collection, Initiative, Status
from .organisation import Organisation
from .recorded import recorded
from .sourced import both_or_neither, ordered


@recorded()
class Round(models.Model):
    """A call for updates on a period, by a deadline.

    `working_days` is the time that people were given, from `opened_on`; `deadline` is the last day, and counts
    as in time. With an organisation, only what it led was asked about; with a collection, only what was in it.
    A round that was called off asks nobody any more.
    """

    name = models.CharField(max_length=80)
    about_from = models.DateField("first day that the updates are about")
    about_to = models.DateField("last day that the updates are about")
    opened_on = models.DateField()
    working_days = models.SmallIntegerField("working days given")
    deadline = models.DateField()
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_off_at = models.DateTimeField(null=True, blank=True)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="round_name_filled"),
            models.UniqueConstraint(
                fields=["name", "organisation"],
                name="round_name_once",
                nulls_distinct=False,
            ),
            ordered("round_period_ordered", "about_from", "about_to"),
            models.CheckConstraint(condition=Q(working_days__range=(1, 60)), name="round_working_days_range"),
            models.CheckConstraint(condition=Q(deadline__gt=F("opened_on")), name="round_deadline_after_opening"),
            both_or_neither("round_called_off_by_somebody", "called_off_at", "called_off_by"),
        ]

    def __str__(self):
        return self.name


class RequestState(models.TextChoices):
    """How a request stands. Derived from the updates and the day, never stored."""

    IN_TIME = "in_time", "Reported in time"
    LATE = "late", "Reported late"
    WAITING = "waiting", "Not reported yet"
    MISSING = "missing", "Not reported, deadline passed"
    ENDED = "ended", "Closed or withdrawn before reporting"


UNREPORTED = [RequestState.WAITING, RequestState.MISSING]


class RoundRequestQuerySet(models.QuerySet):
    """Vocabulary for reading what was asked."""

    def with_state(self, today):
        """Add `reported_on` (the first update since the round opened, or None) and `state` on a day."""
        first = Update.objects.filter(
            initiative=OuterRef("initiative"), reported_on__gte=OuterRef("round__opened_on"), reported_on__lte=today
        ).order_by("reported_on")
        return self.annotate(
            reported_on=Subquery(first.values("reported_on")[:1], output_field=DateField()),
            state=Case(
                When(reported_on__lte=F("round__deadline"), then=Value(RequestState.IN_TIME)),
                When(reported_on__isnull=False, then=Value(RequestState.LATE)),
                When(~Q(initiative__status=Status.PUBLISHED), then=Value(RequestState.ENDED)),
                When(round__deadline__lt=Value(today, DateField()), then=Value(RequestState.MISSING)),
                default=Value(RequestState.WAITING),
                output_field=models.CharField(),
            ),
        )

    def outstanding(self, today):
        """Requests that still want an answer: the round stands, the record is live, and nobody has reported."""
        return self.filter(
            ~Exists(
                Update.objects.filter(
                    initiative=OuterRef("initiative"),
                    reported_on__gte=OuterRef("round__opened_on"),
                    reported_on__lte=today,
                )
            ),
            round__called_off_at__isnull=True,
            initiative__status=Status.PUBLISHED,
        )


@recorded(initiatives=["initiative_id"])
class RoundRequest(models.Model):
    """A round asked one organisation about one initiative.

    What was asked is a fact of the day on which the round was opened, and is kept, because what it follows from
    goes on changing: records are published and closed, leads change hands, organisations merge, collections grow.
    Whether it was answered is derived from the updates. `organisation` is the lead that was asked; who can
    answer today is the record's present lead. See docs/adr/0009.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="requests", db_index=False)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="round_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="round_requests")

    objects = RoundRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "initiative"], name="round_request_once")]

    def __str__(self):
        return f"round {self.round_id} asks {self.organisation_id} about {self.initiative_id}"
