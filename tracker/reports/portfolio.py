"""What a report is about: live policies and commitments of one or more collections, or of the whole register."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.models import Basis, Collection, Form, Initiative, Kind, Responsibility, Sector, Status
from tracker.checks import facts
from tracker.filters.base import Choices, FilterSet
from tracker.filters.initiatives import PARTS, InitiativeFilter, in_collections, led_by, primary_basis
from tracker.reports.base import Rows, querydict

ALL = "all"
DEFAULT = "core_2021"


def _collections():
    return [
        *((one.code, one.name) for one in Collection.objects.order_by("name")),
        (ALL, gettext_lazy("Every policy on the register")),
    ]


class PortfolioFilter(FilterSet):
    """Which portfolio. Without a collection it is the default one, where the register has that, or all."""

    collection = Choices(gettext_lazy("Portfolio"), _collections, in_collections)
    lead_lineage = InitiativeFilter.base_filters["lead_lineage"]

    class Meta:
        model = Initiative
        fields = ()

    def __init__(self, data=None, queryset=None, **more):
        data = querydict(data)
        super().__init__(data, queryset, **more)
        if not any(data.getlist("collection")):
            known = [code for code, _name in self.filters["collection"].field.choices]
            data.setlist("collection", [DEFAULT if DEFAULT in known else ALL])
            self.data = data

    def portfolio(self):
        """What was chosen. Raises ValueError when it is not understood."""
        if not self.form.is_valid():
            raise ValueError(self.form.errors.as_json())
        chosen = self.form.cleaned_data
        codes = [] if ALL in chosen["collection"] else list(chosen["collection"])
        names = [str(name) for code, name in self.filters["collection"].field.choices if code in codes]
        body = chosen["lead_lineage"] or None
        return Portfolio(
            user=self.user,
            collections=tuple(codes),
            lineage=body.lineage if body else "",
            label=_label(names, body),
        )


def _label(names, body):
    label = " + ".join(names) or _("Every policy on the register")
    return _("%(portfolio)s, led by %(department)s") % {"portfolio": label, "department": body.name} if body else label


@dataclass(frozen=True)
class Portfolio:
    """Live records that a user can see and that belong together."""

    user: object
    collections: tuple = ()
    lineage: str = ""
    label: str = ""

    def of_kind(self, kind) -> QuerySet:
        """The records of a kind: exactly those that its list shows under `filters`."""
        found = Initiative.objects.visible_to(self.user).live().filter(kind=kind)
        if self.collections:
            found = found.filter(in_collections(self.collections))
        return found.filter(led_by(self.lineage)) if self.lineage else found

    @property
    def policies(self):
        """The portfolio's policies."""
        return self.of_kind(Kind.POLICY)

    @property
    def commitments(self):
        """The portfolio's commitments: with collections, those under its policies."""
        return self.of_kind(Kind.COMMITMENT)

    @property
    def filters(self):
        """The filters under which the lists show the portfolio."""
        chosen = {"status": Status.PUBLISHED.value}
        if self.collections:
            chosen["collection"] = list(self.collections)
        if self.lineage:
            chosen["lead_lineage"] = self.lineage
        return chosen

    @property
    def is_whole(self):
        """Whether nothing narrows it."""
        return not self.collections and not self.lineage

    def whole(self):
        """The whole register, as the same user sees it."""
        return Portfolio(user=self.user)

    def rows(self, number, **filters):
        """Where a number of the portfolio's policies is listed."""
        return Rows("policies", {**self.filters, **filters}, number)

    def commitment_rows(self, number, **filters):
        """Where a number of its commitments is listed."""
        return Rows("commitments", {**self.filters, **filters}, number)

    @cached_property
    def totals(self):
        """Every number of policies, and of pounds, that needs no grouping; in one query."""
        conditions = {
            "health_criterion": facts.has_health_criterion(),
            "local_deep": facts.has_deep_role(Sector.LOCAL_GOVERNMENT),
            "local_shallow": facts.only_shallow(Sector.LOCAL_GOVERNMENT),
            "second_department": facts.has_second_department(),
            "judged": primary_basis(Basis.JUDGED),
            "fund_without_criteria": Q(form=Form.FUND) & ~Q(facts.has_criteria()),
            **{name: condition() for name, (_words, condition) in PARTS.items()},
        }
        numbers = {"policies": Count("pk"), "pounds": Sum("value_gbp")}
        for name, condition in conditions.items():
            numbers[name] = Count("pk", filter=Q(condition))
            numbers[f"{name}_pounds"] = Sum("value_gbp", filter=Q(condition))
        return {name: number or 0 for name, number in self.policies.aggregate(**numbers).items()}

    @cached_property
    def roles(self):
        """The roles of the NHS and of local government in its policies, the deepest of each policy first."""
        sectors = (Sector.NHS, Sector.LOCAL_GOVERNMENT)
        order = ("initiative__title", "initiative__reference", "-depth", "organisation__name", "role")
        return list(
            Responsibility.objects.filter(initiative__in=self.policies.values("pk"), organisation__sector__in=sectors)
            .order_by(*order)
            .values("initiative__reference", "initiative__title", "organisation__name", "organisation__sector", "role")
        )
