"""The catalogue: whole, ordered, explained; every check narrows to a scope without changing its answers."""

import re

import pytest

from policies.models import Initiative
from tests.tracker.checks.sound import rows
from tracker.checks import base
from tracker.checks.base import Check, Threshold
from tracker.checks.catalogue import catalogue
from tracker.models import Flag

NUMBERS = {
    "DEP": tuple(range(1, 11)),
    "CAP": (1, 2, 3, 4),
    "OUT": tuple(range(1, 7)),
    "LOC": (1, 2, 3, 4),
    "NHS": (1, 2, 3),
    "PAR": tuple(range(1, 6)),
    "MET": tuple(range(1, 9)),
    "FND": tuple(range(1, 6)),
    "DLV": (1, 2, 3, 4),
    "REC": (1, 2, 3, 4),
}
CODES = [f"{family}{number:03}" for family, numbers in NUMBERS.items() for number in numbers]


def test_every_check_in_the_order_of_families():
    assert list(catalogue()) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_check_explains_itself(code):
    check = catalogue()[code]
    text = check.text()
    assert set(text) == {"flags", "why", "do", "source"}
    for part in text.values():
        assert part[0].isupper()
        assert part.endswith(".")
        assert not re.search(r"\b(please|sorry|valid|invalid)\b", part, re.IGNORECASE)
    assert check.title
    for threshold in check.thresholds.values():
        assert threshold.unit
        assert threshold.source


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"code": "NHS001"}, "two checks"),
        ({"code": "ZZZ001"}, "unknown severity or family"),
        ({"severity": "awful"}, "unknown severity or family"),
        ({"__doc__": "Flags: something."}, "does not say"),
    ],
)
def test_what_the_catalogue_refuses(change, complaint):
    catalogue()
    sound = {
        "code": "NHS999",
        "title": "T",
        "severity": "low",
        "__doc__": "Flags: A.\n\nWhy: B.\n\nDo: C.\n\nSource: D.",
    }
    kind = type("Made", (Check,), sound | change)
    with pytest.raises(ValueError, match=complaint):
        base.register(kind)
    assert list(catalogue()) == CODES


def test_thresholds_are_read_from_the_class():
    assert catalogue()["CAP004"]().limit("value") == 100_000_000
    assert Threshold(1, "days", "ours").value == 1


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize("code", [code for code in CODES if catalogue()[code].reach != "all"])
def test_a_scope_gives_the_rows_of_the_whole_that_concern_it(code):
    whole = rows(code)
    some = list(Initiative.objects.order_by("reference")[::3])
    ids = {one.pk for one in some}
    concerned = [row for row in whole if {row["found_initiative"], row["found_other"]} & ids]
    assert sorted(rows(code, *some), key=str) == sorted(concerned, key=str)


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize("code", CODES)
def test_a_second_look_finds_the_same_evidence(code):
    assert sorted(rows(code), key=str) == sorted(rows(code), key=str)
    fingerprints = [row["fingerprint"] for row in rows(code)]
    assert len(fingerprints) == len(set(fingerprints))
    assert all(fingerprint.startswith(f"{code}:") for fingerprint in fingerprints)


@pytest.mark.usefixtures("landscape")
def test_exact_sentences_of_the_landscape():
    said = {flag.fingerprint: flag.summary for flag in Flag.objects.filter(subject__in=["policy", "partnership"])}
    for short_code, code, sentence in [
        ("luf", "FND002", "None of the 18 allocation criteria of “Levelling Up Fund” is a measure of health."),
        ("ukib", "FND001", "No allocation criteria are recorded for “UK Infrastructure Bank”."),
        (
            "english-freeports",
            "LOC002",
            (
                "In “English Freeports” local government only bids, receives or is consulted"
                " (Local authorities in England)."
            ),
        ),
        (
            "gm-agreement-2014",
            "PAR003",
            "No NHS body is on record as a member of the devolution deal “Greater Manchester Agreement”.",
        ),
    ]:
        initiative = Initiative.objects.get(short_code=short_code)
        assert said[f"{code}:{initiative.kind}:{initiative.reference}"] == sentence
