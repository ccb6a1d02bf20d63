"""The filters of flags."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Exists, F, OuterRef, Q, SmallIntegerField, When
from django.utils.translation import gettext_lazy as _

from policies import permissions
from policies.models import (
    Area,
    Capital,
    CapitalLink,
    Collection,
    CollectionItem,
    Initiative,
    Kind,
    Outcome,
    OutcomeLink,
)
from tracker.checks.base import FAMILIES
from tracker.checks.catalogue import catalogue
from tracker.decisions import DismissalReason, FlagDecision
from tracker.filters.base import Choice, Choices, FilterSet, Record, Search, Sort
from tracker.filters.initiatives import at_place, related_to
from tracker.filters.lineages import leading, lineages
from tracker.filters.structure import holdings, structure_filter
from tracker.models import Flag, FlagState, Severity, Subject


def _either(rows, column="initiative"):
    """A row that belongs to the flag's initiative or to the other one of a pair."""
    sides = (Q(Exists(rows.filter(**{column: OuterRef(side)}))) for side in ("initiative", "other"))
    return next(sides) | next(sides)


def _in_collections(codes):
    items = CollectionItem.objects.filter(collection__code__in=codes)
    inside = Initiative.objects.filter(
        Q(Exists(items.filter(initiative=OuterRef("pk"))))
        | Q(Exists(items.filter(initiative=OuterRef("parent"))), kind=Kind.COMMITMENT)
    )
    return _either(inside, "pk")


def _at_place(area):
    """It is about the place, or about a record that is there, as the lists of records have it."""
    return related_to(area) | _either(Initiative.objects.filter(at_place(area)), "pk")


def _words(_queryset, words):
    query = SearchQuery(words, config="english", search_type="websearch")
    about = Initiative.objects.filter(Q(search=query) | Q(title__icontains=words) | Q(reference__istartswith=words))
    return Q(summary__icontains=words) | Q(check_code__iexact=words) | _either(about, "pk")


def _set_aside_for(reason):
    """Somebody set it aside for this reason, and did not take that back; whether it still holds or not."""
    decisions = FlagDecision.objects.filter(reason=reason, taken_back_at__isnull=True)
    return Q(pk__in=decisions.values("flag"))


def _severity(_filters):
    return Case(
        When(severity=Severity.HIGH, then=0),
        When(severity=Severity.MEDIUM, then=1),
        default=2,
        output_field=SmallIntegerField(),
    )


class FlagFilter(FilterSet):
    """Flags by what found them, how bad and how far they are, and what they are about."""

    q = Search(_words)
    check = Choice(
        _("Check"),
        lambda: [(code, f"{code} {check.title}") for code, check in catalogue().items()],
        field_name="check_code",
    )
    family = Choice(
        _("Family of checks"),
        tuple((code, _(title)) for code, title in FAMILIES.items()),
        {code: lambda code=code: Q(check_code__startswith=code) for code in FAMILIES},
    )
    severity = Choice(_("Severity"), Severity.choices, field_name="severity")
    state = Choices(_("State"), FlagState.choices, lambda states: Q(state__in=states))
    waiting = Choice(_("Waiting for"), [("us", _("A decision of my organisations"))], method="by_waiting")
    reason = Choice(
        _("Ever set aside because"),
        DismissalReason.choices,
        {reason: lambda reason=reason: _set_aside_for(reason) for reason in DismissalReason.values},
    )
    subject = Choice(_("About"), Subject.choices, field_name="subject")
    initiative = Record(
        _("Policy, commitment or partnership"),
        lambda user: Initiative.objects.visible_to(user),
        key="reference",
        noun=_("record with the reference"),
        condition=lambda record: Q(initiative=record) | Q(other=record),
        help_text=_("Its reference, such as MHCLG-0001"),
    )
    lead_lineage = Record(
        _("Lead department, renames counted as one"),
        lineages,
        key="lineage",
        noun=_("department with the lineage"),
        options=leading,
        method="by_lead_lineage",
    )
    role_lineage = Record(
        _("Organisation with any role, renames counted as one"),
        lineages,
        key="lineage",
        noun=_("organisation with the lineage"),
        method="by_role_lineage",
        help_text=_("The lineage that it belongs to, such as nhs"),
    )
    structure = structure_filter()
    collection = Choices(
        _("Collection"),
        lambda: [(one.code, one.name) for one in Collection.objects.order_by("name")],
        _in_collections,
    )
    outcome = Record(
        _("Health outcome"),
        lambda user: Outcome.objects.all(),
        noun=_("outcome with the code"),
        options=lambda: [(one.code, one.name) for one in Outcome.objects.order_by("position")],
        condition=lambda outcome: (
            Q(outcome=outcome) | Q(outcome__isnull=True) & _either(OutcomeLink.objects.filter(outcome=outcome))
        ),
    )
    capital = Record(
        _("Capital, primary or secondary"),
        lambda user: Capital.objects.all(),
        noun=_("capital with the code"),
        options=lambda: [(one.code, one.name) for one in Capital.objects.order_by("position")],
        condition=lambda capital: _either(CapitalLink.objects.filter(capital=capital)),
    )
    place = Record(
        _("Place"),
        lambda user: Area.objects.all(),
        key="gss_code",
        noun=_("place with the code"),
        condition=_at_place,
        help_text=_("Its GSS code, such as E08000003. Finds wider and smaller places too"),
    )
    sort = Sort(
        {
            "severity": (_("Severity, highest first"), _("Severity, lowest first"), _severity),
            "check": (_("Check, A to Z"), _("Check, Z to A"), lambda f: F("check_code")),
            "first_seen": (_("Oldest first"), _("Newest first"), lambda f: F("first_seen_at")),
            "changed": (_("Changed longest ago first"), _("Changed last first"), lambda f: F("changed_at")),
        },
        tie=(_severity(None), "check_code", "fingerprint"),
    )

    class Meta:
        model = Flag
        fields = ()

    def filter_queryset(self, queryset):
        """The flags, each with its `state`."""
        return super().filter_queryset(queryset.with_state())

    def by_waiting(self, queryset, _name, whom):
        """Standing flags on which the reader's side has not decided, or not in a way that still holds."""
        mine = permissions.organisations_of(self.user, permissions.WRITERS)
        return queryset.filter(pk__in=Flag.objects.concerning(mine, undecided=True).values("pk")) if whom else queryset

    def by_lead_lineage(self, queryset, _name, body):
        """A body of the lineage leads what it is about, in the structure that is asked for."""
        return self._held(queryset, lineage=body.lineage, lead=True)

    def by_role_lineage(self, queryset, _name, body):
        """A body of the lineage has a role in what it is about, in the structure that is asked for."""
        return self._held(queryset, lineage=body.lineage)

    def _held(self, queryset, **who):
        found = Q()
        for rows in holdings(self.form.cleaned_data.get("structure"), **who):
            found |= _either(rows)
        return queryset.filter(found)
