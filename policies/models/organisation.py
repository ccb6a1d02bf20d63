"""Bodies that hold roles: departments, NHS bodies, councils, combined authorities; past and present."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from .area import Area
from .recorded import recorded
from .sourced import Precision, Sourced, one_of, ordered, url_is_http
from .words import visible


class OrganisationKind(models.TextChoices):
    """What sort of body it is."""

    DEPARTMENT = "department", "Government department"
    AGENCY = "agency", "Agency or public body"
    NHS_NATIONAL = "nhs_national", "National NHS body"
    ICB = "icb", "Integrated care board"
    ICP = "icp", "Integrated care partnership"
    NHS_TRUST = "nhs_trust", "NHS trust"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    COMBINED_AUTHORITY = "combined_authority", "Combined authority"
    OTHER = "other", "Other body"


class Sector(models.TextChoices):
    """On which side of the table a body sits; checks on roles go by it."""

    NATIONAL = "national", "National government"
    LOCAL_GOVERNMENT = "local_government", "Local government"
    NHS = "nhs", "NHS"
    OTHER = "other", "Other"


class OrganisationQuerySet(models.QuerySet):
    """Vocabulary for reading organisations."""

    def active_on(self, day: datetime.date):
        """Bodies that existed on a day; an unknown start or end is taken as open."""
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=day),
            Q(active_to__isnull=True) | Q(active_to__gt=day),
        )

    def by_name(self):
        """In the order in which people look names up."""
        return self.order_by(Lower("name"), "code")


@recorded()
class Organisation(Sourced):
    """A body, or with `is_collective` a class of bodies such as "local authorities".

    `lineage` is the same for a body and those that it was or became, so that MHCLG, DLUHC and MHCLG again
    count as one. `active_to` is the first day on which the body no longer existed.
    """

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    abbreviation = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    sector = models.CharField(max_length=20, choices=Sector)
    is_collective = models.BooleanField("a class of bodies", default=False)
    lineage = models.CharField(max_length=80, db_index=True)
    govuk_slug = models.CharField("GOV.UK name", max_length=120, blank=True)
    govuk_code = models.CharField("GOV.UK code", max_length=20, blank=True)
    gss_code = models.CharField("GSS code", max_length=9, blank=True)
    ods_code = models.CharField("ODS code", max_length=10, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations")
    active_from = models.DateField(null=True, blank=True)
    active_from_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    active_to = models.DateField(null=True, blank=True)
    active_to_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    ended_reason = models.CharField("why it ended", max_length=500, blank=True)
    by_hand = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name="what an administrator has changed, so that reference files leave it",
    )
    successors = models.ManyToManyField(
        "self", through="OrganisationSuccession", symmetrical=False, related_name="predecessors"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$"), name="organisation_code_form"
            ),
            visible("organisation_name_filled", "name"),
            models.CheckConstraint(condition=~Q(lineage=""), name="organisation_lineage_filled"),
            one_of("organisation", "kind", OrganisationKind),
            one_of("organisation", "sector", Sector),
            ordered("organisation_dates_ordered", "active_from", "active_to"),
            models.CheckConstraint(
                condition=Q(ended_reason="") | Q(active_to__isnull=False), name="organisation_ended_with_a_date"
            ),
            url_is_http("organisation"),
            *(
                models.UniqueConstraint(fields=[code], condition=~Q(**{code: ""}), name=f"organisation_{code}_once")
                for code in ("govuk_slug", "govuk_code", "gss_code", "ods_code")
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def short_name(self):
        """The abbreviation where there is one: what a table has room for."""
        return self.abbreviation or self.name

    @property
    def has_ended(self):
        """Whether it no longer exists today."""
        return self.active_to is not None and self.active_to <= timezone.localdate()


@recorded()
class OrganisationSuccession(models.Model):
    """A body became another, wholly or in part: BEIS became three departments."""

    predecessor = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="succeeded_by")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="succeeds")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="organisation_succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=models.F("successor")), name="organisation_succession_not_itself"
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} became {self.successor}"


@recorded()
class OrganisationAlias(models.Model):
    """Another name under which people know a body; a spreadsheet row may use it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organisation_alias_once"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_alias_filled"),
        ]

    def __str__(self):
        return self.name
