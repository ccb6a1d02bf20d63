"""The least that a sound row of the reference tables needs: places, bodies, powers, capitals, outcomes, indicators."""

import datetime
import itertools

from policies import models

_numbers = itertools.count(1)
DAY = datetime.date(2021, 7, 1)


def number():
    """A number that no earlier row has."""
    return next(_numbers)


def area(**values):
    """A district."""
    n = number()
    values = {"gss_code": f"E99{n:06d}", "name": f"Place {n}", "kind": "non_metropolitan_district"} | values
    return models.Area.objects.create(**values)


def area_succession(**values):
    """A district that became another."""
    return models.AreaSuccession.objects.create(**_made(values, predecessor=area, successor=area))


def area_part(**values):
    """A district in a region."""
    values = {"relation": "region"} | _made(values, part=area, whole=area)
    return models.AreaPart.objects.create(**values)


def area_closure(**values):
    """A district lies in another."""
    return models.AreaClosure.objects.create(**_made(values, ancestor=area, descendant=area))


def organisation(**values):
    """A department."""
    n = number()
    values = {
        "code": f"factory-{n}",
        "name": f"Department {n}",
        "kind": "department",
        "sector": "national",
        "lineage": f"factory-{n}",
    } | values
    return models.Organisation.objects.create(**values)


def organisation_succession(**values):
    """A department that became another."""
    values = _made(values, predecessor=organisation, successor=organisation)
    return models.OrganisationSuccession.objects.create(**values)


def organisation_alias(**values):
    """Another name of a department."""
    values = {"name": f"Alias {number()}"} | _made(values, organisation=organisation)
    return models.OrganisationAlias.objects.create(**values)


def power(**values):
    """Districts hold a power; with `organisation`, that body does."""
    tier = {"body_kind": "", "tier": ""} if "organisation" in values else {
        "body_kind": "local_authority", "tier": "unitary",
    }  # fmt: skip
    values = {
        "code": f"power-{number()}", "domain": "transport", "words": "does it", "source_title": "An Act",
    } | tier | values  # fmt: skip
    return models.Power.objects.create(**values)


def power_sign(**values):
    """A word that makes a field of powers bear; with `outcome` or `capital`, that does."""
    word = "" if values.keys() & {"outcome", "capital"} else f"word{number()}"
    return models.PowerSign.objects.create(**{"domain": "transport", "word": word} | values)


def capital(**values):
    """A fifth capital, or a later one."""
    n = number()
    values = {"code": f"factory-{n}", "name": f"Capital {n}", "position": 1000 + n, "definition": "D"} | values
    return models.Capital.objects.create(**values)


def outcome(**values):
    """An outcome."""
    n = number()
    values = {"code": f"factory-{n}", "name": f"Outcome {n}", "position": 1000 + n, "definition": "D"} | values
    return models.Outcome.objects.create(**values)


def indicator(**values):
    """A published series."""
    n = number()
    values = {
        "code": f"factory:{n}",
        "publisher": "factory",
        "name": f"Indicator {n}",
        "polarity": "higher",
        "horizon": "short",
        "is_health": False,
    } | values
    return models.Indicator.objects.create(**values)


def observation(**values):
    """A value of a day."""
    values = {"period_start": DAY, "period_end": DAY, "value": 1} | _made(values, indicator=indicator, area=area)
    return models.Observation.objects.create(**values)


def _made(values, **makers):
    """The values, and for each related row that they do not name a new one."""
    return values | {name: make() for name, make in makers.items() if name not in values}
