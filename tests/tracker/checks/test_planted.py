"""Every kind of misalignment planted once among thousands of sound initiatives: each is found, and nothing else is."""

import pytest
from django.db import connection

from policies.models import CapitalLink, Footprint, Initiative, Measure, OutcomeLink, Responsibility
from tests.conftest import TODAY
from tests.tracker.checks.sound import bare, role, sound
from tests.tracker.checks.test_spoilt import PARTNERSHIP, POLICY
from tests.tracker.checks.test_spoilt_further import POLICY as FURTHER
from tracker.actions import scans, verifying
from tracker.checks.catalogue import catalogue
from tracker.models import Flag

SOUND = 3000
# What these say of an outcome is what others of the planted are then compared with; they have tests of their own.
APART = {"OUT005 a second speaker says the opposite"}
PARTS = (CapitalLink, Footprint, Measure, OutcomeLink, Responsibility)

pytestmark = pytest.mark.usefixtures("empty_register")


def columns(model, *left_out):
    """Columns that are copied as they are."""
    return [
        field.column
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and field.column not in left_out
    ]


def multiply(prototype, number):
    """Copy an initiative with all its parts, in the database; triggers are off, since their work is not the subject."""
    kept = columns(Initiative, "reference", "title", "short_code")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO policies_initiative (reference, title, short_code, {', '.join(kept)})"
            f" SELECT 'C{prototype.pk}-' || lpad(n::text, 4, '0'), md5(n || 'x'), '', {', '.join(kept)}"
            " FROM policies_initiative, generate_series(1, %s) AS n WHERE id = %s",
            [number, prototype.pk],
        )
        for model in PARTS:
            names = ", ".join(columns(model, "initiative_id"))
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} (initiative_id, {names})"
                f" SELECT copy.id, {', '.join('part.' + name for name in names.split(', '))}"
                f" FROM {model._meta.db_table} AS part, policies_initiative AS copy"
                f" WHERE part.initiative_id = %s AND copy.reference LIKE 'C{prototype.pk}-%%'",
                [prototype.pk],
            )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def under(parent):
    """A commitment that adds nothing to a sound policy."""
    made = bare("commitment", parent=parent)
    role(made, "dft", "lead")
    return made


def planted():
    """Each spoiling of the tables of one's own, done to a sound record: {record: the codes that then object}."""
    found = {}
    for kind, table in (("policy", POLICY), ("policy", FURTHER), ("partnership", PARTNERSHIP)):
        for name, spoil, codes in table:
            if name in APART:
                continue
            made = sound(kind, **({"form": "devolution_deal"} if kind == "partnership" else {}))
            spoil(made)
            found[made.pk] = (f"{kind}: {name}", codes)
    return found


def objections():
    """Standing flags of checks that judge initiatives one by one: {initiative: codes}."""
    found = {}
    flags = Flag.objects.standing().values_list("check_code", "initiative_id", "other_id")
    for code, *subjects in flags:
        if catalogue()[code].reach != "all":
            for subject in filter(None, subjects):
                found.setdefault(subject, set()).add(code)
    return found


def test_each_is_found_and_nothing_else_is():
    multiply(sound("policy"), SOUND)
    multiply(sound("partnership", form="devolution_deal"), SOUND // 10)
    expected = planted()
    assert scans.scan_all(today=TODAY).scan.errors == {}
    found = objections()
    wrong = {
        name: (sorted(codes), sorted(found.get(pk, ())))
        for pk, (name, codes) in expected.items()
        if found.get(pk, set()) != codes
    }
    assert wrong == {}
    assert set(found) == {pk for pk, (_name, codes) in expected.items() if codes}, "a sound record is flagged"
    again = scans.scan_all(today=TODAY).scan
    assert (again.opened, again.changed, again.resolved) == (0, 0, 0)
    assert verifying.verify(today=TODAY)[0] == []
    for pk in list(found):
        Initiative.objects.filter(pk=pk).update(status="draft", published_at=None, published_by=None)
    scans.scan_all(today=TODAY)
    assert objections() == {}, "what was planted is gone, and so are its flags"
