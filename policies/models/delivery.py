"""How an initiative goes: periodic updates, and what it waits for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .initiative import Initiative
from .recorded import recorded
from .sourced import Precision, both_or_neither, one_of


class Rag(models.TextChoices):
    """The usual three colours, always shown with their words."""

    GREEN = "green", "Green: on track"
    AMBER = "amber", "Amber: at risk"
    RED = "red", "Red: off track"


class MoveReason(models.TextChoices):
    """Why a date moves, in standard words that can be counted; the words of the update say the rest."""

    FUNDING = "funding", "Funding"
    LEGISLATION = "legislation", "Legislation"
    PROCUREMENT = "procurement", "Procurement"
    DEPENDENCY = "dependency", "It waits for something else"
    SCOPE = "scope", "Its scope changed"
    CAPACITY = "capacity", "People and capacity"
    EVENTS = "events", "Events outside anybody's control"
    OTHER = "other", "Another reason"


class MoveState(models.TextChoices):
    """What became of a moved date. The record's own date changes when the move is approved, and not before."""

    PROPOSED = "proposed", "Waiting for approval"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    REPLACED = "replaced", "Replaced by a later proposal"


DECIDED = [MoveState.APPROVED, MoveState.DECLINED]


class UpdateQuerySet(models.QuerySet):
    """Vocabulary for reading updates."""

    def with_move_waiting(self):
        """Updates whose new date nobody has approved or declined yet."""
        return self.filter(move_state=MoveState.PROPOSED)

    def with_move_made(self):
        """Updates whose new date was approved, and so became the record's."""
        return self.filter(move_state=MoveState.APPROVED)


@recorded(initiatives=["initiative_id"])
class Update(models.Model):
    """What the lead says of progress on a day.

    A moved date carries its reason, and is a proposal until a second person decides on it: `moved_by` proposed
    it, `move_decided_by` approved or declined it. `moved_from` is the date on record when it was proposed.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="updates", db_index=False)
    reported_on = models.DateField()
    rag = models.CharField(max_length=5, choices=Rag)
    narrative = models.TextField(blank=True)
    moved_from = models.DateField(null=True, blank=True)
    moved_from_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    moved_to = models.DateField(null=True, blank=True)
    moved_to_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    moved_reason_code = models.CharField(max_length=12, choices=MoveReason, blank=True)
    moved_reason = models.CharField(max_length=300, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    move_state = models.CharField(max_length=8, choices=MoveState, blank=True)
    move_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    move_decided_at = models.DateTimeField(null=True, blank=True)
    move_words = models.CharField("what was said to the decision", max_length=300, blank=True)
    spent_gbp = models.DecimalField("spent to date, pounds", max_digits=16, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "reported_on"], name="update_once_a_day"),
            one_of("update", "rag", Rag),
            models.CheckConstraint(
                condition=Q(
                    moved_to__isnull=True,
                    moved_from__isnull=True,
                    moved_to_precision="",
                    moved_reason_code="",
                    moved_reason="",
                    moved_by__isnull=True,
                    move_state="",
                )
                | Q(
                    moved_to__isnull=False,
                    moved_to_precision__in=Precision.values,
                    moved_reason_code__in=MoveReason.values,
                    moved_by__isnull=False,
                    move_state__in=MoveState.values,
                )
                & ~Q(moved_reason=""),
                name="update_move_whole",
            ),
            models.CheckConstraint(
                condition=Q(moved_from__isnull=True, moved_from_precision="")
                | Q(moved_from__isnull=False, moved_from_precision__in=Precision.values),
                name="update_moved_from_precision",
            ),
            both_or_neither("update_move_decided_by_somebody", "move_decided_by", "move_decided_at"),
            models.CheckConstraint(
                condition=Q(move_state__in=DECIDED, move_decided_at__isnull=False)
                | ~Q(move_state__in=DECIDED) & Q(move_decided_at__isnull=True, move_words=""),
                name="update_move_decided_when_decided",
            ),
            models.CheckConstraint(
                condition=~Q(move_state=MoveState.DECLINED) | ~Q(move_words=""), name="update_move_declined_with_words"
            ),
            models.CheckConstraint(
                condition=Q(move_decided_by__isnull=True) | ~Q(move_decided_by=models.F("moved_by")),
                name="update_move_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(move_state="proposed"), name="update_one_move_waiting"
            ),
            models.CheckConstraint(
                condition=Q(spent_gbp__isnull=True) | Q(spent_gbp__gte=0), name="update_spent_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.initiative_id} {self.rag} on {self.reported_on}"


@recorded(initiatives=["initiative_id", "depends_on_id"])
class Dependency(models.Model):
    """An initiative needs another to come first, or alongside."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="dependencies", db_index=False)
    depends_on = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="dependants")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "depends_on"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(initiative=models.F("depends_on")), name="dependency_not_itself"),
        ]

    def __str__(self):
        return f"{self.initiative_id} needs {self.depends_on_id}"
