"""What hangs on an initiative: roles, capitals, outcomes, measures, criteria."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policies.models import AllocationCriterion, CapitalLink, Measure, OutcomeLink, Responsibility
from tracker.api.v1.fields import Record, Source
from tracker.api.v1.references import (
    CapitalReferenceSerializer,
    IndicatorReferenceSerializer,
    OrganisationReferenceSerializer,
    OutcomeReferenceSerializer,
)


class RoleSerializer(Record):
    """An organisation's role, how much of a say it carries (1 to 4), its own answer, and the lead's reply."""

    organisation = OrganisationReferenceSerializer(read_only=True)
    depth = serializers.IntegerField(read_only=True, min_value=1, max_value=4)
    source = Source()

    class Meta:
        model = Responsibility
        fields = [
            "organisation",
            "role",
            "depth",
            "basis",
            "note",
            "answer",
            "answer_words",
            "proposed_role",
            "answered_at",
            "reply",
            "replied_at",
            "source",
        ]


class CapitalLinkSerializer(Record):
    """A capital that the initiative builds. At most one is primary."""

    capital = CapitalReferenceSerializer(read_only=True)
    source = Source()

    class Meta:
        model = CapitalLink
        fields = ["capital", "weight", "rationale", "basis", "source"]


class OutcomeLinkSerializer(Record):
    """A claim that the initiative moves an outcome. `asserted_by` is null for the register's own reading."""

    outcome = OutcomeReferenceSerializer(read_only=True)
    asserted_by = OrganisationReferenceSerializer(read_only=True, allow_null=True)
    source = Source()

    class Meta:
        model = OutcomeLink
        fields = [
            "outcome",
            "direction",
            "strength",
            "horizon",
            "gap",
            "stated_in_text",
            "pathway",
            "evidence",
            "mitigation",
            "basis",
            "asserted_by",
            "source",
        ]


class MeasureSerializer(Record):
    """What will tell whether it worked, or what picks its places: an indicator, or one in words."""

    indicator = IndicatorReferenceSerializer(read_only=True, allow_null=True)
    is_health = serializers.SerializerMethodField()
    source = Source()

    class Meta:
        model = Measure
        fields = [
            "purpose",
            "indicator",
            "words",
            "is_health",
            "unit",
            "baseline_value",
            "baseline_text",
            "baseline_date",
            "target_value",
            "target_date",
            "source",
        ]

    @extend_schema_field(bool)
    def get_is_health(self, measure):
        """Whether it, or its indicator, is one of health or wellbeing: what the checks go by."""
        return measure.is_health or bool(measure.indicator and measure.indicator.is_health)


class CriterionSerializer(Record):
    """A rule by which a fund chooses places, bids or people."""

    indicator = IndicatorReferenceSerializer(read_only=True, allow_null=True)
    source = Source()

    class Meta:
        model = AllocationCriterion
        fields = [
            "round",
            "stage",
            "criterion",
            "weight_percent",
            "measure_type",
            "is_health",
            "indicator",
            "notes",
            "source",
        ]
