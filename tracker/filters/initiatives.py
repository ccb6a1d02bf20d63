"""The filters of policies, commitments and partnerships: one set for the three kinds."""

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from policies.models import (
    Area,
    AreaClosure,
    Basis,
    Capital,
    CapitalWeight,
    Collection,
    CollectionItem,
    Direction,
    Footprint,
    Form,
    Initiative,
    Kind,
    Organisation,
    Outcome,
    Responsibility,
    Role,
    Sector,
    Status,
)
from tracker.checks import facts
from tracker.checks.catalogue import catalogue
from tracker.checks.wording import counted
from tracker.filters.base import Choice, Choices, FilterSet, Record, Search, Sort, yes_no
from tracker.filters.lineages import leading, lineages
from tracker.filters.structure import holds, structure_filter
from tracker.models import Flag

# What a record can have or lack: the answers of "recorded" and "missing", and the lines of report coverage.
PARTS = {
    "capital": (_("A capital"), facts.has_capital),
    "primary_capital": (_("A primary capital"), lambda: facts.has_capital(weight=CapitalWeight.PRIMARY)),
    "outcome": (_("A health outcome"), facts.has_outcome),
    "lead": (_("A lead organisation"), facts.has_lead),
    "second_role": (_("A role beside the lead"), facts.has_role_beside_lead),
    "nhs_role": (_("A role for the NHS"), facts.has_nhs_role),
    "local_role": (_("A role for local government"), facts.has_local_role),
    "criteria": (_("Allocation criteria"), facts.has_criteria),
    "measure": (_("A measure, its own or of a commitment"), facts.has_measure_here_or_below),
    "value": (_("A value in pounds"), facts.has_value),
    "source": (_("A source"), facts.has_source),
}


def in_collections(codes):
    """It belongs to one of the collections, or is a commitment under an initiative that does."""
    items = CollectionItem.objects.filter(collection__code__in=codes)
    return Q(Exists(items.filter(initiative=OuterRef("pk")))) | Q(
        Exists(items.filter(initiative=OuterRef("parent"))), kind=Kind.COMMITMENT
    )


def related_to(area):
    """The row's area is the place, one that the place lies in, or one within it."""
    return Q(area__in=AreaClosure.objects.filter(descendant=area).values("ancestor")) | Q(
        area__in=AreaClosure.objects.filter(ancestor=area).values("descendant")
    )


def at_place(area):
    """It names the place, one that the place lies in, or one within it; without places, what is above it does."""
    related = related_to(area)
    named = Footprint.objects.filter(initiative=OuterRef("pk"))
    above = Footprint.objects.filter(related, initiative=OuterRef("parent"))
    return Q(Exists(named.filter(related))) | (~Q(Exists(named)) & Q(Exists(above)))


def led_by(lineage):
    """The lead organisation is of the lineage."""
    return Exists(facts.roles().filter(role=Role.LEAD, organisation__lineage=lineage))


def matches(queryset, words):
    """The words stand in title, summary or quoted source, or begin the reference; failing all, in a title that
    is spelled much like them."""
    exact = (
        Q(search=_query(words))
        | Q(title__icontains=words)
        | Q(short_code__icontains=words)
        | Q(reference__istartswith=words)
    )
    similar = TrigramWordSimilar(Upper("title"), Upper(Value(words)))
    return exact | (~Q(Exists(queryset.filter(exact).order_by())) & Q(similar))


def primary_basis(basis):
    """Its primary capital is stated in the source, or judged."""
    return Exists(facts.capital_links().filter(weight=CapitalWeight.PRIMARY, basis=basis))


def _query(words):
    return SearchQuery(words, config="english", search_type="websearch")


def _part(names, holds):
    wanted = Q()
    for name in names:
        condition = Q(PARTS[name][1]())
        wanted &= condition if holds else ~condition
    return wanted


def _role_answers(sector):
    return {
        "recorded": lambda: facts.has_role(sector),
        "beyond_depth_1": lambda: facts.has_deep_role(sector),
        "depth_1_only": lambda: facts.only_shallow(sector),
        "none": lambda: ~Q(facts.has_role(sector)),
    }


