"""The four capitals and the health outcomes, and the links by which initiatives claim to move them."""

from django.db import models
from django.db.models import Q

from .initiative import Initiative
from .organisation import Organisation
from .recorded import recorded
from .sourced import Basis, Sourced, one_of, url_is_http


@recorded()
class Capital(models.Model):
    """One of the four capitals on which health and wellbeing rest."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(unique=True)
    definition = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.name


class CapitalWeight(models.TextChoices):
    """Whether a capital is the one that an initiative mainly builds."""

    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"


@recorded(initiatives=["initiative_id"])
class CapitalLink(Sourced):
    """An initiative builds a capital. At most one link of an initiative is primary."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="capital_links", db_index=False)
    capital = models.ForeignKey(Capital, on_delete=models.PROTECT, related_name="links")
    weight = models.CharField(max_length=10, choices=CapitalWeight)
    rationale = models.TextField(blank=True)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.JUDGED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "capital"], name="capital_link_once"),
            models.UniqueConstraint(
                fields=["initiative"], condition=Q(weight="primary"), name="capital_link_one_primary"
            ),
            one_of("capital_link", "weight", CapitalWeight),
            one_of("capital_link", "basis", Basis),
            url_is_http("capital_link"),
        ]

    def __str__(self):
        return f"{self.initiative_id} builds {self.capital_id}"


@recorded()
class Outcome(models.Model):
    """A health outcome, or a condition of life that health depends on.

    `priority` says where government promised a dated change in it, which makes it a priority outcome. It is empty
    for the others.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(unique=True)
    definition = models.TextField()
    priority = models.CharField("what makes it a priority", max_length=300, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.name


@recorded(initiatives=["initiative_id"])
class ChosenOutcome(models.Model):
    """An outcome that was ticked for an initiative and still waits to be described. It claims nothing yet.

    No check or report counts it: once it is described, an OutcomeLink stands in its place.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="chosen_outcomes", db_index=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["initiative", "outcome"], name="chosen_outcome_once")]

    def __str__(self):
        return f"{self.initiative_id} may move {self.outcome_id}"


class Direction(models.TextChoices):
    """Which way an initiative should move an outcome."""

    IMPROVES = "improves", "Improves"
    WORSENS = "worsens", "Worsens"
    MIXED = "mixed", "Mixed"


class Horizon(models.TextChoices):
    """How soon an effect or a measure shows: short is within about five years."""

    SHORT = "short", "Short term"
    LONG = "long", "Long term"


class Gap(models.TextChoices):
    """What happens to the gap between the worst-off and the rest."""

    NARROWS = "narrows", "Narrows the gap"
    WIDENS = "widens", "Widens the gap"
    UNKNOWN = "unknown", "Not known"


@recorded(initiatives=["initiative_id"], outcomes=["outcome_id"])
class OutcomeLink(Sourced):
    """A signed, evidenced claim that an initiative moves an outcome.

    Two organisations may assert different directions for the same initiative and outcome; both rows stand.
    `asserted_by` is empty for the register's own reading.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="outcome_links", db_index=False)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="links", db_index=False)
    direction = models.CharField(max_length=10, choices=Direction)
    strength = models.PositiveSmallIntegerField("strength, 1 to 3", null=True, blank=True)
    horizon = models.CharField(max_length=5, choices=Horizon)
    gap = models.CharField("effect on the gap", max_length=10, choices=Gap, default=Gap.UNKNOWN)
    stated_in_text = models.BooleanField("stated in the initiative's own text", default=False)
    pathway = models.TextField("how it works", blank=True)
    evidence = models.TextField(blank=True)
    mitigation = models.TextField("how harm is limited", blank=True)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.JUDGED)
    asserted_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="assertions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "outcome", "asserted_by"],
                nulls_distinct=False,
                name="outcome_link_once",
            ),
            models.CheckConstraint(
                condition=Q(strength__isnull=True) | Q(strength__range=(1, 3)),
                name="outcome_link_strength_range",
            ),
            one_of("outcome_link", "direction", Direction),
            one_of("outcome_link", "horizon", Horizon),
            one_of("outcome_link", "gap", Gap),
            one_of("outcome_link", "basis", Basis),
            url_is_http("outcome_link"),
        ]
        indexes = [models.Index(fields=["outcome", "direction", "initiative"], name="outcome_link_by_outcome")]

    def __str__(self):
        return f"{self.initiative_id} {self.direction} {self.outcome_id}"
