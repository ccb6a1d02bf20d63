"""What a list can be narrowed by: one FilterSet a list, used by pages, API and reports under the same names."""

from tracker.filters.flags import FlagFilter
from tracker.filters.initiatives import InitiativeFilter
from tracker.filters.people import InvitationFilter, PeopleFilter
from tracker.filters.reference import AreaFilter, OrganisationFilter, OutcomeFilter
from tracker.filters.rounds import RoundRequestFilter
from tracker.filters.scans import ScanFilter

__all__ = [
    "AreaFilter",
    "FlagFilter",
    "InitiativeFilter",
    "InvitationFilter",
    "OrganisationFilter",
    "OutcomeFilter",
    "PeopleFilter",
    "RoundRequestFilter",
    "ScanFilter",
]
