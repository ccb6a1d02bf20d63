"""The API finds what the pages' FilterSets find, and refuses what they do not know."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from policies.models import Area, Initiative, Organisation, Outcome
from tracker.filters import AreaFilter, FlagFilter, InitiativeFilter, OrganisationFilter, OutcomeFilter, ScanFilter
from tracker.models import Flag, Scan

INITIATIVES = [
    "q=fund",
    "q=transport+health",
    "collection=core_2021",
    "collection=core_2021&collection=wider_2021",
    "form=fund",
    "status=published",
    "status=draft",
    "lead=dhsc",
    "lead_lineage=housing-communities",
    "lead_lineage=housing-communities&structure=now",
    "lead=dluhc&structure=then",
    "organisation=nhs-bodies",
    "capital=human",
    "primary_capital=human",
    "primary_basis=stated",
    "outcome=air_quality_mortality",
    "outcome=air_quality_mortality&direction=worsens",
    "direction=mixed",
    "nhs_role=none",
    "nhs_role=beyond_depth_1&local_role=recorded",
    "local_role=depth_1_only",
    "criteria=recorded&health_criterion=no",
    "health_measure=yes",
    "second_department=no",
    "has_value=yes",
    "place=E47000001",
    "parent=GOV-0001",
    "flag=NHS001",
    "flag=DEP001",
    "nhs_member=no",
    "health_in_scope=not_recorded",
    "recorded=value&missing=measure",
    "sort=-value",
    "sort=lead",
]
OTHERS = [
    ("organisations", OrganisationFilter, Organisation.objects.order_by("code"), "code"),
    ("areas", AreaFilter, Area.objects.order_by("gss_code"), "gss_code"),
    ("outcomes", OutcomeFilter, Outcome.objects.order_by("position"), "code"),
]


def found(read, collection, query, key):
    """What the API finds, in its order."""
    start = f"/api/v1/{collection}?{query}&page_size=200"
    return [row[key] for page in read.walk(start) for row in page["results"]]


class TestTheSameRows:
    @pytest.mark.parametrize("query", INITIATIVES)
    @pytest.mark.parametrize("collection", ["policies", "commitments", "partnerships"])
    def test_initiatives(self, read, collection, query):
        kind = {"policies": "policy", "commitments": "commitment", "partnerships": "partnership"}[collection]
        everything = Initiative.objects.visible_to(AnonymousUser()).filter(kind=kind).order_by("reference")
        expected = InitiativeFilter(QueryDict(query), everything, user=AnonymousUser()).qs
        assert found(read, collection, query, "reference") == [row.reference for row in expected]

    def test_the_queries_above_are_about_every_filter_and_find_something(self, read):
        asked = {name for query in INITIATIVES for name in QueryDict(query)}
        assert asked == set(InitiativeFilter.base_filters)
        nothing = [
            query
            for query in INITIATIVES
            if not any(
                found(read, collection, query, "reference")
                for collection in ("policies", "commitments", "partnerships")
            )
        ]
        assert nothing == ["status=draft"]

    @pytest.mark.parametrize(
        "query",
        [
            "check=NHS001",
            "family=CAP",
            "severity=high",
            "state=open",
            "state=resolved&state=dismissed",
            "reason=disputed",
            "waiting=us",
            "subject=pair",
            "initiative=MHCLG-0001",
            "lead_lineage=health",
            "collection=core_2021",
            "outcome=air_quality_mortality",
            "place=E47000001",
            "capital=human",
            "role_lineage=nhs",
            "q=freeports",
            "sort=-first_seen",
        ],
    )
    def test_flags(self, read, query):
        everything = Flag.objects.visible_to(AnonymousUser()).with_state().by_severity()
        expected = FlagFilter(QueryDict(query), everything, user=AnonymousUser()).qs
        assert found(read, "flags", query, "fingerprint") == [row.fingerprint for row in expected]

    @pytest.mark.parametrize("query", ["q=health", "sort=-name", "sort=name&q=a"])
    @pytest.mark.parametrize(("collection", "filterset", "everything", "key"), OTHERS)
    def test_the_rest(self, read, collection, filterset, everything, key, query):
        expected = filterset(QueryDict(query), everything, user=AnonymousUser()).qs
        assert found(read, collection, query, key) == [getattr(row, key) for row in expected]

    @pytest.mark.parametrize("query", ["kind=full", "kind=incremental", "status=failed", "changed=yes"])
    def test_scans(self, read, query):
        expected = ScanFilter(QueryDict(query), Scan.objects.order_by("-finished_at"), user=AnonymousUser()).qs
        assert len(found(read, "scans", query, "kind")) == expected.count()

    def test_nobody_finds_by_a_record_that_they_may_not_read(self, reading, person):
        Initiative.objects.filter(reference="GOV-0001").update(status="draft")
        assert reading()("commitments", {"parent": "GOV-0001"}).status_code == 400
        assert reading(person(administrator=True)).json("commitments", {"parent": "GOV-0001"})["results"]


class TestRefused:
    @pytest.mark.parametrize(
        ("path", "name", "some"),
        [
            ("policies", "bogus", "lead_lineage"),
            ("policies", "page", "cursor"),
            ("policies", "format", "form"),
            ("policies", "id", "parent"),
            ("flags", "limit", "severity"),
            ("organisations", "offset", "kind"),
            ("areas", "kinds", "kind"),
            ("outcomes", "x", "sort"),
            ("scans", "x", "status"),
            ("capitals", "sort", "page_size"),
        ],
    )
    def test_an_unknown_parameter_is_named_with_those_that_are_known(self, read, conforms, path, name, some):
        answer = read(path, {name: "1"})
        assert answer.status_code == 400
        conforms(answer, f"/api/v1/{path}")
        (fault,) = answer.json()["errors"]
        assert (fault["parameter"], fault["code"]) == (name, "unknown")
        assert some in fault["allowed"]

    @pytest.mark.parametrize("path", ["", "checks", "checks/NHS001", "policies/MHCLG-0001", "areas/E47000001"])
    def test_what_takes_no_parameters_says_so(self, read, path):
        answer = read(path, {"sort": "title"})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["allowed"] == []

    @pytest.mark.parametrize(
        ("path", "name", "value", "allowed"),
        [
            ("policies", "status", "live", "published"),
            ("policies", "form", "tax", "fund"),
            ("policies", "direction", "up", "improves"),
            ("policies", "has_value", "true", "yes"),
            ("policies", "capital", "brick", "natural"),
            ("policies", "outcome", "x", "air_quality_mortality"),
            ("policies", "collection", "x", "core_2021"),
            ("policies", "flag", "XXX001", "NHS001"),
            ("policies", "sort", "summary", "-value"),
            ("policies", "sort", "password", "reference"),
            ("flags", "severity", "worst", "high"),
            ("flags", "state", "new", "acknowledged"),
            ("organisations", "sector", "x", "nhs"),
            ("scans", "kind", "x", "full"),
        ],
    )
    def test_a_value_that_is_not_allowed_is_named_with_those_that_are(self, read, conforms, path, name, value, allowed):
        answer = read(path, {name: value})
        assert answer.status_code == 400
        conforms(answer, f"/api/v1/{path}")
        (fault,) = answer.json()["errors"]
        assert (fault["parameter"], fault["code"]) == (name, "not_allowed")
        assert allowed in fault["allowed"]
        assert allowed in fault["detail"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("lead", "nobody"),
            ("organisation", "1"),
            ("place", "x"),
            ("parent", "XX-0001"),
            ("q", "a" * 201),
            ("q", "\0"),
        ],
    )
    def test_what_cannot_be_listed_is_named_all_the_same(self, read, name, value):
        answer = read("policies", {name: value})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == name

    def test_all_faults_come_at_once(self, read):
        answer = read("policies", {"status": "x", "form": "y", "bogus": "z"})
        assert {fault["parameter"] for fault in answer.json()["errors"]} == {"status", "form", "bogus"}

    @pytest.mark.parametrize(
        "query", ["status=published&status=closed", "sort=title&sort=value", "page_size=1&page_size=2"]
    )
    def test_one_value_is_not_two(self, read, query):
        answer = read(f"/api/v1/policies?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "repeated"

    def test_an_empty_value_filters_nothing_as_on_the_page(self, read):
        assert read.json("policies", {"status": ""})["results"] == read.json("policies")["results"]
