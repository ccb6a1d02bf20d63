"""Flags: the misalignments that the checks found."""

from types import SimpleNamespace

from django.db.models import Prefetch
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policies.models import Initiative
from tracker.actions.flags import holds
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
from tracker.decisions import DecisionKind, DismissalReason, FlagComment, FlagDecision, Side
from tracker.filters import FlagFilter
from tracker.models import Flag, FlagState, Scan


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


class SpeakerSerializer(serializers.Serializer):
    """In whose name something was decided or said; people are not named."""

    organisation = OrganisationReferenceSerializer(read_only=True, allow_null=True)
    at = Instant(read_only=True)


class DecisionSerializer(SpeakerSerializer):
    """What one side decided. Of a pair each record is a side, any other flag has one.

    An acknowledgement has a plan and a date by which; it holds until the flag is resolved. A dismissal has a reason
    and a review date; it holds until that day, or until the evidence changes. Either can be taken back.
    """

    side = Code(Side.choices, read_only=True)
    kind = Code(DecisionKind.choices, read_only=True)
    holds = serializers.BooleanField(read_only=True)
    words = Text(read_only=True)
    due_on = serializers.DateField(read_only=True, allow_null=True)
    reason = Code(DismissalReason.choices, read_only=True, allow_null=True)
    review_on = serializers.DateField(read_only=True, allow_null=True)
    taken_back_at = Instant(read_only=True, allow_null=True)
    taken_back_reason = Text(read_only=True, allow_null=True)


class CommentSerializer(SpeakerSerializer):
    """What an organisation said about a flag."""

    words = Text(read_only=True)


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
    decisions = serializers.SerializerMethodField()
    comments = CommentSerializer(many=True, read_only=True)

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
            "decisions",
            "comments",
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

    @cached_property
    def _decision(self):
        return DecisionSerializer(context=self.context)

    @extend_schema_field(DecisionSerializer(many=True))
    def get_decisions(self, flag):
        """The last decision of each side, whether it still holds or not; the first side first."""
        for decision in flag.latest:
            decision.holds = holds(flag, decision)
        return [self._decision.to_representation(one) for one in sorted(flag.latest, key=lambda one: one.side)]


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
            .prefetch_related(
                Prefetch("initiative", named),
                Prefetch("other", named),
                Prefetch("decisions", FlagDecision.objects.latest().select_related("organisation"), to_attr="latest"),
                Prefetch("comments", FlagComment.objects.select_related("organisation")),
            )
        )

    def as_of(self):
        """When the checks last ran; None before they ever did."""
        return Scan.objects.visible_to(self.request.user).finished().values_list("finished_at", flat=True).first()
