"""Who does what in an initiative, and what the other side says of it."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now

from .initiative import Initiative
from .organisation import Organisation
from .recorded import recorded
from .sourced import Basis, Sourced, one_of, url_is_http


class Role(models.TextChoices):
    """What an organisation does in an initiative."""

    LEAD = "lead", "Lead"
    CO_LEAD = "co-lead", "Co-lead"
    ACCOUNTABLE = "accountable", "Accountable"
    DELIVERY = "delivery", "Delivery"
    SUPPORTING = "supporting", "Supporting"
    FUNDER = "funder", "Funder"
    BIDDER = "bidder", "Bidder"
    RECIPIENT = "recipient", "Recipient"
    CONSULTED = "consulted", "Consulted"


# How much of a say and a part a role carries, 1 to 4. Source: the register's model, after the briefing's
# finding that bidding and being consulted are not a role in shaping policy.
DEPTH = {
    Role.LEAD: 4,
    Role.CO_LEAD: 4,
    Role.ACCOUNTABLE: 4,
    Role.DELIVERY: 3,
    Role.SUPPORTING: 2,
    Role.FUNDER: 2,
    Role.BIDDER: 1,
    Role.RECIPIENT: 1,
    Role.CONSULTED: 1,
}


class Answer(models.TextChoices):
    """What the named organisation says of the role that it was given."""

    PROPOSED = "proposed", "Not answered yet"
    ACCEPTED = "accepted", "Accepted"
    CONDITIONS = "accepted_with_conditions", "Accepted with conditions"
    DISPUTED = "disputed", "Disputed"
    OTHER_ROLE = "other_role", "Proposes another role"


# Answers that say something the lead should hear, so they come with words.
NEEDS_WORDS = [Answer.CONDITIONS, Answer.DISPUTED, Answer.OTHER_ROLE]


@recorded(initiatives=["initiative_id"], exclude=["depth"])
class Responsibility(Sourced):
    """An organisation holds a role in an initiative. At most one role of an initiative is the lead.

    `invitation` are the words with which it was asked in. `proposed_role` is the one that it would rather have,
    and `reply` what the lead says to its answer.
    """

    initiative = models.ForeignKey(
        Initiative, on_delete=models.CASCADE, related_name="responsibilities", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="responsibilities", db_index=False
    )
    role = models.CharField(max_length=12, choices=Role)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.STATED)
    note = models.CharField(max_length=300, blank=True)
    invitation = models.TextField(blank=True)
    given_at = models.DateTimeField("given on this register at", db_default=Now(), editable=False)
    answer = models.CharField(max_length=24, choices=Answer, default=Answer.PROPOSED)
    answer_words = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    proposed_role = models.CharField("role that it proposes instead", max_length=12, choices=Role, blank=True)
    reply = models.TextField("reply of the lead", blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replied_at = models.DateTimeField(null=True, blank=True)
    depth = models.GeneratedField(
        expression=Case(
            *(When(role=role, then=Value(depth)) for role, depth in DEPTH.items() if depth > 1),
            default=Value(1),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name_plural = "responsibilities"
        constraints = [
            models.UniqueConstraint(fields=["initiative", "organisation", "role"], name="responsibility_once"),
            models.UniqueConstraint(fields=["initiative"], condition=Q(role="lead"), name="responsibility_one_lead"),
            one_of("responsibility", "role", Role),
            one_of("responsibility", "basis", Basis),
            models.CheckConstraint(
                condition=Q(answer="proposed", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    answer__in=["accepted", "accepted_with_conditions", "disputed", "other_role"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="responsibility_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["accepted_with_conditions", "disputed", "other_role"]) | ~Q(answer_words=""),
                name="responsibility_answer_explained",
            ),
            models.CheckConstraint(
                condition=Q(proposed_role="") & ~Q(answer="other_role")
                | Q(answer="other_role", proposed_role__in=[role for role in Role.values if role != "lead"])
                & ~Q(proposed_role=models.F("role")),
                name="responsibility_proposes_another_role",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at__isnull=True, replied_by__isnull=True)
                | Q(replied_at__isnull=False, replied_by__isnull=False, answered_at__isnull=False) & ~Q(reply=""),
                name="responsibility_replied_by_somebody",
            ),
            url_is_http("responsibility"),
        ]
        indexes = [models.Index(fields=["organisation", "role", "initiative"], name="responsibility_by_organisation")]

    def __str__(self):
        return f"{self.organisation_id} {self.role} of {self.initiative_id}"
