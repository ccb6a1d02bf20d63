"""The checks on observations see real ones, where the publishers' files lie beside this repository."""

import csv
import datetime
from pathlib import Path

import pytest

from policies.models import Area, Indicator, Initiative, Observation
from tests.policies import factories
from tests.tracker.checks.sound import days, one, rows, sound

FILES = Path(__file__).resolve().parents[4] / "shared" / "reference" / "observations" / "ons_els"

pytestmark = [
    pytest.mark.usefixtures("landscape"),
    pytest.mark.skipif(not FILES.is_dir(), reason="the publishers' files are not beside this repository"),
]

NAME = "Cancer diagnosis at stage 1 and 2"
CANCER = "ons_els:cancer-diagnosis-stage-1-and-2"
HEALTHY_YEARS = {
    "Female healthy life expectancy": ("ons_els:healthy-life-expectancy-female", "female"),
    "Male healthy life expectancy": ("ons_els:healthy-life-expectancy-male", "male"),
}


def load(name, told):
    """Put the values of one file in: `told` gives the register's indicator and the sex by the file's own name."""
    areas = dict(Area.objects.values_list("gss_code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    made = []
    with (FILES / name).open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            code, sex = told.get(row["indicator"], (None, None))
            if code is None or row["areacd"] not in areas or not row["observation"]:
                continue
            start, _, length = row["period"].partition("/P")
            start = datetime.date.fromisoformat(start)
            end = start.replace(year=start.year + int(length.rstrip("Y"))) - datetime.timedelta(days=1)
            made.append(
                Observation(
                    indicator_id=indicators[code], area_id=areas[row["areacd"]], sex=sex, value=row["observation"],
                    period_start=start, period_end=end,
                )
            )  # fmt: skip
    Observation.objects.bulk_create(made)
    return len(made)


@pytest.fixture
def early_diagnosis():
    """The commitment "75% of cancers diagnosed at stage 1 or 2", with what is published of it."""
    assert load("cancer-diagnosis-at-stage-1-and-2.csv", {NAME: (CANCER, "persons")}) > 1000
    return Initiative.objects.get(reference="NHSE-0002")


def test_early_diagnosis_is_off_track_once_its_baseline_is_on_record(early_diagnosis):
    assert rows("MET005", early_diagnosis) == []
    assert rows("MET006", early_diagnosis) == []
    early_diagnosis.measures.update(baseline_value="54.6", baseline_date=datetime.date(2018, 12, 31))
    assert f"“{NAME}” stands at" in one("MET006", early_diagnosis)["sentence"]
    factories.update(initiative=early_diagnosis, rag="green", reported_on=days(-7))
    assert one("MET007", early_diagnosis)["sentence"].endswith(f"while “{NAME}” is off track.")


def test_money_against_healthy_life_expectancy():
    assert load("healthy-life-expectancy.csv", HEALTHY_YEARS) > 3000
    known = Area.objects.filter(observations__indicator__code=HEALTHY_YEARS["Male healthy life expectancy"][0])
    found = list(known.filter(kind__in=["unitary", "metropolitan_district", "london_borough", "county"]).distinct())
    assert len(found) > 100
    fund = sound("policy")
    for area in found:
        factories.allocation(initiative=fund, area=area, amount_gbp=1_000_000)
    assert rows("FND004", fund) == []
    need = Observation.objects.filter(area__in=found, period_end="2024-12-31").order_by("value").values_list("area")
    fund.allocations.filter(area__in=[area for (area,) in need[:30]]).update(amount_gbp=100_000)
    flag = one("FND004", fund)
    told = {fact["label"]: fact["value"] for fact in flag["proof"]["facts"]}
    assert told["Healthy life expectancy at birth, period to"] == "2024-12-31"
    assert told["Places where it is not known"] == 0
    years = [row["Healthy life expectancy, years"] for row in flag["proof"]["rows"]]
    assert years == sorted(years)
    assert 45 < years[0] < years[-1] < 62
