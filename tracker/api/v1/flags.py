"""Flags: the misalignments that the checks found."""

from types import SimpleNamespace

from django.db.models import Prefetch
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policies.models import Initiative
from tracker.api.resource import Resource
from tracker.api.v1.checks import CheckReferenceSerializer
from tracker.api.v1.fields import Address, Code, Instant, PageAddress, Record, Text
from tracker.api.v1.references import (
    AreaReferenceSerializer,
    InitiativeReferenceSerializer,
    OrganisationReferenceSerializer,
    OutcomeReferenceSerializer,
)
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import severities
from tracker.filters import FlagFilter
from tracker.models import DismissalReason, Flag, FlagState, Scan


class FactSerializer(serializers.Serializer):
    """One labelled fact of the evidence."""

    label = serializers.CharField(read_only=True)
    value = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "number", "boolean", "null", "array", "object"]})
    def get_value(self, fact):
        """Whatever the fact is."""
        return fact["value"]


class EvidenceSerializer(serializers.Serializer):
    """The rows that prove a flag. `columns` gives the order of the members of each of `rows`."""

    facts = FactSerializer(many=True, read_only=True)
    columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    rows = serializers.ListField(child=serializers.DictField(), read_only=True)


class DismissalSerializer(serializers.Serializer):
    """The decision to set a flag aside. It holds until its review date, or until the evidence changes."""

    reason = Code(DismissalReason.choices, source="dismissal_reason", read_only=True)
    comment = Text(source="dismissal_comment", read_only=True, allow_null=True)
    review_on = serializers.DateField(source="dismissal_review_on", read_only=True, allow_null=True)
    at = Instant(source="dismissed_at", read_only=True)


class FlagSerializer(Record):
    """A misalignment: what was found, in a sentence and with the rows that prove it, and how it stands."""

    url = Address("flags", "fingerprint")
    web_url = PageAddress("flag", "fingerprint")
    check = serializers.SerializerMethodField()
    state = Code(FlagState.choices, read_only=True)
    evidence = serializers.SerializerMethodField()
    initiative = InitiativeReferenceSerializer(read_only=True, allow_null=True)
    other = InitiativeReferenceSerializer(read_only=True, allow_null=True)
    outcome = OutcomeReferenceSerializer(read_only=True, allow_null=True)
    organisation = OrganisationReferenceSerializer(read_only=True, allow_null=True)
    area = AreaReferenceSerializer(read_only=True, allow_null=True)
    dismissal = serializers.SerializerMethodField()

    class Meta:
        model = Flag
        fields = [
            "url",
            "web_url",
            "fingerprint",
            "check",
            "severity",
            "subject",
            "state",
            "summary",
            "evidence",
            "first_seen_at",
            "changed_at",
            "resolved_at",
            "times_opened",
            "initiative",
            "other",
            "outcome",
            "organisation",
            "area",
            "dismissal",
        ]

    @cached_property
    def _check(self):
        return CheckReferenceSerializer(context={**self.context, "severities": severities()})

    @extend_schema_field(CheckReferenceSerializer)
    def get_check(self, flag):
        """The check that found it; a check that is no more has its code for a title."""
        gone = SimpleNamespace(code=flag.check_code, title=flag.check_code, severity=flag.severity)
        check = catalogue().get(flag.check_code, gone)
        return self._check.to_representation(check)

    @extend_schema_field(EvidenceSerializer)
    def get_evidence(self, flag):
        """The evidence as the check's SQL made it."""
        return {"facts": [], "columns": [], "rows": [], **flag.evidence}

    @extend_schema_field(DismissalSerializer(allow_null=True))
    def get_dismissal(self, flag):
        """The last decision to set it aside, whether it still holds or not; None without one."""
        return DismissalSerializer().to_representation(flag) if flag.dismissed_at else None


class Flags(Resource):
    """Misalignments that the checks found: those that stand, and those that were resolved."""

    lookup_field = "fingerprint"
    tie_break = "fingerprint"
    filterset_class = FlagFilter
    serializer_class = FlagSerializer
    queryset = Flag.objects.none()

    def get_queryset(self):
        """Flags whose every initiative the caller may read."""
        named = Initiative.objects.only("kind", "reference", "title")
        return (
            Flag.objects.visible_to(self.request.user)
            .with_state()
            .by_severity()
            .select_related("outcome", "organisation", "area")
            .prefetch_related(Prefetch("initiative", named), Prefetch("other", named))
        )

    def as_of(self):
        """When the checks last ran; None before they ever did."""
        return Scan.objects.visible_to(self.request.user).finished().values_list("finished_at", flat=True).first()
