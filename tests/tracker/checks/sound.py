"""A register in miniature that no check objects to, to be spoilt one way at a time; and what the checks then find."""

import datetime
import json

from django.db import connection
from django.utils import timezone

from policies.models import Area, Capital, Organisation, Outcome
from tests.conftest import TODAY
from tests.policies import factories
from tracker.actions.reconcile import prepared
from tracker.checks.base import COLUMNS, Scope
from tracker.checks.catalogue import catalogue


def organisation(code):
    """A body of the reference data."""
    return Organisation.objects.get(code=code)


def link(initiative, outcome="physical_activity", direction="improves", **values):
    """An outcome link; stated and with a pathway unless told otherwise."""
    values = {"stated_in_text": True, "pathway": "It works.", "horizon": "long"} | values
    return factories.outcome_link(
        initiative=initiative, outcome=Outcome.objects.get(code=outcome), direction=direction, **values
    )


def builds(initiative, capital="human", weight="primary"):
    """A capital link."""
    return factories.capital_link(initiative=initiative, capital=Capital.objects.get(code=capital), weight=weight)


def role(initiative, code, role):
    """A body's role."""
    return factories.responsibility(initiative=initiative, organisation=organisation(code), role=role)


def place(initiative, gss_code="E92000001"):
    """A named place; England unless told otherwise."""
    return factories.footprint(initiative=initiative, area=Area.objects.get(gss_code=gss_code))


def bare(kind="policy", **values):
    """A published initiative and nothing else: most checks object to it."""
    make = {"policy": factories.policy, "commitment": factories.commitment, "partnership": factories.partnership}[kind]
    given = {"status": "published", "published_at": timezone.now(), "source_title": "A white paper"}
    if kind == "commitment":
        given |= {"due_date": days(365), "due_precision": "day"}
    return make(**(given | values))


def sound(kind="policy", *, lead="dft", outcome="physical_activity", **values):
    """A published initiative that no check objects to."""
    made = bare(kind, **values)
    role(made, lead, "lead")
    role(made, "dhsc" if lead != "dhsc" else "dfe", "supporting")
    role(made, "local-authorities", "delivery")
    role(made, "nhs-bodies", "delivery")
    builds(made)
    builds(made, "financial_physical", "secondary")
    link(made, outcome)
    place(made)
    factories.measure(initiative=made, words="Healthy life expectancy", is_health=True)
    return made


def rows(code, *initiatives, today=TODAY):
    """What a check finds, as dictionaries; over everything, or within the scope of some initiatives."""
    scope = Scope(today, frozenset(one.pk for one in initiatives) if initiatives else None)
    query, columns, parameters = prepared(catalogue()[code](), scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS found ({columns})", parameters)
        found = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    for row in found:
        if isinstance(row["proof"], str):
            row["proof"] = json.loads(row["proof"])
    return found


def codes(initiative, today=TODAY):
    """Codes of the checks that object to one initiative itself, portfolios and outcomes left aside."""
    return {
        code
        for code, check in catalogue().items()
        if check.reach != "all"
        for row in rows(code, initiative, today=today)
        if initiative.pk in (row["found_initiative"], row["found_other"])
    }


def one(code, *initiatives, **how):
    """The only row that a check finds."""
    found = rows(code, *initiatives, **how)
    assert len(found) == 1, found
    return found[0]


def moment(number):
    """Noon of that day."""
    return datetime.datetime.combine(days(number), datetime.time(12), tzinfo=datetime.UTC)


def days(number):
    """A day so many days from the day that the checks go by."""
    return TODAY + datetime.timedelta(days=number)
