"""The filters of organisations, places and outcomes."""

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models import (
    Area,
    AreaClosure,
    AreaKind,
    Organisation,
    OrganisationAlias,
    OrganisationKind,
    Outcome,
    Sector,
)
from tracker.filters.base import Choice, FilterSet, Record, Search, Sort, yes_no
from tracker.filters.lineages import leading, lineages


def _named(_queryset, words):
    alias = OrganisationAlias.objects.filter(organisation=OuterRef("pk"), name__icontains=words)
    return (
        Q(name__icontains=words)
        | Q(abbreviation__iexact=words)
        | Q(code__icontains=words)
        | Q(Exists(alias))
        | Q(ods_code__iexact=words)
        | Q(gss_code__iexact=words)
    )


def _existing():
    """It exists today: organisations end on the first day that they were no more."""
    today = timezone.localdate()
    return (Q(active_from__isnull=True) | Q(active_from__lte=today)) & (
        Q(active_to__isnull=True) | Q(active_to__gt=today)
    )


def _in_use():
    """Its code is in use today: codes end on the last day that they were."""
    today = timezone.localdate()
    return (Q(active_from__isnull=True) | Q(active_from__lte=today)) & (
        Q(active_to__isnull=True) | Q(active_to__gte=today)
    )


class OrganisationFilter(FilterSet):
    """Bodies by name, sort, side of the table, place and time."""

    q = Search(_named)
    kind = Choice(_("Kind"), OrganisationKind.choices, field_name="kind")
    sector = Choice(_("Sector"), Sector.choices, field_name="sector")
    lineage = Record(
        _("Lineage"),
        lineages,
        key="lineage",
        noun=_("organisation with the lineage"),
        options=leading,
        condition=lambda body: Q(lineage=body.lineage),
    )
    active = yes_no(_("Exists today"), _existing)
    collective = yes_no(_("A class of bodies"), lambda: Q(is_collective=True))
    place = Record(
        _("Place"),
        lambda user: Area.objects.all(),
        key="gss_code",
        noun=_("place with the code"),
        condition=lambda area: Q(area__in=AreaClosure.objects.filter(ancestor=area).values("descendant")),
        help_text=_("The GSS code of a place: finds the bodies of that place and of those within it"),
    )
    sort = Sort(
        {
            "name": (_("Name, A to Z"), _("Name, Z to A"), lambda f: Lower("name")),
            "code": (_("Code, A to Z"), _("Code, Z to A"), lambda f: F("code")),
        },
        tie=(Lower("name"), "code"),
    )

    class Meta:
        model = Organisation
        fields = ()


class AreaFilter(FilterSet):
    """Places by name or code, kind, what they lie in and what lies in them."""

    q = Search(lambda _queryset, words: Q(name__icontains=words) | Q(gss_code__istartswith=words))
    kind = Choice(_("Kind"), AreaKind.choices, field_name="kind")
    within = Record(
        _("Within"),
        lambda user: Area.objects.all(),
        key="gss_code",
        noun=_("place with the code"),
        condition=lambda area: Exists(AreaClosure.objects.filter(descendant=OuterRef("pk"), ancestor=area)),
        help_text=_("The GSS code of a place: finds it and every place that lies in it"),
    )
    contains = Record(
        _("Contains"),
        lambda user: Area.objects.all(),
        key="gss_code",
        noun=_("place with the code"),
        condition=lambda area: Exists(AreaClosure.objects.filter(ancestor=OuterRef("pk"), descendant=area)),
        help_text=_("The GSS code of a place: finds it and every place that it lies in"),
    )
    active = yes_no(_("Code in use today"), _in_use)
    sort = Sort(
        {
            "name": (_("Name, A to Z"), _("Name, Z to A"), lambda f: Lower("name")),
            "code": (_("Code, lowest first"), _("Code, highest first"), lambda f: F("gss_code")),
        },
        tie=(Lower("name"), "gss_code"),
    )

    class Meta:
        model = Area
        fields = ()


class OutcomeFilter(FilterSet):
    """Outcomes by their words."""

    q = Search(
        lambda _queryset, words: Q(name__icontains=words) | Q(definition__icontains=words) | Q(code__iexact=words)
    )
    sort = Sort(
        {
            "position": (_("Usual order"), _("Usual order, turned round"), lambda f: F("position")),
            "name": (_("Name, A to Z"), _("Name, Z to A"), lambda f: Lower("name")),
        },
        tie=("position",),
    )

    class Meta:
        model = Outcome
        fields = ()
