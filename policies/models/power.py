"""Who holds which power by law: by type of body and tier, or by name; and what makes a power bear on an initiative."""

from django.db import models
from django.db.models import Q

from .area import AreaKind
from .organisation import Organisation, OrganisationKind
from .outcome import Capital, Outcome
from .recorded import recorded
from .sourced import Sourced, one_of, url_is_http


class Domain(models.TextChoices):
    """A field in which local bodies have powers."""

    PUBLIC_HEALTH = "public_health", "Public health"
    HEALTH_CARE = "health_care", "Health care"
    SOCIAL_CARE = "social_care", "Social care"
    HOUSING = "housing", "Housing"
    PLANNING = "planning", "Planning"
    TRANSPORT = "transport", "Transport"
    EDUCATION = "education", "Education"
    SKILLS = "skills", "Skills"
    COMMUNITIES = "communities", "Culture and community life"
    ENVIRONMENT = "environment", "Air and nature"
    POLICING = "policing", "Policing and safety"


@recorded()
class Power(Sourced):
    """A power that a type of body holds at a tier, or that one named body holds.

    `words` go on after the body's name: "holds public health". `condition` says when not every such body holds
    it. The source is the Act and its section.
    """

    code = models.SlugField(max_length=40)
    domain = models.CharField(max_length=20, choices=Domain)
    body_kind = models.CharField("type of body", max_length=20, choices=OrganisationKind, blank=True)
    tier = models.CharField("kind of area", max_length=30, choices=AreaKind, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="powers"
    )
    words = models.CharField(max_length=120)
    condition = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code", "tier", "organisation_id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "tier", "organisation"], nulls_distinct=False, name="power_once"),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(source_title=""), name="power_says_what_and_by_which_law"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, body_kind__in=OrganisationKind.values, tier__in=AreaKind.values)
                | Q(organisation__isnull=False, body_kind="", tier=""),
                name="power_of_a_tier_or_a_body",
            ),
            one_of("power", "domain", Domain),
            url_is_http("power"),
        ]

    def __str__(self):
        return f"{self.code} {self.tier or self.organisation_id}"


@recorded()
class PowerSign(models.Model):
    """What makes a field bear on an initiative: an outcome that it moves, a capital, or a word that it uses."""

    domain = models.CharField(max_length=20, choices=Domain)
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    capital = models.ForeignKey(Capital, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    word = models.CharField("beginning of a word", max_length=40, blank=True)

    class Meta:
        ordering = ["domain", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "outcome", "capital", "word"], nulls_distinct=False, name="power_sign_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=False, capital__isnull=True, word="")
                | Q(outcome__isnull=True, capital__isnull=False, word="")
                | Q(outcome__isnull=True, capital__isnull=True) & ~Q(word=""),
                name="power_sign_of_one_kind",
            ),
            one_of("power_sign", "domain", Domain),
        ]

    def __str__(self):
        return f"{self.domain}: {self.outcome_id or self.capital_id or self.word}"
