"""The balance of the four capitals in a portfolio, as CAP002 weighs it: by primary capital, in pounds and by count."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from policies.models import Capital, CapitalLink, CapitalWeight, Initiative, Role, Sensitivity


@dataclass(frozen=True)
class CapitalShare:
    """One capital's part: how many initiatives mainly build it, and their pounds where a value is recorded."""

    name: str
    initiatives: int
    pounds: Decimal
    percent: Decimal | None  # of the pounds; None where no pounds are recorded at all


def balance(lineage=""):
    """The four capitals in order, over the live initiatives that everybody may read: all, or those led by a lineage.

    Initiatives without a primary capital are in no part, as in CAP002.
    """
    members = Initiative.objects.live().filter(sensitivity=Sensitivity.OFFICIAL)
    if lineage:
        members = members.filter(responsibilities__role=Role.LEAD, responsibilities__organisation__lineage=lineage)
    found = {
        capital: (number, pounds or Decimal(0))
        for capital, number, pounds in CapitalLink.objects.filter(
            weight=CapitalWeight.PRIMARY, initiative__in=members.values("pk")
        )
        .order_by()
        .values_list("capital")
        .annotate(Count("pk"), Sum("initiative__value_gbp"))
    }
    total = sum(pounds for _number, pounds in found.values())
    return [
        CapitalShare(capital.name, number, pounds, round(100 * pounds / total, 1) if total else None)
        for capital in Capital.objects.order_by("position")
        for number, pounds in [found.get(capital.pk, (0, Decimal(0)))]
    ]
