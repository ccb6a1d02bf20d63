"""How checks on roles show who has which role."""

from django.db.models import F

from policies.models import Basis, Role, Sector
from tracker.checks import facts
from tracker.checks.wording import choice, counted, proof

COLUMNS = {
    "Organisation": F("organisation__name"),
    "Sector": choice("organisation__sector", Sector),
    "Role": choice("role", Role),
    "Basis": choice("basis", Basis),
    "Note": F("note"),
}


def who_has_a_role(missing=None, sector=None):
    """Evidence: the roles recorded, of all sectors or of one; with `missing`, that this sector has none."""
    rows = facts.roles(sector).order_by("-depth", "organisation__name", "role")
    stated = {f"Roles recorded for {missing[1]}": counted(facts.roles(missing[0]))} if missing else {}
    return proof(stated, rows, COLUMNS)
