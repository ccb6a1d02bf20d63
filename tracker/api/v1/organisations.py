"""Organisations: departments, NHS bodies, councils and others, past and present."""

from django.db.models import Prefetch
from rest_framework import serializers

from policies.models import Organisation, OrganisationAlias
from tracker.api.resource import Resource
from tracker.api.v1.fields import Address, Record, Source
from tracker.api.v1.references import AreaReferenceSerializer, OrganisationReferenceSerializer
from tracker.filters import OrganisationFilter


class OrganisationSerializer(Record):
    """A body, or a class of bodies. `active_to` is the first day on which it no longer existed."""

    url = Address("organisations")
    area = AreaReferenceSerializer(read_only=True, allow_null=True)
    aliases = serializers.SlugRelatedField("name", many=True, read_only=True)
    successors = OrganisationReferenceSerializer(many=True, read_only=True)
    predecessors = OrganisationReferenceSerializer(many=True, read_only=True)
    source = Source()

    class Meta:
        model = Organisation
        fields = [
            "url",
            "code",
            "name",
            "abbreviation",
            "aliases",
            "kind",
            "sector",
            "is_collective",
            "lineage",
            "govuk_slug",
            "govuk_code",
            "gss_code",
            "ods_code",
            "area",
            "active_from",
            "active_from_precision",
            "active_to",
            "active_to_precision",
            "successors",
            "predecessors",
            "source",
        ]


class Organisations(Resource):
    """Bodies that hold roles: departments, NHS bodies, councils, combined authorities; past and present."""

    lookup_field = "code"
    tie_break = "code"
    filterset_class = OrganisationFilter
    serializer_class = OrganisationSerializer
    queryset = (
        Organisation.objects.select_related("area")
        .prefetch_related(
            Prefetch("aliases", OrganisationAlias.objects.order_by("name")),
            Prefetch("successors", Organisation.objects.order_by("code")),
            Prefetch("predecessors", Organisation.objects.order_by("code")),
        )
        .order_by("code")
    )
