"""Checks that go by places: powers of a tier, crowded places, boards that cover a place."""

import pytest

from policies.models import Area, Organisation
from tests.policies import factories
from tests.tracker.checks.sound import bare, codes, link, one, place, role, rows, sound

pytestmark = pytest.mark.usefixtures("empty_register")

NORWICH, NORFOLK, MANCHESTER, GREATER_MANCHESTER = "E07000148", "E10000020", "E08000003", "E47000001"
EAST_SUFFOLK, ENGLAND, EAST_OF_ENGLAND = "E07000244", "E92000001", "E12000006"


def local(title, *bodies, summary="", depth="delivery"):
    """A sound policy with these bodies for local government instead of the class of them all."""
    made = sound("policy", title=title, summary=summary)
    made.responsibilities.filter(organisation__sector="local_government").delete()
    for code in bodies:
        role(made, code, depth)
    return made


@pytest.mark.parametrize(
    ("title", "bodies"),
    [
        ("Homes for Norwich", [NORWICH]),
        ("Buses for Norwich", [NORWICH, NORFOLK]),
        ("Buses for Norwich", [NORWICH, "local-authorities"]),
        ("Schools for Manchester", [MANCHESTER]),
        ("Schools for Greater Manchester", ["gmca", MANCHESTER]),
        ("Homes and buses for Greater Manchester", ["gmca"]),  # under conditions
        ("Skills for Norwich", [NORWICH]),  # a field that is not looked at
        ("A plan for Norwich", [NORWICH]),  # about no field
        ("Abuses of power in Norwich", [NORWICH]),  # a word in a word
        ("Schools for all", ["local-authorities"]),
    ],
)
def test_a_tier_that_holds_the_power_or_is_not_needed_is_left_alone(title, bodies):
    assert rows("LOC003", local(title, *bodies)) == []


@pytest.mark.parametrize("depth", ["bidder", "recipient", "consulted"])
def test_who_is_only_asked_needs_no_power(depth):
    assert rows("LOC003", local("Buses for Norwich", NORWICH, depth=depth)) == []


def test_a_council_that_has_ended_is_not_the_wrong_tier():
    assert rows("LOC003", local("Schools for Suffolk Coastal", "E07000205")) == []


def test_a_field_that_nobody_is_known_to_hold_there_is_left_alone():
    body = factories.organisation(
        kind="local_authority", sector="local_government", area=Area.objects.get(gss_code=NORWICH)
    )
    Organisation.objects.filter(code=NORFOLK).update(active_to="2020-01-01")
    assert rows("LOC003", local("Buses", body.code)) == []


def test_a_district_cannot_run_buses_or_schools():
    made = local("Buses for Norwich", NORWICH, summary="New routes to every school.")
    found = one("LOC003", made)
    assert found["sentence"] == (
        "“Buses for Norwich” speaks of education and transport and names Norwich City Council; "
        "the local body that holds such powers there is not named."
    )
    assert found["proof"]["rows"] == [
        {"Field": field, "Word in its text": word, "Named": "Norwich City Council", "Held there by": holder}
        for field, word, holder in [
            ("Transport", "Buses", "Norfolk County Council"),
            ("Education", "school", "Norfolk County Council"),
        ]
    ]
    assert codes(made) == {"LOC003"}


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Homes for Norfolk", NORFOLK),
        ("Public health in Greater Manchester", "gmca"),
        ("Social care in Norwich", NORWICH),
    ],
)
def test_each_tier_can_be_the_wrong_one(title, body):
    assert one("LOC003", local(title, body))["proof"]["rows"][0]["Held there by"]


def test_a_council_elsewhere_holds_no_power_here():
    found = one("LOC003", local("Buses", NORWICH, MANCHESTER))
    assert [row["Named"] for row in found["proof"]["rows"]] == ["Norwich City Council"]


def act(lead, gss_code, **values):
    """A live policy that a department leads in a place."""
    made = bare("policy", **values)
    role(made, lead, "lead")
    place(made, gss_code)
    return made


def crowd(*leads, gss_code=NORWICH, **values):
    """A policy of each department in one place."""
    return [act(lead, gss_code, **values) for lead in leads]


FOUR = ("dft", "dhsc", "dfe", "mhclg")


def test_three_departments_are_no_crowd():
    crowd("dft", "dhsc", "dfe", "dfe")
    assert rows("LOC004") == []


def test_a_renamed_department_is_one():
    crowd("dft", "dhsc", "mhclg", "dluhc")
    assert rows("LOC004") == []


@pytest.mark.parametrize(
    ("lead", "values"),
    [("gmca", {}), ("dfe", {"status": "draft", "published_at": None}), ("dfe", {"sensitivity": "official_sensitive"})],
    ids=["not national", "draft", "sensitive"],
)
def test_who_does_not_count(lead, values):
    crowd("dft", "dhsc", "mhclg")
    act(lead, NORWICH, **values)
    assert rows("LOC004") == []


def test_what_is_for_a_whole_country_is_for_no_place():
    crowd(*FOUR, gss_code=ENGLAND)
    crowd("dft", "dhsc", "dfe")
    assert rows("LOC004") == []


