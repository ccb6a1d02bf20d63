"""Departments with their renames counted as one."""

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from policies.models import Organisation, OrganisationKind, OrganisationSuccession, Responsibility, Role
from tracker.checks.wording import counted


def lineages(_user=None):
    """One organisation for each lineage, in whose name it is shown.

    That is the department if it has one, and of departments the heir where there is one only; where the work was
    split among several, the body with the most roles on record.
    """
    current = ~Exists(OrganisationSuccession.objects.filter(predecessor=OuterRef("pk")))
    heirs = Organisation.objects.filter(current, lineage=OuterRef("lineage"), kind=OuterRef("kind"))
    return (
        Organisation.objects.annotate(
            heirs=counted(heirs),
            roles_held=counted(Responsibility.objects.filter(organisation=OuterRef("pk"))),
        )
        .annotate(
            is_department=Case(When(kind=OrganisationKind.DEPARTMENT, then=Value(1)), default=Value(0)),
            only_heir=Case(When(Q(current) & Q(heirs=1), then=Value(1)), default=Value(0)),
        )
        .order_by("lineage", "-is_department", "-only_heir", "-roles_held", "code")
        .distinct("lineage")
    )


def leading():
    """The lineages that lead something, as choices in the order of their names."""
    led = Responsibility.objects.filter(role=Role.LEAD).values("organisation__lineage")
    found = ((one.lineage, one.name) for one in lineages().filter(lineage__in=led))
    return sorted(found, key=lambda choice: choice[1].lower())
