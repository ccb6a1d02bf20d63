"""Who may open and send what: every address by every role, of the own organisation and of another.

The table stands in docs/permissions.md, for people to read. This test works it out from the running service and
compares. An address that is not in it fails here, and so does a line whose address is gone.

`WRITE_PERMISSIONS=1 python -m pytest tests/test_permissions.py -n 0` writes the table anew: read what changed.
"""

import logging
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from policies.models import Organisation
from tests.policies import deciding, factories
from tracker.models import Flag

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

PAGE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
READERS = {
    "signed out": None,
    "signed in": (),
    "reader": ("reader", "dft"),
    "editor": ("editor", "dft"),
    "approver": ("approver", "dft"),
    "other editor": ("editor", "dhsc"),
    "other approver": ("approver", "dhsc"),
    "administrator": "administrator",
}
WORDS = {
    200: "yes",
    301: "on",
    302: "on",
    400: "bad",
    403: "no",
    404: "unknown",
    405: "-",
    410: "gone",
    503: "not ready",
}

OWN_FLAG = "DEP003:policy:DFT-0001"  # on a record that DfT leads; somebody has acknowledged it
# What stands in the place of a parameter. Where it differs by address, the address is named too.
SAMPLES = {
    "fingerprint": "NHS001:policy:MHCLG-0004",
    "gss_code": "E92000001",
    "organisation": "dft",
    "outcome": "obesity",
    "role": "supporting",
    "file_format": "xlsx",
    "side": "first",
    "threshold": "days",
    "kind": "place",
    "uidb36": "a",
    "key": "b",
    "token": "c",
    ("check", "code"): "NHS001",
    ("api-check-detail", "code"): "NHS001",
    ("threshold", "code"): "DEP004",
    ("flag_acknowledge", "fingerprint"): OWN_FLAG,
    ("flag_comment", "fingerprint"): OWN_FLAG,
    ("flag_dismiss", "fingerprint"): OWN_FLAG,
    ("flag_take_back", "fingerprint"): OWN_FLAG,
    ("threshold_reset", "code"): "DEP004",
    ("severity", "code"): "DEP004",
    "work": "check",
    "name": "FAC001",
    ("severity_reset", "code"): "DEP004",
    ("report", "code"): "briefings-tests",
    ("journey_outcome", "code"): "obesity",
    ("api-outcome-detail", "code"): "obesity",
    ("api-capital-detail", "code"): "human",
    ("hand_over", "code"): "dluhc",
    ("move_members", "code"): "dluhc",
    "code": "dft",
}
# Rows of a record that an address names by number, and how each is made.
ROWS = {
    "journey_role": lambda record: record.responsibilities.get(role="supporting"),
    "journey_measure": lambda record: factories.measure(initiative=record),
    "journey_criterion": lambda record: factories.criterion(initiative=record),
    "journey_allocation": lambda record: factories.allocation(initiative=record),
}
# Things that belong to somebody or to nobody, which an address names by number.
THINGS = {
    "invitation": lambda readers: factories.invitation(organisation=_dft(), by=readers["approver"]),
    "person": lambda readers: readers["editor"],
    "round": lambda readers: factories.round_(),
    "scan": lambda readers: factories.scan(),
    "saved": lambda readers: factories.saved_search(user=readers["editor"]),
    "upload": lambda readers: factories.upload(by=readers["editor"]),
    "watch": lambda readers: factories.watch(user=readers["editor"]),
}


def _dft():
    return Organisation.objects.get(code="dft")


