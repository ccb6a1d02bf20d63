"""The table of powers: each by an Act, each tier covered, loaded once however often."""

import csv
import shutil
from collections import defaultdict

import pytest

from policies.actions.people import registrar
from policies.actions.reference import FOLDER, ReferenceFileError, load_reference
from policies.models import AreaKind, Domain, OrganisationKind, Outcome, Power, PowerSign
from tests.policies.written import written as counts

pytestmark = pytest.mark.usefixtures("landscape")

UPPER = {"county", "unitary", "metropolitan_district", "london_borough"}
LOWER = {"unitary", "metropolitan_district", "london_borough", "non_metropolitan_district"}


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path, rows):
    """The file with other rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_each_power_names_its_act_and_where_it_stands():
    for row in rows("powers.csv"):
        assert row["domain"] in Domain.values
        assert " Act " in row["source_title"], row
        assert row["source_url"].startswith("https://www.legislation.gov.uk/ukpga/"), row
        assert bool(row["tiers"]) != bool(row["bodies"]), row
        assert set(row["tiers"].split(";")) <= {*AreaKind.values, ""}
        assert row["body_kind"] in (*OrganisationKind.values, "")


@pytest.mark.parametrize(
    ("code", "tiers"),
    [
        ("public-health", UPPER), ("adult-social-care", UPPER), ("schools", UPPER), ("highways", UPPER),
        ("council-housing", LOWER), ("local-plan", LOWER), ("air-quality", LOWER),
    ],
)  # fmt: skip
def test_the_tier_that_holds_it(db, code, tiers):
    assert set(Power.objects.filter(code=code).values_list("tier", flat=True)) == tiers


def test_every_field_has_powers_signs_and_every_outcome_leads_to_one(db):
    assert set(Power.objects.values_list("domain", flat=True)) == set(Domain.values)
    signs = defaultdict(set)
    for sign in PowerSign.objects.exclude(outcome=None).select_related("outcome"):
        signs[sign.outcome.code].add(sign.domain)
    assert set(signs) == set(Outcome.objects.values_list("code", flat=True))
    assert all("health_care" in domains for domains in signs.values()), "boards come from the places"
    assert set(PowerSign.objects.values_list("domain", flat=True)) == set(Domain.values)


def test_loading_again_writes_nothing(db):
    before = counts()
    done = {loaded.name: loaded for loaded in load_reference(by=registrar())}
    assert str(done["Powers of bodies"]).endswith("(up to date)")
    assert str(done["What powers bear on"]).endswith("(up to date)")
    assert {name: n for name, n in counts().items() if n != before[name]} == {}


def test_what_the_file_no_longer_says_goes(db, tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "reference")
    kept = [row for row in rows("powers.csv") if row["code"] != "leisure"]
    rewrite(folder / "powers.csv", kept)
    load_reference(by=registrar(), folder=folder)
    assert not Power.objects.filter(code="leisure").exists()
    assert Power.objects.filter(code="libraries").count() == 4


def test_a_body_that_does_not_exist_is_named_with_its_row(db, tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "reference")
    spoilt = [row | {"bodies": "atlantis"} if row["bodies"] == "pcc" else row for row in rows("powers.csv")]
    rewrite(folder / "powers.csv", spoilt)
    with pytest.raises(ReferenceFileError, match=r"powers.csv, row \d+, column bodies: nothing has the code atlantis"):
        load_reference(by=registrar(), folder=folder)
