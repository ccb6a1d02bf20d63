"""The root: what there is to read."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from tracker.api.addresses import Addresses
from tracker.api.filtering import refuse_unknown
from tracker.api.resource import ReadOnly

LISTS = (
    "policies",
    "commitments",
    "partnerships",
    "organisations",
    "areas",
    "outcomes",
    "capitals",
    "flags",
    "checks",
    "scans",
)


class Root(ReadOnly, APIView):
    """The addresses of all collections, of the OpenAPI description and of the documentation page."""

    @extend_schema(
        operation_id="root",
        responses=inline_serializer(
            "Root", {name: serializers.URLField(read_only=True) for name in (*LISTS, "schema", "docs")}
        ),
    )
    def get(self, request):
        """What there is to read."""
        refuse_unknown(request, ())
        root = Addresses(request).root
        return self.if_changed(lambda: Response({name: root + name for name in (*LISTS, "schema", "docs")}))
