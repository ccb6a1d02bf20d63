"""The shape of every resource: what the description says, public codes and no database ids."""

import datetime
import re
from datetime import UTC

import pytest

from policies.models import Initiative
from tests.policies import deciding, factories
from tests.tracker.api.conftest import LISTS, RECORDS, ROOT
from tracker.checks.catalogue import catalogue
from tracker.models import Flag

KEYS = {
    "organisations": "code",
    "areas": "gss_code",
    "flags": "fingerprint",
    "outcomes": "code",
    "capitals": "code",
    "checks": "code",
}


def template(collection):
    """The path of a record of a collection, as the description has it."""
    return f"{ROOT}{collection}/{{{KEYS.get(collection, 'reference')}}}"


def _properties(schema, components):
    """The members that a schema names."""
    if "$ref" in schema:
        return _properties(components[schema["$ref"].rpartition("/")[2]], components)
    return set(schema["properties"])


def _members(value):
    """Every member's name, at any depth."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in _members(inner)}
    return {name for inner in value for name in _members(inner)} if isinstance(value, list) else set()


class TestEveryResource:
    def test_the_root_leads_to_each_of_them(self, read):
        root = read.json()
        assert list(root) == [*LISTS, "schema", "docs"]
        for address in root.values():
            path = address.removeprefix("http://testserver")
            assert read(path).status_code == 200, address

    @pytest.mark.parametrize("collection", LISTS)
    def test_a_list_is_as_described(self, read, conforms, collection):
        answer = read(collection, None if collection == "checks" else {"page_size": 200})
        assert answer.status_code == 200
        conforms(answer, ROOT + collection)
        page = answer.json()
        assert set(page) == {"results", "next", "previous", "as_of", "licence"}
        assert page["results"]
        assert page["as_of"].endswith("Z")

    @pytest.mark.parametrize(("collection", "code"), RECORDS.items())
    def test_a_record_is_as_described_and_as_in_its_list(self, read, conforms, description, collection, code):
        answer = read(f"{collection}/{code}")
        assert answer.status_code == 200
        conforms(answer, template(collection))
        record = answer.json()
        content = description["paths"][template(collection)]["get"]["responses"]["200"]["content"]
        components = description["components"]["schemas"]
        assert set(record) == _properties(content["application/json"]["schema"], components)
        listed = [row for page in read.walk(collection) for row in page["results"]]
        assert record in listed

    @pytest.mark.parametrize("collection", LISTS)
    def test_database_ids_stay_inside(self, read, collection):
        names = _members(read.json(collection))
        assert not {name for name in names if name in ("id", "pk") or name.endswith("_id")} - {"publisher_id"}

    @pytest.mark.parametrize(("collection", "code"), RECORDS.items())
    def test_a_record_names_its_own_address(self, read, collection, code):
        record = read.json(f"{collection}/{code}")
        assert read.json(record["url"].removeprefix("http://testserver")) == record
        assert record["url"].endswith(f"{ROOT}{collection}/{code}")

    def test_a_fingerprint_with_a_plus_can_be_followed(self, read):
        pair = Flag.objects.filter(fingerprint__contains="+").first()
        page = read.json("flags", {"check": pair.check_code})
        flag = next(row for row in page["results"] if row["fingerprint"] == pair.fingerprint)
        assert read.json(flag["url"].removeprefix("http://testserver")) == flag


class TestInitiatives:
    def test_a_fund_with_all_that_hangs_on_it(self, read):
        fund = read.json("policies/MHCLG-0001")
        stored = Initiative.objects.get(reference="MHCLG-0001")
        assert fund["title"] == "Levelling Up Fund"
        assert fund["value_gbp"] == "4800000000.00"
        assert (fund["start_date"], fund["start_precision"]) == ("2021-03-03", "day")
        assert fund["web_url"] == "http://testserver/policies/MHCLG-0001/"
        assert fund["lead"]["code"] == "mhclg-2018"
        assert fund["lead"]["govuk_code"] == "D4"
        assert len(fund["roles"]) == stored.responsibilities.count()
        assert len(fund["capital_links"]) == stored.capital_links.count()
        assert len(fund["outcome_links"]) == stored.outcome_links.count()
        assert len(fund["criteria"]) == stored.criteria.count()
        assert [place["gss_code"] for place in fund["places"]] == ["K02000001"]
        assert [collection["code"] for collection in fund["collections"]] == ["core_2021"]
        assert fund["source"]["url"].startswith("https://")
        assert fund["version"] == stored.version
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", fund["published_at"])

    def test_each_kind_has_only_its_own_members(self, read):
        policy = read.json("policies/MHCLG-0001")
        commitment = read.json("commitments/DHSC-0009")
        partnership = read.json("partnerships/PSHIP-0001")
        own = {"due_date", "due_precision", "review_date", "health_in_scope"}
        assert own & set(policy) == set()
        assert own & set(commitment) == {"due_date", "due_precision"}
        assert own & set(partnership) == {"review_date", "health_in_scope"}
        assert commitment["parent"]["reference"] == "GOV-0001"

    def test_no_lead_is_null(self, read):
        nobody = factories.policy(status="published")
        assert read.json(f"policies/{nobody.reference}")["lead"] is None

    def test_the_wrong_collection_has_no_such_record(self, read):
        assert read("commitments/MHCLG-0001").status_code == 404

    def test_a_measure_of_a_health_indicator_is_a_health_measure(self, read):
        measure = factories.measure(
            initiative=factories.policy(status="published"), indicator=factories.indicator(is_health=True)
        )
        assert read.json(f"policies/{measure.initiative.reference}")["measures"][0]["is_health"] is True


class TestFlagsAndChecks:
    def test_a_flag_says_what_was_found_and_proves_it(self, read):
        flag = read.json("flags/NHS001:policy:MHCLG-0001")
        assert flag["check"]["title"] == catalogue()["NHS001"].title
        assert flag["state"] == "open"
        assert flag["initiative"]["reference"] == "MHCLG-0001"
        assert flag["other"] is flag["resolved_at"] is None
        assert flag["decisions"] == flag["comments"] == []
        assert set(flag["evidence"]) == {"facts", "columns", "rows"}

    def test_decisions_and_comments_are_told_without_the_names_of_people(self, read, conforms):
        flag = factories.flag(initiative=Initiative.objects.get(reference="MHCLG-0001"))
        nobody, body = factories.user(name="Nobody's Business"), factories.organisation()
        told = {"flag": flag, "by": nobody, "organisation": body, "at": datetime.datetime(2026, 11, 1, 10, tzinfo=UTC)}
        decision = deciding.dismissal(**told, words="Agreed")
        deciding.flag_comment(**told, words="We agree too")
        answer = read(f"flags/{flag.fingerprint}")
        conforms(answer, template("flags"))
        found = answer.json()
        assert found["state"] == "dismissed"
        (told,) = found["decisions"]
        assert told.pop("organisation")["code"] == body.code
        assert told == {
            "at": "2026-11-01T10:00:00Z",
            "side": "first",
            "kind": "dismissed",
            "holds": True,
            "words": "Agreed",
            "due_on": None,
            "reason": "trade_off",
            "review_on": decision.review_on.isoformat(),
            "taken_back_at": None,
            "taken_back_reason": None,
        }
        assert [(one["organisation"]["code"], one["words"]) for one in found["comments"]] == [
            (body.code, "We agree too")
        ]
        assert "Nobody" not in answer.content.decode()

    def test_a_flag_of_a_check_that_is_no_more_can_be_read(self, read):
        flag = factories.flag(initiative=Initiative.objects.get(reference="MHCLG-0001"))
        assert read.json(f"flags/{flag.fingerprint}")["check"]["title"] == "FAC001"

    def test_flags_are_as_of_the_last_scan(self, read):
        scan = factories.scan()
        assert read.json("flags")["as_of"] == scan.finished_at.isoformat().replace("+00:00", "Z")

    def test_before_the_first_scan_there_is_no_as_of(self, empty_register, reading):
        assert reading().json("flags")["as_of"] is None

    def test_every_check_has_its_four_parts_and_its_count(self, read):
        checks = read.json("checks")["results"]
        assert [check["code"] for check in checks] == list(catalogue())
        for check in checks:
            assert {name: check[name] for name in ("flags", "why", "do", "source")} == catalogue()[check["code"]].text()
            standing = Flag.objects.standing().filter(check_code=check["code"]).count()
            assert check["flag_counts"] == {"standing": standing, "needing_attention": standing}

    def test_a_dismissed_flag_stands_but_needs_no_attention(self, read):
        flag = Flag.objects.filter(check_code="NHS001").first()
        before = read.json("checks/NHS001")["flag_counts"]
        deciding.dismissal(flag=flag, reason="disputed")
        assert read.json("checks/NHS001")["flag_counts"] == {
            "standing": before["standing"],
            "needing_attention": before["needing_attention"] - 1,
        }

    def test_a_threshold_has_unit_and_source(self, read):
        (limit,) = read.json("checks/CAP004")["thresholds"]
        assert (limit["name"], limit["value"], limit["unit"]) == ("value", 100_000_000, "pounds")
        assert limit["source"]


class TestScans:
    def test_why_a_check_failed_is_for_administrators(self, reading, person):
        factories.scan(status="failed", errors={"NHS001": "DataError: in “a draft's title”"})
        assert reading().json("scans")["results"][0]["errors"] == {"NHS001": "The check failed"}
        full = reading(person(administrator=True)).json("scans")["results"][0]["errors"]
        assert full == {"NHS001": "DataError: in “a draft's title”"}


class TestAreasAndOrganisations:
    def test_a_district_says_what_it_lies_in(self, read):
        within = {part["relation"]: part["area"]["gss_code"] for part in read.json("areas/E08000001")["within"]}
        assert within["combined_authority"] == "E47000001"

    def test_a_department_says_what_it_became_and_was(self, read):
        assert [body["code"] for body in read.json("organisations/mhclg-2018")["successors"]] == ["dluhc"]
        assert "mhclg-2018" in [body["code"] for body in read.json("organisations/dluhc")["predecessors"]]
