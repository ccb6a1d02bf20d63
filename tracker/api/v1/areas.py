"""Areas: English places with official codes, and what they lie in."""

from django.db.models import Prefetch

from policies.models import Area, AreaPart
from tracker.api.resource import Resource
from tracker.api.v1.fields import Address, Record
from tracker.api.v1.references import AreaReferenceSerializer
from tracker.filters import AreaFilter


class AreaWithinSerializer(Record):
    """A larger place that this one lies in, for a period. `share` is how much of it does, 0 to 1."""

    area = AreaReferenceSerializer(read_only=True, source="whole")

    class Meta:
        model = AreaPart
        fields = ["area", "relation", "share", "active_from", "active_to", "basis"]


class AreaSerializer(Record):
    """A place. `active_to` is the last day on which its code was in use."""

    url = Address("areas", "gss_code")
    within = AreaWithinSerializer(many=True, read_only=True)
    successors = AreaReferenceSerializer(many=True, read_only=True)
    predecessors = AreaReferenceSerializer(many=True, read_only=True)

    class Meta:
        model = Area
        fields = [
            "url",
            "gss_code",
            "name",
            "official_name",
            "kind",
            "ods_code",
            "active_from",
            "active_to",
            "date_precision",
            "within",
            "successors",
            "predecessors",
            "source",
        ]


class Areas(Resource):
    """Places with GSS codes, in use and ended, and the larger places that each lies in."""

    lookup_field = "gss_code"
    tie_break = "gss_code"
    filterset_class = AreaFilter
    serializer_class = AreaSerializer
    queryset = Area.objects.prefetch_related(
        Prefetch(
            "within",
            AreaPart.objects.select_related("whole").order_by("relation", "active_from", "whole__gss_code"),
        ),
        Prefetch("successors", Area.objects.order_by("gss_code")),
        Prefetch("predecessors", Area.objects.order_by("gss_code")),
    ).order_by("gss_code")
