"""Capitals: the four on which health and wellbeing rest."""

from policies.models import Capital
from tracker.api.resource import Resource
from tracker.api.v1.fields import Address, Record


class CapitalSerializer(Record):
    """One of the four capitals. `position` is its place in lists."""

    url = Address("capitals")

    class Meta:
        model = Capital
        fields = ["url", "code", "name", "position", "definition"]


class Capitals(Resource):
    """The four capitals on which health and wellbeing rest."""

    lookup_field = "code"
    serializer_class = CapitalSerializer
    queryset = Capital.objects.order_by("position")
