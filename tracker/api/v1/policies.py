"""Policies: strategies, papers, bills, funds and programmes."""

from policies.models import Initiative, Kind
from tracker.api.v1.initiatives import ABOUT, DATES, LINKS, MONEY, STATE, InitiativeResource, InitiativeSerializer


class PolicySerializer(InitiativeSerializer):
    """A strategy, paper, bill, fund or programme."""

    class Meta:
        model = Initiative
        fields = [*ABOUT, *DATES, *MONEY, *LINKS, *STATE]


class Policies(InitiativeResource):
    """Policies: strategies, papers, bills, funds and programmes."""

    kind = Kind.POLICY
    serializer_class = PolicySerializer
