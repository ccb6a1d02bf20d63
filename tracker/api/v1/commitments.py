"""Commitments: promises, under a policy or alone."""

from policies.models import Initiative, Kind
from tracker.api.v1.initiatives import ABOUT, DATES, LINKS, MONEY, STATE, InitiativeResource, InitiativeSerializer


class CommitmentSerializer(InitiativeSerializer):
    """A promise, with a date where there is one."""

    class Meta:
        model = Initiative
        fields = [*ABOUT, *DATES, "due_date", "due_precision", *MONEY, *LINKS, *STATE]


class Commitments(InitiativeResource):
    """Commitments: promises, under a policy or alone."""

    kind = Kind.COMMITMENT
    serializer_class = CommitmentSerializer
