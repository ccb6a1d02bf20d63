"""The reference files themselves: sourced, consistent, and in the register's own words."""

import csv
import re
from collections import Counter, defaultdict

import pytest

from policies.actions.reference import FOLDER
from policies.workbook.sheets import SHEETS


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keyed(name, column):
    found = rows(name)
    by_key = {row[column]: row for row in found}
    assert len(by_key) == len(found)
    return by_key


@pytest.fixture(scope="module")
def areas():
    return keyed("areas.csv", "gss_code")


def test_counts_are_those_that_the_readme_states():
    stated = dict(
        re.findall(r"^\| (\w+\.csv) \| ([\d,]+) \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    )
    assert {name: len(rows(name)) for name in stated} == {
        name: int(count.replace(",", "")) for name, count in stated.items()
    }
    assert set(stated) == {path.name for path in FOLDER.glob("*.csv")}


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.csv")), ids=lambda path: path.stem)
def test_every_row_has_as_many_cells_as_columns(path):
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert {len(line) for line in lines} == {len(lines[0])}


def test_areas_organisations_indicators_and_landscape_name_their_sources():
    assert all(row["source"] for row in rows("areas.csv") + rows("indicators.csv"))
    assert all(row["source_title"] for row in rows("organisations.csv"))
    assert all(row["basis"] for row in rows("area_parts.csv"))
    for sheet in SHEETS:
        for row in rows(f"landscape_2021/{sheet.name}.csv"):
            assert row["source_title"], (sheet.name, row)
            assert row["source_url"].startswith("http"), (sheet.name, row)


def test_the_landscape_files_have_the_workbook_s_columns():
    for sheet in SHEETS:
        with (FOLDER / "landscape_2021" / f"{sheet.name}.csv").open(encoding="utf-8") as file:
            # The version is what an exported file carries, so that a stale one is known.
            assert next(csv.reader(file)) == [column.name for column in sheet.columns if column.name != "version"]


def test_successors_exist_and_ended_codes_say_when(areas):
    for row in areas.values():
        assert all(code in areas for code in row["successors"].split(";") if code)
        if row["successors"]:
            assert row["active_to"], row["gss_code"]
    organisations = keyed("organisations.csv", "code")
    for row in organisations.values():
        assert all(code in organisations for code in row["successors"].split(";") if code)


def test_parts_lie_in_known_wholes_while_both_exist(areas):
    for row in rows("area_parts.csv"):
        for end in ("part", "whole"):
            area = areas[row[end]]
            assert (row["active_from"] or "0") >= (area["active_from"] or "0"), row
            assert (row["active_to"] or "9") <= (area["active_to"] or "9"), row


def test_icb_shares_of_a_district_add_up_before_and_after_april_2026():
    for day in ("2025-06-01", "2026-06-01"):
        totals = defaultdict(float)
        for row in rows("area_parts.csv"):
            if row["relation"] == "icb" and (row["active_from"] or "0") <= day <= (row["active_to"] or "9"):
                totals[row["part"]] += float(row["share"])
        assert len(totals) == 296
        assert all(abs(total - 1) < 0.001 for total in totals.values())


def test_region_never_hangs_on_a_combined_authority(areas):
    for row in rows("area_parts.csv"):
        if areas[row["part"]]["kind"] == "combined_authority":
            assert row["relation"] == "country"


def test_one_body_one_row_whatever_its_codes():
    found = rows("organisations.csv")
    for column in ("govuk_slug", "govuk_code", "gss_code", "ods_code"):
        assert max(Counter(row[column] for row in found if row[column]).values()) == 1
    by_code = {row["code"]: row for row in found}
    assert by_code["gmca"]["gss_code"] == "E47000001"
    assert by_code["wy-icb"]["ods_code"] == "QWO"
    assert by_code["uhcw"]["ods_code"] == "RKB"
    assert by_code["dhsc"]["govuk_slug"] == "department-of-health-and-social-care"
    assert {row["lineage"] for row in found if row["abbreviation"] in ("MHCLG", "DLUHC")} == {"housing-communities"}


def test_every_department_has_a_lineage_and_classes_of_bodies_are_marked():
    found = rows("organisations.csv")
    assert all(row["lineage"] for row in found)
    collective = {row["code"] for row in found if row["is_collective"] == "true"}
    assert {"local-authorities", "combined-authorities", "nhs-bodies", "nhs-trusts", "icb", "icp", "ccg"} <= collective
    sector = {row["code"]: row["sector"] for row in found}
    assert sector["nihr"] == sector["phe"] == "national"
    assert sector["hwb"] == sector["gla"] == "local_government"
    assert sector["lep"] == sector["tnlcf"] == "other"


def test_names_and_aliases_each_stand_for_one_body():
    found = rows("organisations.csv")
    spellings = Counter(
        name.lower() for row in found for name in {row["name"], *filter(None, row["aliases"].split(";"))}
    )
    assert [name for name, count in spellings.items() if count > 1] == []


def test_indicators_of_health_and_of_our_outcomes():
    outcomes = keyed("outcomes.csv", "code")
    indicators = keyed("indicators.csv", "code")
    assert all(not row["outcome"] or row["outcome"] in outcomes for row in indicators.values())
    assert indicators["fingertips:90362"]["outcome"] == "healthy_life_expectancy"
    assert indicators["fingertips:90362"]["is_health"] == "true"
    assert indicators["ons_els:gigabit-capable-broadband"]["is_health"] == "false"
