"""Scans: when the checks ran, on how much, and what came of it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from tracker.api.resource import Collection
from tracker.api.v1.fields import Record
from tracker.filters import ScanFilter
from tracker.models import Scan


class ScanSerializer(Record):
    """One run of the checks. `as_of` is the date that they went by; `timings` are seconds by check."""

    errors = serializers.SerializerMethodField()
    timings = serializers.SerializerMethodField()

    class Meta:
        model = Scan
        fields = [
            "kind",
            "status",
            "reason",
            "as_of",
            "started_at",
            "finished_at",
            "initiatives",
            "opened",
            "changed",
            "reopened",
            "resolved",
            "errors",
            "timings",
        ]

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_errors(self, scan):
        """Checks that failed, with why: the fault in full is for administrators, since it may quote records."""
        user = self.context["request"].user
        if user.is_authenticated and user.is_administrator:
            return scan.errors
        return dict.fromkeys(scan.errors, "The check failed")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "number"}})
    def get_timings(self, scan):
        """Seconds by check."""
        return scan.timings


class Scans(Collection, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Runs of the checks, the latest first."""

    filterset_class = ScanFilter
    serializer_class = ScanSerializer
    queryset = Scan.objects.finished()

    def get_queryset(self):
        """Those that the reader may know of."""
        return super().get_queryset().visible_to(self.request.user)
