"""The filters of what a round asked for."""

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from policies.models import Organisation, RequestState, RoundRequest
from tracker.filters.base import Choices, FilterSet, Record, Search, Sort


def _asked():
    """The organisations that any round has asked."""
    return Organisation.objects.filter(Exists(RoundRequest.objects.filter(organisation=OuterRef("pk"))))


class RoundRequestFilter(FilterSet):
    """Requests of a round, each with its `state`, by the lead that was asked and by what came of it."""

    q = Search(
        lambda _queryset, words: Q(initiative__title__icontains=words) | Q(initiative__reference__istartswith=words)
    )
    lead = Record(
        _("Lead organisation"),
        lambda user: Organisation.objects.all(),
        noun=_("organisation with the code"),
        options=lambda: [
            (one.code, one.name)
            for one in Organisation.objects.filter(round_requests__isnull=False).distinct().by_name()
        ],
        condition=lambda body: Q(organisation=body),
    )
    state = Choices(_("State"), RequestState.choices, lambda states: Q(state__in=states))
    sort = Sort(
        {
            "reference": (_("Reference, A to Z"), _("Reference, Z to A"), lambda f: F("initiative__reference")),
            "lead": (_("Lead, A to Z"), _("Lead, Z to A"), lambda f: Lower("organisation__name")),
            "reported": (_("Reported first"), _("Reported last"), lambda f: F("reported_on")),
        },
        tie=("organisation__name", "initiative__reference"),
    )

    class Meta:
        model = RoundRequest
        fields = ()
