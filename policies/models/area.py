"""Places with official codes, and how they lie within each other over time."""

from django.db import models
from django.db.models import Q

from .recorded import recorded
from .sourced import Precision, one_of, ordered


class AreaKind(models.TextChoices):
    """The ONS kinds of area, in the source's words."""

    COUNTRY = "country", "Country"
    REGION = "region", "Region"
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"
    GREATER_LONDON_AUTHORITY = "greater_london_authority", "Greater London Authority"
    COUNTY = "county", "County"
    UNITARY = "unitary", "Unitary authority"
    METROPOLITAN_DISTRICT = "metropolitan_district", "Metropolitan district"
    LONDON_BOROUGH = "london_borough", "London borough"
    NON_METROPOLITAN_DISTRICT = "non_metropolitan_district", "District"
    NHS_REGION = "nhs_region", "NHS region"
    ICB = "icb", "Integrated care board area"


class AreaRelation(models.TextChoices):
    """In which hierarchy a part lies in a whole."""

    COUNTRY = "country", "Country"
    REGION = "region", "Region"
    COUNTY = "county", "County"
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"
    ICB = "icb", "Integrated care board"
    NHS_REGION = "nhs_region", "NHS region"


@recorded()
class Area(models.Model):
    """A place with a GSS code. `active_to` is the last day on which the code was in use, as ONS has it."""

    gss_code = models.CharField("GSS code", max_length=9, unique=True)
    name = models.CharField(max_length=120)
    official_name = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=30, choices=AreaKind)
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)
    date_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    source = models.CharField(max_length=300, blank=True)
    successors = models.ManyToManyField(
        "self", through="AreaSuccession", symmetrical=False, related_name="predecessors"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gss_code__regex=r"^[EKNSW][0-9]{8}$"), name="area_gss_code_form"),
            models.CheckConstraint(condition=~Q(name=""), name="area_name_filled"),
            one_of("area", "kind", AreaKind),
            ordered("area_dates_ordered", "active_from", "active_to"),
        ]

    def __str__(self):
        return self.name


@recorded()
class AreaSuccession(models.Model):
    """A code was replaced by another: two districts became one unitary authority."""

    predecessor = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="succeeded_by")
    successor = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="succeeds")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="area_succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=models.F("successor")), name="area_succession_not_itself"),
        ]

    def __str__(self):
        return f"{self.predecessor} became {self.successor}"


@recorded()
class AreaPart(models.Model):
    """A part lies in a whole during a period. `share` is the share of the part, 0 to 1, by small areas."""

    part = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="within")
    whole = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="parts")
    relation = models.CharField(max_length=20, choices=AreaRelation)
    share = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    active_from = models.DateField(null=True, blank=True)
    active_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "whole", "relation", "active_from"],
                nulls_distinct=False,
                name="area_part_once",
            ),
            models.CheckConstraint(condition=~Q(part=models.F("whole")), name="area_part_not_itself"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="area_part_share_range"),
            one_of("area_part", "relation", AreaRelation),
            ordered("area_part_dates_ordered", "active_from", "active_to"),
        ]

    def __str__(self):
        return f"{self.part} in {self.whole}"


class AreaClosure(models.Model):
    """Every area that lies in another, at any depth and at any time, and in itself.

    Computed from AreaPart and AreaSuccession when reference data are loaded. Two areas overlap when they
    have a descendant in common.
    """

    ancestor = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="closure_below", db_index=False)
    descendant = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="closure_above")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ancestor", "descendant"], name="area_closure_once")]

    def __str__(self):
        return f"{self.descendant_id} in {self.ancestor_id}"
