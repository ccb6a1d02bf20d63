"""The real landscape's answers, as computed independently of this code and written down in docs/checks."""

import pytest

from policies.models import Initiative
from tracker.models import Flag

pytestmark = pytest.mark.usefixtures("landscape")

# Check, kind: flags in all, and among the 17 policies of `core_2021`.
POLICIES = {
    "FND001": (4, 2),
    "FND002": (11, 7),
    "LOC001": (20, 7),
    "LOC002": (5, 4),
    "NHS001": (33, 15),
    "NHS002": (1, 0),
    "OUT001": (0, 0),
    "CAP001": (0, 0),
    "OUT002": (1, 1),
    "OUT006": (26, 14),
}
PARTNERSHIPS = {"PAR001": 0, "PAR002": 5, "PAR003": 13}


@pytest.mark.parametrize(("code", "expected"), POLICIES.items())
def test_policies_flagged(code, expected):
    flags = Flag.objects.standing().filter(check_code=code, subject="policy")
    core = Initiative.objects.filter(collection_items__collection__code="core_2021")
    assert (flags.count(), flags.filter(initiative__in=core).count()) == expected


@pytest.mark.parametrize(("code", "expected"), PARTNERSHIPS.items())
def test_partnerships_flagged(code, expected):
    assert Flag.objects.standing().filter(check_code=code, subject="partnership").count() == expected


def test_the_one_harm_is_the_freeports():
    flag = Flag.objects.get(check_code="OUT002", subject="policy")
    assert flag.initiative.short_code == "english-freeports"
    assert flag.summary == "“English Freeports” worsens air quality and no mitigation is recorded."


def test_the_whole_register_is_tilted_and_the_share_is_said():
    flag = Flag.objects.get(fingerprint="CAP002:register")
    assert "86.5% of its pounds in financial and physical capital" in flag.summary
    shares = {row["Capital"]: row["Share of pounds"] for row in flag.evidence["rows"]}
    assert shares == {"Financial and physical": "86.5%", "Human": "11.2%", "Social": "2.3%", "Natural": "0.0%"}


def test_renamed_departments_are_one():
    """MHCLG of 2018 and DLUHC: 12 policies and 1, weighed together under the name of their heir."""
    flag = Flag.objects.get(fingerprint="CAP002:department:housing-communities")
    assert flag.summary.startswith("MHCLG has ")
    assert {"label": "Initiatives with a primary capital", "value": 13} in flag.evidence["facts"]


def test_every_flag_says_a_whole_sentence():
    for flag in Flag.objects.all():
        assert flag.summary.endswith(".")
        assert "None" not in flag.summary.split()[1:]
        assert "  " not in flag.summary
        assert flag.evidence["facts"] or flag.evidence["rows"]
