"""Outcomes: health outcomes, and conditions of life that health depends on."""

from policies.models import Outcome
from tracker.api.resource import Resource
from tracker.api.v1.fields import Address, Record
from tracker.filters import OutcomeFilter


class OutcomeSerializer(Record):
    """A health outcome. `position` is its place in lists; `priority` the promise that makes it one, or empty."""

    url = Address("outcomes")

    class Meta:
        model = Outcome
        fields = ["url", "code", "name", "position", "definition", "priority"]


class Outcomes(Resource):
    """Health outcomes, and conditions of life that health depends on."""

    lookup_field = "code"
    filterset_class = OutcomeFilter
    serializer_class = OutcomeSerializer
    queryset = Outcome.objects.order_by("position")
