"""Partnerships: arrangements between national and local bodies."""

from policies.models import Initiative, Kind
from tracker.api.v1.initiatives import ABOUT, DATES, LINKS, MONEY, STATE, InitiativeResource, InitiativeSerializer


class PartnershipSerializer(InitiativeSerializer):
    """An arrangement between national and local bodies. `start_date` is when it was agreed."""

    class Meta:
        model = Initiative
        fields = [*ABOUT, *DATES, "review_date", "health_in_scope", *MONEY, *LINKS, *STATE]


class Partnerships(InitiativeResource):
    """Partnerships: arrangements between national and local bodies."""

    kind = Kind.PARTNERSHIP
    serializer_class = PartnershipSerializer
