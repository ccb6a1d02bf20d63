"""How an initiative goes: periodic updates, and what it waits for."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .initiative import Initiative
from .recorded import recorded
from .sourced import one_of


class Rag(models.TextChoices):
    """The usual three colours, always shown with their words."""

    GREEN = "green", "Green: on track"
    AMBER = "amber", "Amber: at risk"
    RED = "red", "Red: off track"


@recorded(initiatives=["initiative_id"])
class Update(models.Model):
    """What the lead says of progress on a day. A moved date carries its reason."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="updates", db_index=False)
    reported_on = models.DateField()
    rag = models.CharField(max_length=5, choices=Rag)
    narrative = models.TextField(blank=True)
    moved_from = models.DateField(null=True, blank=True)
    moved_to = models.DateField(null=True, blank=True)
    moved_reason = models.CharField(max_length=300, blank=True)
    spent_gbp = models.DecimalField("spent to date, pounds", max_digits=16, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "reported_on"], name="update_once_a_day"),
            one_of("update", "rag", Rag),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True, moved_reason="") | Q(moved_to__isnull=False) & ~Q(moved_reason=""),
                name="update_move_with_reason",
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