def named_addresses(patterns=None, parameters=()):
    """Every named address with the names of its parameters. Django's admin has tests of its own."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        inside = (*parameters, *pattern.pattern.regex.groupindex)
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                yield from named_addresses(pattern.url_patterns, inside)
        elif pattern.name:
            yield pattern.name, inside


ADDRESSES = dict(sorted(named_addresses()))


def change_and_break():
    """A threshold and a severity that were changed and a check that failed, so that there is a way back."""
    factories.threshold_value(check_code="DEP004", name="days", value=15)
    factories.severity_value(check_code="DEP004")
    factories.stale_check(code="FAC001")


@pytest.fixture
def records():
    """DfT's own records: a draft, one in review, a published one; it is given a role in each too."""
    change_and_break()
    dft, now, author = _dft(), timezone.now(), factories.user()
    made = {
        "draft": factories.policy(reference="DFT-9001", form="fund"),
        "in review": factories.policy(
            reference="DFT-9002", form="fund", status="in_review", submitted_by=author, submitted_at=now
        ),
        "published": factories.policy(reference="DFT-9003", form="fund", status="published"),
    }
    for record in made.values():
        for role in ("lead", "supporting"):
            factories.responsibility(initiative=record, organisation=dft, role=role)
    deciding.flag_decision(flag=Flag.objects.get(fingerprint=OWN_FLAG), organisation=dft)
    return made


@pytest.fixture
def readers(person):
    made = {}
    for name, who in READERS.items():
        if who == "administrator":
            made[name] = person(administrator=True)
        else:
            made[name] = None if who is None else person(*who)
    return made


def cases(name, parameters, records, readers):
    """(about, address) for each record, or for the one thing, that an address is tried with."""
    values = {each: SAMPLES.get((name, each), SAMPLES.get(each)) for each in parameters}
    if "reference" in parameters:
        for about, record in records.items():
            if "pk" in parameters:
                values["pk"] = ROWS[name](record).pk
            yield about, reverse(name, kwargs=values | {"reference": record.reference})
        return
    for each in ("pk", "number"):
        if each in parameters:
            values[each] = THINGS[name.partition("_")[0]](readers).pk
    yield "", reverse(name, kwargs=values)


def told(client, address):
    """What opening and what sending nothing comes to, in a word each; one where they agree."""
    words = []
    for method in (client.get, client.post):
        with transaction.atomic():
            answer = method(address)
            transaction.set_rollback(True)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/account/login/?next=")
        words.append("sign in" if to_sign_in else WORDS.get(answer.status_code, str(answer.status_code)))
    return words[0] if words[0] == words[1] else "/".join(words)


def line(name, about, cells):
    return f"| {' | '.join([name, about, *cells])} |"


def written():
    """The table's lines by address."""
    found = {}
    for text in PAGE.read_text().splitlines():
        name = text.strip("| ").split(" |")[0]
        if text.startswith("| ") and name in ADDRESSES:
            found.setdefault(name, []).append(text)
    return found


WORKED_OUT = {}


@pytest.fixture(scope="module", autouse=True)
def rewrite():
    """Put what was worked out into the page, when asked."""
    yield
    if os.environ.get("WRITE_PERMISSIONS"):
        head = PAGE.read_text().split("| address |")[0]
        columns = ["address", "about", *READERS]
        lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
        PAGE.write_text(
            head + "\n".join([*lines, *(row for name in sorted(WORKED_OUT) for row in WORKED_OUT[name])]) + "\n"
        )


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals, each told with its traceback, would cost more than the refusals."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", ADDRESSES)
def test_everybody_gets_what_the_table_says(records, readers, name):
    try:
        tried = list(cases(name, ADDRESSES[name], records, readers))
    except (KeyError, NoReverseMatch) as error:
        raise AssertionError(f"say in SAMPLES, ROWS or THINGS what {name} is tried with: {error}") from error
    columns = []
    for user in readers.values():
        client = Client()
        if user is not None:
            client.force_login(user)
        columns.append([told(client, address) for _about, address in tried])
    rows = [line(name, about, cells) for (about, _address), *cells in zip(tried, *columns, strict=True)]
    WORKED_OUT[name] = rows
    if not os.environ.get("WRITE_PERMISSIONS"):
        assert written().get(name) == rows, "docs/permissions.md says otherwise"


def test_the_table_has_no_line_of_an_address_that_is_gone():
    known = {text.strip("| ").split(" |")[0] for text in PAGE.read_text().splitlines() if text.startswith("| ")}
    assert known - {"address"} == set(ADDRESSES)