def test_four_departments_in_one_place():
    crowd("dft", "dhsc", "dfe")
    under = bare("commitment", parent=act("dft", NORWICH))
    role(under, "mhclg", "lead")
    found = one("LOC004")
    assert found["fingerprint"] == "LOC004:place:E07000148"
    assert found["found_area"] == Area.objects.get(gss_code=NORWICH).pk
    assert found["sentence"] == "4 lead departments have initiatives for Norwich, and no live partnership covers it."
    assert [(row["Lead"], row["Initiatives"]) for row in found["proof"]["rows"]] == [
        ("DfE", 1), ("DfT", 2), ("DHSC", 1), ("MHCLG", 1),
    ]  # fmt: skip


def test_a_wider_place_counts_for_those_in_it_and_is_told_once():
    crowd("dft", "dhsc", gss_code=EAST_OF_ENGLAND)
    crowd("dfe", "mhclg")
    assert [row["fingerprint"] for row in rows("LOC004")] == ["LOC004:place:E07000148"]
    crowd("dfe", "mhclg", gss_code=EAST_OF_ENGLAND)
    assert [row["fingerprint"] for row in rows("LOC004")] == ["LOC004:place:E12000006"]
    act("defra", NORWICH)
    assert {row["fingerprint"] for row in rows("LOC004")} == {"LOC004:place:E07000148", "LOC004:place:E12000006"}


@pytest.mark.parametrize(
    ("gss_code", "values", "covered"),
    [
        (NORWICH, {}, True),
        (NORFOLK, {}, True),
        (ENGLAND, {}, False),
        (EAST_SUFFOLK, {}, False),
        (NORFOLK, {"status": "draft", "published_at": None}, False),
        (NORFOLK, {"sensitivity": "official_sensitive"}, False),
    ],
    ids=["there", "around", "the whole country", "elsewhere", "draft", "sensitive"],
)
def test_a_partnership_covers_a_place(gss_code, values, covered):
    crowd(*FOUR)
    place(bare("partnership", **values), gss_code)
    assert (rows("LOC004") == []) == covered


def board(*bodies, at=(NORWICH,), national=False):
    """A sound policy in places, with these NHS bodies in it."""
    made = sound("policy")
    made.responsibilities.filter(organisation__sector="nhs").delete()
    made.footprints.all().delete()
    for gss_code in at:
        place(made, gss_code)
    for code in bodies:
        role(made, code, "supporting")
    return made


@pytest.mark.parametrize(
    ("bodies", "at"),
    [
        (["T6Y0W"], [NORWICH]),  # Norfolk and Suffolk
        (["QMM"], [NORWICH]),  # its predecessor, of which the record still speaks
        (["T6Y0W"], [NORWICH, EAST_SUFFOLK]),
        (["QJG"], [EAST_SUFFOLK]),  # half of it and a little more
        (["QMM", "QJG"], [EAST_SUFFOLK]),
        (["QOP"], [GREATER_MANCHESTER]),
        (["QOP", "T6Y0W"], [MANCHESTER, NORWICH, ENGLAND]),
        (["nhs-england"], [NORWICH]),
        (["icb"], [NORWICH, MANCHESTER]),
        (["nhs-bodies"], [NORWICH]),
    ],
)
def test_boards_that_cover_each_place_are_enough(bodies, at):
    assert rows("NHS003", board(*bodies, at=at)) == []


def test_places_of_which_no_board_is_known_are_left_alone():
    assert rows("NHS003", board(at=["W06000015"] if Area.objects.filter(gss_code="W06000015") else [ENGLAND])) == []
    assert rows("NHS003", board(at=[factories.area().gss_code])) == []


def test_what_improves_nothing_needs_no_board():
    made = board("nhs-trusts")
    made.outcome_links.update(direction="mixed")
    assert rows("NHS003", made) == []
    link(made, "obesity")
    assert len(rows("NHS003", made)) == 1


@pytest.mark.parametrize(
    ("bodies", "at", "missing"),
    [
        ([], [NORWICH], ["Norwich"]),
        (["nhs-trusts"], [NORWICH], ["Norwich"]),
        (["ccg"], [NORWICH], ["Norwich"]),  # a class that has ended
        (["QOP"], [NORWICH, MANCHESTER], ["Norwich"]),
        (["QMM"], [EAST_SUFFOLK], ["East Suffolk"]),  # less than half
        (["T6Y0W"], [EAST_OF_ENGLAND], ["East of England"]),
    ],
)
def test_a_place_without_its_board_is_flagged(bodies, at, missing):
    found = one("NHS003", board(*bodies, at=at))
    assert [row["Place"] for row in found["proof"]["rows"]] == missing


def test_the_boards_to_ask_are_named():
    made = board("QMM", at=[EAST_SUFFOLK])
    found = one("NHS003", made)
    assert found["sentence"] == (
        f"“{made.title}” should improve health, and no role is held by the integrated care boards of East Suffolk."
    )
    assert found["proof"]["rows"] == [
        {
            "Place": "East Suffolk",
            "Boards there": "NHS Norfolk and Suffolk Integrated Care Board",
            "Share covered by boards with a role": "50%",
        }
    ]
