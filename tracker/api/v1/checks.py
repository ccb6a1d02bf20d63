"""Checks: what the tracker looks for, why, and how often it is found."""

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from tracker.api.addresses import Addresses
from tracker.api.filtering import refuse_unknown
from tracker.api.paging import envelope, instant
from tracker.api.resource import ReadOnly
from tracker.api.v1.fields import Address, Code, Instant, PageAddress
from tracker.checks.base import FAMILIES
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import current, severities
from tracker.models import Flag, Severity


class CheckReferenceSerializer(serializers.Serializer):
    """A check, by code, with the severity that its flags have now."""

    code = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    severity = Code(Severity.choices, read_only=True)
    url = Address("checks")

    def to_representation(self, check):
        """The severity that was set stands in place of the check's own."""
        shown = super().to_representation(check)
        return shown | {"severity": self.context["severities"].get(check.code, shown["severity"])}


class ThresholdSerializer(serializers.Serializer):
    """A number that a check goes by now, its default, its unit, and where the default comes from."""

    name = serializers.CharField(read_only=True)
    value = serializers.FloatField(read_only=True)
    default = serializers.FloatField(read_only=True)
    unit = serializers.CharField(read_only=True)
    source = serializers.CharField(read_only=True)


class StandingSerializer(serializers.Serializer):
    """How many flags of a check the caller may see: all that stand, and those that no decision sets aside."""

    standing = serializers.IntegerField(read_only=True)
    needing_attention = serializers.IntegerField(read_only=True)


class CheckSerializer(CheckReferenceSerializer):
    """A check in four parts: what it flags, why it matters, what to do, and the source."""

    web_url = PageAddress("check", "code")
    family = Code(list(FAMILIES.items()), read_only=True)
    family_title = serializers.CharField(read_only=True)
    subject = serializers.CharField(read_only=True)
    flags = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    do = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    thresholds = serializers.SerializerMethodField()
    flag_counts = serializers.SerializerMethodField()

    def get_flags(self, check) -> str:
        """What it flags."""
        return check.text()["flags"]

    def get_why(self, check) -> str:
        """Why it matters."""
        return check.text()["why"]

    def get_do(self, check) -> str:
        """What to do about it."""
        return check.text()["do"]

    def get_source(self, check) -> str:
        """Where it comes from."""
        return check.text()["source"]

    @extend_schema_field(ThresholdSerializer(many=True))
    def get_thresholds(self, check):
        """The numbers that it goes by now."""
        return [
            {
                "name": name,
                "value": self.context["limits"].get(check.code, {}).get(name, limit.value),
                "default": limit.value,
                "unit": limit.unit,
                "source": limit.source,
            }
            for name, limit in check.thresholds.items()
        ]

    @extend_schema_field(StandingSerializer)
    def get_flag_counts(self, check):
        """How many flags of it stand."""
        return self.context["counts"].get(check.code, {"standing": 0, "needing_attention": 0})


class LicenceSerializer(serializers.Serializer):
    """Under what terms the data may be used."""

    name = serializers.CharField(read_only=True)
    url = serializers.URLField(read_only=True)


@extend_schema_serializer(many=False)
class CheckListSerializer(serializers.Serializer):
    """The catalogue, which is one page."""

    results = CheckSerializer(many=True, read_only=True)
    next = serializers.URLField(read_only=True, allow_null=True)
    previous = serializers.URLField(read_only=True, allow_null=True)
    as_of = Instant(read_only=True)
    licence = LicenceSerializer(read_only=True)


class Checks(ReadOnly, viewsets.ViewSet):
    """The catalogue of checks: what each flags, why it matters, what to do, and how many flags stand."""

    lookup_field = "code"
    lookup_value_regex = r"[^/\x00]+"
    serializer_class = CheckSerializer

    @extend_schema(responses=CheckListSerializer)
    def list(self, request):
        """Every check, by family and number, on one page."""
        refuse_unknown(request, ())
        return self.if_changed(lambda: Response(self._all(request)))

    def retrieve(self, request, code):
        """One check."""
        refuse_unknown(request, ())
        check = catalogue().get(code)
        if check is None:
            raise Http404
        return self.if_changed(lambda: Response(CheckSerializer(check, context=self._context(request)).data))

    def _all(self, request):
        checks = CheckSerializer(catalogue().values(), many=True, context=self._context(request))
        return envelope(checks.data, as_of=instant(timezone.now()))

    def _context(self, request):
        return {
            "request": request,
            "addresses": Addresses(request),
            "counts": _counts(request.user),
            "limits": current(),
            "severities": severities(),
        }


def _counts(user):
    """Standing flags by check, of those that a user may see."""
    flags = Flag.objects.visible_to(user)
    rows = (
        flags.standing()
        .order_by()
        .values("check_code")
        .annotate(
            standing=Count("pk"),
            needing_attention=Count("pk", filter=Q(pk__in=flags.needing_attention().values("pk"))),
        )
    )
    return {row.pop("check_code"): row for row in rows}
