"""Published indicators, their observations, and the measures by which an initiative is judged."""

from django.db import models
from django.db.models import Q

from .area import Area
from .initiative import Initiative
from .outcome import Capital, Horizon, Outcome
from .recorded import recorded
from .sourced import Sourced, one_of, ordered, url_is_http


class Polarity(models.TextChoices):
    """Which way is better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    NONE = "none", "No judgement"


@recorded()
class Indicator(models.Model):
    """A series that somebody publishes."""

    code = models.CharField("publisher and id", max_length=120, unique=True)
    publisher = models.CharField(max_length=40)
    publisher_id = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    unit = models.CharField(max_length=60, blank=True)
    polarity = models.CharField(max_length=10, choices=Polarity)
    frequency = models.CharField(max_length=40, blank=True)
    horizon = models.CharField(max_length=5, choices=Horizon)
    capital = models.ForeignKey(Capital, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators")
    theme = models.CharField(max_length=60, blank=True)
    is_health = models.BooleanField("a measure of health or wellbeing")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="indicator_name_filled"),
            one_of("indicator", "polarity", Polarity),
            one_of("indicator", "horizon", Horizon),
        ]

    def __str__(self):
        return self.name


@recorded()
class Observation(models.Model):
    """A published value of an indicator for a place and a period."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="observations", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="observations", db_index=False)
    period_start = models.DateField()
    period_end = models.DateField()
    sex = models.CharField(max_length=10, default="persons")
    age = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=6)
    lower_limit = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    upper_limit = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period_start", "period_end", "sex", "age"],
                name="observation_once",
            ),
            models.CheckConstraint(condition=Q(sex__in=["persons", "female", "male"]), name="observation_sex_known"),
            ordered("observation_period_ordered", "period_start", "period_end"),
            ordered("observation_limits_ordered", "lower_limit", "upper_limit"),
        ]
        indexes = [models.Index(fields=["area", "indicator", "period_end"], name="observation_by_area")]

    def __str__(self):
        return f"{self.indicator_id} {self.area_id} {self.period_end}"


class Purpose(models.TextChoices):
    """What a measure is for: choosing places, or telling whether it worked."""

    PROGRESS = "progress", "Tracks progress"
    TARGETING = "targeting", "Picks places or people"


@recorded(initiatives=["initiative_id"])
class Measure(Sourced):
    """How an initiative will be judged: by a published indicator, or by one described in words."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="measures")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.PROGRESS)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="measures")
    words = models.CharField("the measure in words", max_length=200, blank=True)
    is_health = models.BooleanField("a measure of health or wellbeing", default=False)
    baseline_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    baseline_text = models.CharField(max_length=200, blank=True)
    baseline_date = models.DateField(null=True, blank=True)
    target_value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    target_date = models.DateField(null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    horizon = models.CharField("how soon it shows", max_length=5, choices=Horizon, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(indicator__isnull=False) | ~Q(words=""), name="measure_says_what"),
            models.UniqueConstraint(
                fields=["initiative", "purpose", "indicator", "words"],
                nulls_distinct=False,
                name="measure_once",
            ),
            one_of("measure", "purpose", Purpose),
            models.CheckConstraint(condition=Q(horizon__in=["", *Horizon.values]), name="measure_horizon_known"),
            ordered("measure_dates_ordered", "baseline_date", "target_date"),
            url_is_http("measure"),
        ]

    def __str__(self):
        return self.words or str(self.indicator)


class Stage(models.TextChoices):
    """Where in handing out the money a criterion counts."""

    PLACE_INDEX = "place_index", "Index of places"
    PLACE_SELECTION = "place_selection", "Selection of places"
    BID_ASSESSMENT = "bid_assessment", "Scoring of bids"
    FORMULA = "formula", "Formula"
    TARGETING = "targeting", "Targeting only"


@recorded(initiatives=["initiative_id"])
class AllocationCriterion(Sourced):
    """A rule by which a fund chooses places, bids or people; `weight_percent` is empty where unpublished."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="criteria", db_index=False)
    round = models.CharField(max_length=80)
    stage = models.CharField(max_length=20, choices=Stage)
    criterion = models.CharField(max_length=250)
    weight_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    measure_type = models.CharField(max_length=40)
    is_health = models.BooleanField("a measure of health", default=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="criteria")
    notes = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name_plural = "allocation criteria"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "round", "criterion"], name="criterion_once"),
            models.CheckConstraint(condition=Q(criterion__regex=r"\S"), name="criterion_filled"),
            models.CheckConstraint(
                condition=Q(weight_percent__isnull=True) | Q(weight_percent__range=(0, 100)),
                name="criterion_weight_range",
            ),
            one_of("criterion", "stage", Stage),
            url_is_http("criterion"),
        ]

    def __str__(self):
        return self.criterion


@recorded(initiatives=["initiative_id"])
class Allocation(Sourced):
    """Money of an initiative that goes to a place, in pounds."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="allocations", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="allocations")
    amount_gbp = models.DecimalField("amount, pounds", max_digits=16, decimal_places=2)
    decided_on = models.DateField(null=True, blank=True)
    round = models.CharField(max_length=80, blank=True)
    project = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "area", "round", "project"], name="allocation_once"),
            models.CheckConstraint(condition=Q(amount_gbp__gte=0), name="allocation_not_negative"),
            url_is_http("allocation"),
        ]

    def __str__(self):
        return f"{self.initiative_id} to {self.area_id}"