ROLE_ANSWERS = (
    ("recorded", _("Recorded")),
    ("beyond_depth_1", _("More than bidding, receiving or being consulted")),
    ("depth_1_only", _("Only bidding, receiving or being consulted")),
    ("none", _("None recorded")),
)


def _records(model, order):
    return lambda: [(one.code, str(one)) for one in model.objects.order_by(order)]


def leads():
    """The organisations that lead something, as choices in the order of their names."""
    led = Responsibility.objects.filter(role=Role.LEAD).values("organisation")
    return [(one.code, one.name) for one in Organisation.objects.filter(pk__in=led).by_name()]


def _lead_name(_filters):
    lead = Responsibility.objects.filter(initiative=OuterRef("pk"), role=Role.LEAD)
    return Lower(Subquery(lead.values("organisation__name")[:1]))


def _flags(filters):
    flags = Flag.objects.standing().visible_to(filters.user)
    return counted(flags.filter(Q(initiative=OuterRef("pk")) | Q(other=OuterRef("pk"))))


class InitiativeFilter(FilterSet):
    """Any of these together; the rows are those that the caller's queryset lets the user see."""

    q = Search(matches)
    collection = Choices(
        _("Collection"),
        _records(Collection, "name"),
        in_collections,
    )
    form = Choice(_("Form"), Form.choices, field_name="form")
    status = Choice(_("Status"), Status.choices, field_name="status")
    lead = Record(
        _("Lead organisation"),
        lambda user: Organisation.objects.all(),
        noun=_("organisation with the code"),
        options=leads,
        method="by_lead",
    )
    lead_lineage = Record(
        _("Lead department, renames counted as one"),
        lineages,
        key="lineage",
        noun=_("department with the lineage"),
        options=leading,
        method="by_lead_lineage",
    )
    organisation = Record(
        _("Organisation with any role"),
        lambda user: Organisation.objects.all(),
        noun=_("organisation with the code"),
        method="by_organisation",
        help_text=_("Its code, such as nhs-england"),
    )
    structure = structure_filter()
    capital = Record(
        _("Capital, primary or secondary"),
        lambda user: Capital.objects.all(),
        noun=_("capital with the code"),
        options=_records(Capital, "position"),
        condition=lambda capital: Exists(facts.capital_links().filter(capital=capital)),
    )
    primary_capital = Record(
        _("Primary capital"),
        lambda user: Capital.objects.all(),
        noun=_("capital with the code"),
        options=_records(Capital, "position"),
        condition=lambda capital: Exists(facts.capital_links().filter(capital=capital, weight=CapitalWeight.PRIMARY)),
    )
    primary_basis = Choice(
        _("Basis of the primary capital"),
        Basis.choices,
        {basis: lambda basis=basis: primary_basis(basis) for basis in Basis.values},
    )
    outcome = Record(
        _("Health outcome"),
        lambda user: Outcome.objects.all(),
        noun=_("outcome with the code"),
        options=_records(Outcome, "position"),
        method="by_outcome",
    )
    direction = Choice(_("Direction of the outcome"), Direction.choices, method="by_direction")
    nhs_role = Choice(_("Role of the NHS"), ROLE_ANSWERS, _role_answers(Sector.NHS))
    local_role = Choice(_("Role of local government"), ROLE_ANSWERS, _role_answers(Sector.LOCAL_GOVERNMENT))
    criteria = Choice(
        _("Allocation criteria"),
        (("recorded", _("Recorded")), ("none", _("None recorded"))),
        {"recorded": facts.has_criteria, "none": lambda: ~Q(facts.has_criteria())},
    )
    health_criterion = Choice(
        _("A measure of health among the allocation criteria"),
        (("yes", _("Yes")), ("no", _("No, and criteria are recorded"))),
        {
            "yes": facts.has_health_criterion,
            "no": lambda: Q(facts.has_criteria()) & ~Q(facts.has_health_criterion()),
        },
    )
    health_measure = yes_no(_("Measure of health or wellbeing, its commitments' included"), facts.has_health_measure)
    second_department = yes_no(_("A second department named"), facts.has_second_department)
    has_value = yes_no(_("Value in pounds recorded"), facts.has_value)
    recorded = Choices(_("Has on record"), [(n, words) for n, (words, _c) in PARTS.items()], lambda v: _part(v, True))
    missing = Choices(
        _("Does not have on record"), [(n, words) for n, (words, _c) in PARTS.items()], lambda v: _part(v, False)
    )
    place = Record(
        _("Place"),
        lambda user: Area.objects.all(),
        key="gss_code",
        noun=_("place with the code"),
        condition=at_place,
        help_text=_("Its GSS code, such as E08000003. Finds wider and smaller places too"),
    )
    parent = Record(
        _("Under"),
        lambda user: Initiative.objects.visible_to(user),
        key="reference",
        noun=_("record with the reference"),
        condition=lambda parent: Q(parent=parent),
        help_text=_("Reference of the policy or partnership above, such as MHCLG-0001"),
    )
    flag = Choice(
        _("Flagged by"),
        lambda: [(code, f"{code} {check.title}") for code, check in catalogue().items()],
        method="by_flag",
    )
    nhs_member = yes_no(_("NHS member"), facts.has_nhs_role)
    health_in_scope = Choice(
        _("Health in scope"),
        (("yes", _("Yes")), ("no", _("No")), ("not_recorded", _("Not recorded"))),
        {
            "yes": lambda: Q(health_in_scope=True),
            "no": lambda: Q(health_in_scope=False),
            "not_recorded": lambda: Q(health_in_scope__isnull=True),
        },
    )
    sort = Sort(
        {
            "reference": (_("Reference, A to Z"), _("Reference, Z to A"), lambda f: F("reference")),
            "title": (_("Title, A to Z"), _("Title, Z to A"), lambda f: Lower("title")),
            "lead": (_("Lead, A to Z"), _("Lead, Z to A"), _lead_name),
            "value": (_("Value, smallest first"), _("Value, largest first"), lambda f: F("value_gbp")),
            "start": (_("Start, earliest first"), _("Start, latest first"), lambda f: F("start_date")),
            "due": (_("Due, earliest first"), _("Due, latest first"), lambda f: F("due_date")),
            "flags": (_("Flags, fewest first"), _("Flags, most first"), _flags),
            "updated": (_("Changed, longest ago first"), _("Changed, last first"), lambda f: F("updated_at")),
        },
        tie=("reference",),
    )

    class Meta:
        model = Initiative
        fields = ()

    def filter_queryset(self, queryset):
        """The rows; after a search and without an order asked for, those that speak most of the words first."""
        found = super().filter_queryset(queryset)
        words = None if self.form.errors else self.form.cleaned_data["q"]
        if words and not self.form.cleaned_data["sort"]:
            return found.order_by(SearchRank(F("search"), _query(words)).desc(), "reference")
        return found

    def _held(self, queryset, **who):
        return queryset.filter(holds(self.form.cleaned_data.get("structure"), **who))

    def by_lead(self, queryset, _name, body):
        """The body leads it, in the structure that is asked for."""
        return self._held(queryset, organisation=body, lead=True)

    def by_lead_lineage(self, queryset, _name, body):
        """A body of the lineage leads it, in the structure that is asked for."""
        return self._held(queryset, lineage=body.lineage, lead=True)

    def by_organisation(self, queryset, _name, body):
        """The body has a role in it, in the structure that is asked for."""
        return self._held(queryset, organisation=body)

    def by_outcome(self, queryset, _name, outcome):
        """The outcome is linked; with a direction too, in that direction."""
        links = facts.outcome_links(self.form.cleaned_data.get("direction") or None)
        return queryset.filter(Exists(links.filter(outcome=outcome)))

    def by_direction(self, queryset, _name, direction):
        """Some outcome is moved in the direction; which one is `by_outcome`'s to say."""
        if self.form.cleaned_data.get("outcome"):
            return queryset
        return queryset.filter(facts.has_outcome(direction))

    def by_flag(self, queryset, _name, code):
        """A flag of the check stands against it, from either side of a pair."""
        flags = Flag.objects.standing().visible_to(self.user).filter(check_code=code)
        return queryset.filter(Q(Exists(flags.filter(initiative=OuterRef("pk")))) | _other(flags))


def _other(flags):
    return Q(Exists(flags.filter(other=OuterRef("pk"))))
