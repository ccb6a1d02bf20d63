"""What policies, commitments and partnerships have in common: members, links, and what may be seen."""

from django.db.models import Prefetch
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policies.models import (
    AllocationCriterion,
    Area,
    CapitalLink,
    CollectionItem,
    Initiative,
    Measure,
    OutcomeLink,
    Responsibility,
    Role,
)
from tracker.api.resource import Resource
from tracker.api.v1.fields import DocumentSerializer, InitiativeAddress, PageAddress, Record
from tracker.api.v1.links import (
    CapitalLinkSerializer,
    CriterionSerializer,
    MeasureSerializer,
    OutcomeLinkSerializer,
    RoleSerializer,
)
from tracker.api.v1.references import (
    AreaReferenceSerializer,
    CollectionReferenceSerializer,
    InitiativeReferenceSerializer,
    OrganisationReferenceSerializer,
)
from tracker.filters import InitiativeFilter

ABOUT = ["url", "web_url", "kind", "reference", "short_code", "form", "title", "summary", "parent", "lead"]
DATES = ["start_date", "start_precision", "end_date", "end_precision"]
MONEY = ["value_gbp", "value_note", "price_year"]
LINKS = [
    "roles",
    "capital_links",
    "outcome_links",
    "measures",
    "criteria",
    "places",
    "collections",
    "source",
]
STATE = [
    "status",
    "sensitivity",
    "version",
    "created_at",
    "updated_at",
    "published_at",
    "ended_at",
    "ended_outcome",
    "ended_reason",
]


class InitiativeSerializer(Record):
    """An initiative with everything that hangs on it."""

    url = InitiativeAddress()
    web_url = PageAddress()
    parent = InitiativeReferenceSerializer(read_only=True, allow_null=True)
    lead = serializers.SerializerMethodField()
    value_gbp = serializers.DecimalField(16, 2, read_only=True, allow_null=True)
    roles = RoleSerializer(many=True, read_only=True, source="responsibilities")
    capital_links = CapitalLinkSerializer(many=True, read_only=True)
    outcome_links = OutcomeLinkSerializer(many=True, read_only=True)
    measures = MeasureSerializer(many=True, read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)
    places = AreaReferenceSerializer(many=True, read_only=True, source="areas")
    collections = CollectionReferenceSerializer(many=True, read_only=True, source="collection_items")
    source = DocumentSerializer(source="*", read_only=True)

    @cached_property
    def _organisation(self):
        return OrganisationReferenceSerializer(context=self.context)

    @extend_schema_field(OrganisationReferenceSerializer(allow_null=True))
    def get_lead(self, initiative):
        """The organisation that leads it; None where no lead is recorded."""
        leads = [r.organisation for r in initiative.responsibilities.all() if r.role == Role.LEAD]
        return self._organisation.to_representation(leads[0]) if leads else None


def links(user):
    """Everything that the serializer reads besides the row itself, one query each, in a settled order.

    The initiative above is named only to those who may read it.
    """
    visible = Initiative.objects.visible_to(user).only("kind", "reference", "title")
    return [
        Prefetch("parent", visible),
        Prefetch(
            "responsibilities",
            Responsibility.objects.select_related("organisation").order_by("-depth", "-role", "organisation__code"),
        ),
        Prefetch(
            "capital_links",
            CapitalLink.objects.select_related("capital").order_by("weight", "capital__position"),
        ),
        Prefetch(
            "outcome_links",
            OutcomeLink.objects.select_related("outcome", "asserted_by").order_by("outcome__position", "pk"),
        ),
        Prefetch("measures", Measure.objects.select_related("indicator").order_by("purpose", "pk")),
        Prefetch("criteria", AllocationCriterion.objects.select_related("indicator").order_by("pk")),
        Prefetch("areas", Area.objects.order_by("gss_code")),
        Prefetch("collection_items", CollectionItem.objects.select_related("collection").order_by("pk")),
    ]


class InitiativeResource(Resource):
    """One kind of initiative."""

    kind: str
    lookup_field = "reference"
    tie_break = "reference"
    filterset_class = InitiativeFilter
    queryset = Initiative.objects.none()

    def get_queryset(self):
        """What the caller may read; what may not be read is not there."""
        user = self.request.user
        rows = Initiative.objects.visible_to(user).filter(kind=self.kind).defer("search", "notes")
        return rows.order_by("reference").prefetch_related(*links(user))
