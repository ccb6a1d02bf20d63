"""The filters of every list: each does what it says, nothing unknown passes in silence, and any go together."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from policies.models import Area, CapitalWeight, Initiative, Organisation, Outcome
from tests.policies import deciding, factories
from tracker.filters import AreaFilter, FlagFilter, InitiativeFilter, OrganisationFilter, OutcomeFilter, ScanFilter
from tracker.filters.initiatives import PARTS
from tracker.filters.lineages import leading, lineages
from tracker.models import Flag, Scan

pytestmark = pytest.mark.usefixtures("landscape")

SETS = (InitiativeFilter, FlagFilter, OrganisationFilter, AreaFilter, OutcomeFilter, ScanFilter)


def everything(filterset):
    return filterset._meta.model.objects.all()


def asked(query, filterset=InitiativeFilter, queryset=None, user=None):
    queryset = everything(filterset) if queryset is None else queryset
    return filterset(QueryDict(query), queryset=queryset, user=user or AnonymousUser())


def rows(query, filterset=InitiativeFilter, queryset=None, user=None):
    filters = asked(query, filterset, queryset, user)
    assert filters.form.is_valid(), filters.form.errors
    return filters.qs


def policies(query="", **more):
    return rows(query, queryset=Initiative.objects.policies(), **more)


def codes(queryset):
    return set(queryset.values_list("short_code", flat=True))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 49),
        ("collection=core_2021", 17),
        ("collection=core_2021&collection=wider_2021", 38),
        ("form=fund", 15),
        ("status=published", 49),
        ("status=draft", 0),
        ("lead=dhsc", 8),
        ("lead=DHSC", 8),
        ("lead_lineage=housing-communities", 13),
        ("organisation=nhs-england", 4),
        ("nhs_role=recorded&collection=core_2021", 1),
        ("nhs_role=none&collection=core_2021", 16),
        ("nhs_role=depth_1_only", 1),
        ("local_role=beyond_depth_1&collection=core_2021", 6),
        ("local_role=depth_1_only&collection=core_2021", 4),
        ("local_role=none&collection=core_2021", 7),
        ("criteria=recorded&collection=core_2021", 7),
        ("criteria=none", 35),
        ("health_criterion=yes", 3),
        ("health_criterion=no", 11),
        ("second_department=yes", 11),
        ("second_department=no", 38),
        ("has_value=yes&collection=core_2021", 14),
        ("primary_capital=human&collection=core_2021", 3),
        ("primary_basis=judged&collection=core_2021", 9),
        ("flag=NHS001", 33),
        ("flag=NHS001&collection=core_2021", 15),
        ("missing=lead", 1),
    ],
)
def test_policies(query, number):
    assert policies(query).count() == number


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("form=devolution_deal", 13),
        ("form=devolution_deal&nhs_member=no", 13),
        ("nhs_member=yes&form=health_devolution", 1),
    ],
)
def test_partnerships(query, number):
    assert rows(query, queryset=Initiative.objects.partnerships()).count() == number


def test_health_in_scope_has_three_answers():
    deals = Initiative.objects.partnerships()
    numbers = [rows(f"health_in_scope={a}", queryset=deals).count() for a in ("yes", "no", "not_recorded")]
    assert sum(numbers) == deals.count()
    assert numbers[0] == deals.filter(health_in_scope=True).count()


def test_commitments_belong_to_the_collections_of_their_policy():
    commitments = Initiative.objects.commitments()
    assert rows("collection=core_2021", queryset=commitments).count() == 18
    assert rows("collection=core_2021&health_measure=yes", queryset=commitments).count() == 0
    assert rows("collection=core_2021&health_measure=no", queryset=commitments).count() == 18


def test_a_policy_under_another_is_in_no_collection_by_that():
    item = factories.collection_item()
    factories.policy(parent=item.initiative)
    assert rows(f"collection={item.collection.code}").get() == item.initiative


@pytest.mark.parametrize("yes", ["health_measure", "second_department", "has_value", "nhs_member"])
def test_yes_and_no_share_everything(yes):
    both = [set(policies(f"{yes}={answer}").values_list("pk", flat=True)) for answer in ("yes", "no")]
    assert both[0]
    assert both[1]
    assert not both[0] & both[1]
    assert len(both[0] | both[1]) == 49


@pytest.mark.parametrize("part", PARTS)
def test_recorded_and_missing_share_everything(part):
    assert rows(f"recorded={part}").count() + rows(f"missing={part}").count() == Initiative.objects.count()
    assert not rows(f"recorded={part}&missing={part}").exists()


def test_several_parts_are_all_wanted():
    both = policies("recorded=value&recorded=measure")
    assert set(both) == set(policies("recorded=value")) & set(policies("recorded=measure"))
    assert both.exists()


def test_renames_count_as_one():
    assert policies("lead=mhclg-2018").count() < policies("lead_lineage=housing-communities").count()


def test_a_lineage_is_shown_under_the_department_that_goes_on():
    names = dict(leading())
    assert len(names) >= 12
    assert names["housing-communities"] == "Ministry of Housing, Communities and Local Government"
    assert names["business-energy-science"].startswith("Department for Business, Energy and Industrial Strategy")
    assert lineages().count() == Organisation.objects.values("lineage").distinct().count()


def test_capital_is_primary_or_secondary_and_primary_is_primary():
    assert policies("capital=natural").count() > policies("primary_capital=natural").count() == 3
    assert policies("primary_capital=human").count() == (
        Initiative.objects.policies()
        .filter(capital_links__capital__code="human", capital_links__weight=CapitalWeight.PRIMARY)
        .count()
    )


def test_outcome_and_direction_speak_of_one_link():
    policy = factories.policy()
    obesity, housing = Outcome.objects.get(code="obesity"), Outcome.objects.get(code="housing_and_health")
    factories.outcome_link(initiative=policy, outcome=obesity, direction="improves")
    factories.outcome_link(initiative=policy, outcome=housing, direction="worsens")
    mine = Initiative.objects.filter(pk=policy.pk)
    assert rows("outcome=obesity&direction=improves", queryset=mine).exists()
    assert rows("outcome=housing_and_health&direction=worsens", queryset=mine).exists()
    assert not rows("outcome=obesity&direction=worsens", queryset=mine).exists()
    assert rows("direction=worsens", queryset=mine).exists()
    assert not rows("direction=mixed", queryset=mine).exists()


@pytest.fixture
def placed():
    """A policy in Greater Manchester with a commitment that names no place and one in Devon."""
    policy = factories.policy()
    factories.footprint(initiative=policy, area=Area.objects.get(gss_code="E47000001"))
    inherits = factories.commitment(parent=policy)
    elsewhere = factories.commitment(parent=policy)
    factories.footprint(initiative=elsewhere, area=Area.objects.get(gss_code="E10000008"))
    mine = Initiative.objects.filter(pk__in=[policy.pk, inherits.pk, elsewhere.pk])
    return policy, inherits, elsewhere, mine


def test_a_place_finds_wider_and_smaller_ones_and_what_the_policy_above_names(placed):
    policy, inherits, elsewhere, mine = placed
    manchester, england = "place=E08000003", "place=E92000001"
    assert set(rows(manchester, queryset=mine)) == {policy, inherits}
    assert set(rows("place=e10000008", queryset=mine)) == {elsewhere}
    assert set(rows(england, queryset=mine)) == {policy, inherits, elsewhere}
    assert not rows("place=E08000025", queryset=mine).exists()


def test_england_wide_policies_are_found_at_every_place():
    assert "gear-change" in codes(policies("place=E08000003"))


def test_under():
    assert rows("parent=gov-0001").count() == Initiative.objects.filter(parent__reference="GOV-0001").count() > 0


def test_a_standing_flag_counts_from_either_side_of_a_pair():
    one, other = factories.policy(status="published"), factories.policy(status="published")
    factories.flag(check_code="DEP001", subject="pair", initiative=one, other=other)
    assert {one, other} <= set(rows("flag=DEP001"))
    Flag.objects.filter(initiative=one).update(resolved_at="2100-01-01T00:00Z")
    assert not {one, other} & set(rows("flag=DEP001"))


def test_flags_of_what_one_may_not_see_are_not_counted():
    one, secret = (
        factories.policy(status="published"),
        factories.policy(status="published", sensitivity="official_sensitive"),
    )
    factories.flag(check_code="DEP001", subject="pair", initiative=one, other=secret)
    assert one not in set(rows("flag=DEP001"))
    assert one in set(rows("flag=DEP001", user=factories.user(is_administrator=True)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("levelling up fund", "luf"),
        ("luf", "luf"),
        ("LUF", "luf"),
        ("MHCLG-0001", "luf"),
        ("cycling walking", "gear-change"),
        ("cycled", "gear-change"),
        ('"future high streets"', "fhsf"),
        ("leveling up funds", "luf"),
        ("freport", "english-freeports"),
    ],
)
def test_search_finds(words, expected):
    assert expected in codes(policies(f"q={words}"))


def test_search_is_not_loose_when_something_matches():
    assert codes(policies("q=luf")) == {"luf"}
    assert not policies("q=zyxwv").exists()


@pytest.mark.parametrize("words", ["'", '"', "\\", "%", "_", "a & | ! ()", "(", ":*", "-", "the", "é", "x" * 200])
def test_search_takes_any_words(words):
    for filterset in (one for one in SETS if "q" in one.base_filters):
        filters = filterset({"q": words}, queryset=everything(filterset), user=AnonymousUser())
        assert filters.form.is_valid()
        filters.qs.count()


def choices_of(filterset):
    filters = asked("", filterset)
    for name, field in filters.form.fields.items():
        for value, _words in getattr(field, "choices", ()):
            if value:
                yield name, str(value)


@pytest.mark.parametrize("filterset", SETS)
def test_every_answer_of_every_filter_runs_and_multiplies_no_row(filterset):
    for name, value in choices_of(filterset):
        found = list(rows(f"{name}={value}", filterset).values_list("pk", flat=True))
        assert len(found) == len(set(found)), (name, value)


def test_any_two_filters_go_together():
    singles = {
        "q": "health",
        "collection": "core_2021",
        "lead_lineage": "transport",
        "nhs_role": "none",
        "local_role": "beyond_depth_1",
        "place": "E08000003",
        "outcome": "air_quality_mortality",
        "flag": "NHS001",
        "recorded": "value",
        "sort": "-flags",
    }
    alone = {name: set(rows(f"{name}={value}").values_list("pk", flat=True)) for name, value in singles.items()}
    for one, other in itertools.combinations(singles, 2):
        both = list(rows(f"{one}={singles[one]}&{other}={singles[other]}").values_list("pk", flat=True))
        assert len(both) == len(set(both))
        assert set(both) == alone[one] & alone[other], (one, other)


UNKNOWN = [
    *((InitiativeFilter, name) for name in InitiativeFilter.base_filters if name != "q"),
    *((FlagFilter, name) for name in FlagFilter.base_filters if name != "q"),
    *((OrganisationFilter, name) for name in OrganisationFilter.base_filters if name != "q"),
    *((AreaFilter, name) for name in AreaFilter.base_filters if name != "q"),
    *((OutcomeFilter, name) for name in OutcomeFilter.base_filters if name != "q"),
    *((ScanFilter, name) for name in ScanFilter.base_filters),
]


@pytest.mark.parametrize(("filterset", "name"), UNKNOWN)
@pytest.mark.parametrize("value", ["nonsense", "%00", "null", "0", "-", "'"])
def test_what_is_unknown_is_an_error_and_finds_nothing(filterset, name, value):
    filters = asked(f"{name}={value}", filterset)
    assert not filters.form.is_valid()
    assert list(filters.form.errors) == [name]
    assert filters.form.errors[name][0]
    assert not filters.qs.exists()


def test_errors_say_what_is_unknown():
    assert asked("lead=nope").form.errors["lead"] == ["There is no organisation with the code “nope” on the register"]
    assert asked("form=nope").form.errors["form"] == ["“nope” is not one of the answers"]
    assert asked("collection=core_2021&collection=nope").form.errors["collection"] == [
        "“nope” is not one of the answers"
    ]
    assert asked("sort=value;drop").form.errors["sort"] == ["The list cannot be sorted by “value;drop”"]


def test_a_hidden_record_cannot_be_told_from_none():
    draft = factories.policy()
    said = asked(f"parent={draft.reference}").form.errors["parent"][0]
    assert said == f"There is no record with the reference “{draft.reference}” on the register"
    assert not asked(f"initiative={draft.reference}", FlagFilter).form.is_valid()
    administrator = factories.user(is_administrator=True)
    assert asked(f"parent={draft.reference}", user=administrator).form.is_valid()


@pytest.mark.parametrize("filterset", SETS)
def test_sorting_goes_both_ways_and_unknown_comes_last(filterset):
    for key in {value.removeprefix("-") for value, _words in asked("", filterset).form.fields["sort"].choices if value}:
        up, down = (list(rows(f"sort={sign}{key}", filterset)) for sign in ("", "-"))
        assert {one.pk for one in up} == {one.pk for one in down}
    if filterset is InitiativeFilter:
        values = [one.value_gbp for one in rows("sort=-value")]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=True)
        assert values[len(known) :] == [None] * (len(values) - len(known))


def test_order_without_asking():
    references = [one.reference for one in policies()]
    assert references == sorted(references)
    assert policies("q=levelling up fund").first().short_code == "luf"


def test_order_by_flags():
    numbers = [
        Flag.objects.standing().about(one).visible_to(AnonymousUser()).count() for one in policies("sort=-flags")
    ]
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize(
    ("query", "check"),
    [
        ("check=NHS001", lambda flag: flag.check_code == "NHS001"),
        ("family=PAR", lambda flag: flag.check_code.startswith("PAR")),
        ("severity=high", lambda flag: flag.severity == "high"),
        ("subject=partnership", lambda flag: flag.subject == "partnership"),
        ("state=open", lambda flag: flag.resolved_at is None),
    ],
)
def test_flags(query, check):
    found = list(rows(query, FlagFilter))
    assert found
    assert all(check(flag) for flag in found)
    assert len(found) == sum(1 for flag in Flag.objects.all() if check(flag))


def test_flags_by_state():
    flag = deciding.flag_decision().flag
    assert flag in rows("state=acknowledged", FlagFilter)
    assert flag not in rows("state=open", FlagFilter)
    assert rows("state=acknowledged&state=open", FlagFilter).count() == Flag.objects.count()


def test_flags_by_why_they_were_set_aside():
    wrong, other = deciding.dismissal(reason="disputed"), deciding.dismissal()
    taken_back = deciding.dismissal(
        reason="disputed",
        taken_back_at=timezone.now(),
        taken_back_by=factories.user(),
        taken_back_reason="It is right.",
    )
    found = rows("reason=disputed", FlagFilter)
    assert wrong.flag in found
    assert other.flag not in found
    assert taken_back.flag not in found


def test_flags_that_wait_for_ones_organisations():
    lead = factories.responsibility(role="lead", initiative=factories.policy(status="published"))
    waits, decided = factories.flag(initiative=lead.initiative), factories.flag(initiative=lead.initiative)
    deciding.flag_decision(flag=decided)
    member = factories.member("editor", lead.organisation)
    assert list(rows("waiting=us", FlagFilter, user=member)) == [waits]
    assert not rows("waiting=us", FlagFilter, user=factories.member("reader", lead.organisation))
    assert not rows("waiting=us", FlagFilter)


def test_flags_about_a_record_its_department_its_collection_and_its_outcome():
    one, other = factories.policy(status="published"), factories.policy(status="published")
    factories.responsibility(initiative=other, organisation=Organisation.objects.get(code="dft"))
    item = factories.collection_item(initiative=other)
    factories.outcome_link(initiative=other, outcome=Outcome.objects.get(code="obesity"))
    flag = factories.flag(initiative=one, other=other, subject="pair")
    below = factories.flag(initiative=factories.commitment(parent=other, status="published"))
    assert rows(f"initiative={one.reference}", FlagFilter).get() == flag
    assert rows(f"initiative={other.reference}", FlagFilter).get() == flag
    assert flag in rows("lead_lineage=transport", FlagFilter)
    assert flag not in rows("lead_lineage=health", FlagFilter)
    assert set(rows(f"collection={item.collection.code}", FlagFilter)) == {flag, below}
    assert flag in rows("outcome=obesity", FlagFilter)
    assert flag in rows(f"q={one.reference}", FlagFilter)


def test_flags_at_a_place_of_a_capital_and_of_a_body_with_any_role():
    one, other = factories.policy(status="published"), factories.policy(status="published")
    manchester, elsewhere = Area.objects.get(gss_code="E08000003"), Area.objects.get(gss_code="E06000052")
    factories.footprint(initiative=other, area=manchester)
    link = factories.capital_link(initiative=other, weight="secondary")
    body = factories.organisation(lineage="ducks")
    factories.responsibility(initiative=other, organisation=body, role="consulted")
    flag = factories.flag(initiative=one, other=other, subject="pair")
    below = factories.flag(initiative=factories.commitment(parent=other, status="published"))
    itself = factories.flag(initiative=None, area=manchester, subject="place")
    plain = factories.flag(initiative=one)
    for code in ("E08000003", "E47000001", "E12000002"):  # the city, its combined authority, its region
        assert {flag, below, itself} <= set(rows(f"place={code}", FlagFilter))
        assert plain not in rows(f"place={code}", FlagFilter)
    assert not {flag, below, itself} & set(rows(f"place={elsewhere.gss_code}", FlagFilter))
    assert rows(f"capital={link.capital.code}", FlagFilter).get() == flag
    assert rows("role_lineage=ducks", FlagFilter).get() == flag
    assert not rows("lead_lineage=ducks", FlagFilter)


def test_organisations():
    def found(query):
        return set(rows(query, OrganisationFilter).values_list("code", flat=True))

    assert {"mhclg-2018", "mhclg"} <= found("q=MHCLG")
    assert "dluhc" in found("lineage=housing-communities")
    assert found("kind=department&active=yes") & {"dhsc"}
    assert not found("kind=department&active=yes") & {"dluhc"}
    assert "nhs-england" in found("sector=nhs")
    assert "gmca" in found("place=E47000001")
    assert found("collective=yes") == set(
        Organisation.objects.filter(is_collective=True).values_list("code", flat=True)
    )


def test_places():
    def found(query):
        return set(rows(query, AreaFilter).values_list("gss_code", flat=True))

    assert {"E08000003", "E47000001"} <= found("within=E47000001")
    assert {"E08000003", "E47000001", "E92000001"} <= found("contains=E08000003")
    assert found("q=E08000003") == {"E08000003"}
    assert found("active=yes") | found("active=no") == set(Area.objects.values_list("gss_code", flat=True))


def test_outcomes_and_scans():
    assert rows("q=obesity", OutcomeFilter).get().code == "obesity"
    assert rows("kind=full", ScanFilter).count() == Scan.objects.filter(kind="full").count()
    assert rows("changed=yes", ScanFilter).exists()


@pytest.mark.parametrize("filterset", SETS)
def test_queries_do_not_grow(filterset, django_assert_max_num_queries):
    queries = {
        InitiativeFilter: "collection=core_2021&lead=dft&lead_lineage=transport&outcome=obesity&place=E92000001&q=x",
        FlagFilter: "collection=core_2021&lead_lineage=transport&outcome=obesity&q=bus&sort=severity",
        OrganisationFilter: "lineage=transport&place=E92000001&q=a",
        AreaFilter: "within=E92000001&contains=E08000003",
        OutcomeFilter: "q=a",
        ScanFilter: "kind=full",
    }
    with django_assert_max_num_queries(7):
        list(rows(queries[filterset], filterset))


def test_the_form_can_be_of_another_class():
    from tracker.web.forms import FilterForm

    filters = InitiativeFilter(
        QueryDict("lead=nope"), queryset=Initiative.objects.all(), user=AnonymousUser(), form=FilterForm
    )
    assert isinstance(filters.form, FilterForm)
    assert "nope" in filters.form.errors["lead"][0]
    assert "Sort by" in str(filters.form["sort"])
