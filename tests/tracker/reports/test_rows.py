"""Every number leads to exactly its rows, for every portfolio and whoever reads it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Sum

from policies.models import Initiative
from tests.policies import factories
from tests.tracker.reports.reading import REPORT, cells, finding, run, table
from tracker.filters import InitiativeFilter
from tracker.reports.base import COUNT, MONEY, PERCENT, querydict

pytestmark = pytest.mark.usefixtures("landscape")

KINDS = {"policies": "policy", "commitments": "commitment", "partnerships": "partnership"}
ASKED = [
    {"collection": ["core_2021"]},
    {"collection": ["core_2021", "wider_2021"]},
    {"collection": ["health_2021"]},
    {"collection": ["all"]},
    {"collection": ["all"], "lead_lineage": "housing-communities"},
    {"collection": ["core_2021"], "lead_lineage": "transport"},
    {"collection": ["health_2021"], "lead_lineage": "home-office"},
]


def found(rows, user):
    """How many rows the list shows under the filters, and their pounds."""
    everything = Initiative.objects.visible_to(user).filter(kind=KINDS[rows.list])
    filters = InitiativeFilter(querydict(rows.filters), queryset=everything, user=user)
    assert filters.form.is_valid(), filters.form.errors
    unknown = set(rows.filters) - set(filters.form.fields)
    assert not unknown, unknown
    shown = filters.qs.order_by().aggregate(number=Count("pk"), pounds=Sum("value_gbp"))
    return shown["number"], shown["pounds"] or 0


def check(result, user):
    """Every number of a result against its rows; returns how many numbers there were."""
    checked, lists = 0, {}
    for one, part, cell in cells(result):
        if cell.kind not in (COUNT, MONEY, PERCENT):
            continue
        where = f"{one.code}: {part.caption}: {cell}"
        if cell.rows is None:
            assert cell.of or cell.kind == PERCENT, where
            continue
        key = repr((cell.rows.list, cell.rows.filters))
        if key not in lists:
            lists[key] = found(cell.rows, user)
        number, pounds = lists[key]
        assert number == cell.rows.count, where
        if cell.kind == COUNT and not cell.of:
            assert cell.value == number, where
        if cell.kind == MONEY:
            assert cell.value == pounds, where
        checked += 1
    return checked


@pytest.mark.parametrize(
    "asked", ASKED, ids=lambda asked: "+".join([*asked["collection"], asked.get("lead_lineage", "")])
)
def test_numbers_lead_to_their_rows(asked):
    assert check(REPORT.run(asked, user=AnonymousUser()), AnonymousUser()) > 60


@pytest.fixture
def hidden():
    """A draft and a sensitive policy in the core, closed ones, and a published one without links or a value."""
    core = Initiative.objects.get(short_code="luf").collection_items.get().collection
    made = {
        "draft": factories.policy(value_gbp=10**12),
        "sensitive": factories.policy(status="published", sensitivity="official_sensitive", value_gbp=10**12),
        "closed": factories.policy(status="closed", value_gbp=10**12),
        "withdrawn": factories.policy(status="withdrawn"),
        "bare": factories.policy(status="published", value_gbp=500),
    }
    for policy in made.values():
        factories.collection_item(collection=core, initiative=policy)
        factories.commitment(parent=policy, status="published")
    return made


def policies(result):
    return table(finding(result, "fragmentation"))["Live policies"]["This portfolio"]


def test_only_live_records_that_the_reader_may_see(hidden, person):
    assert policies(run("core_2021", user=AnonymousUser())) == 18
    assert policies(run("core_2021", user=person(administrator=True))) == 19


@pytest.mark.parametrize("administrator", [False, True])
def test_numbers_lead_to_their_rows_among_hidden_records(hidden, person, administrator):
    user = person(administrator=True) if administrator else AnonymousUser()
    check(run("core_2021", user=user), user)


def test_titles_of_hidden_policies_are_not_told(hidden):
    told = {cell.value for _one, _part, cell in cells(run("core_2021", "all", user=AnonymousUser()))}
    assert hidden["bare"].title in told
    assert not {hidden[name].title for name in ("draft", "sensitive")} & told


def test_what_has_no_links_is_shown_apart(hidden):
    tilt = finding(run("core_2021"), "tilt")
    rest = table(tilt)["No primary capital recorded"]
    assert (rest["Policies"], rest["Value"]) == (1, 500)
    assert table(tilt)["All with a primary capital"]["Policies"] == 17


def test_nobody_reads_without_sign_in_where_that_is_asked_for(settings):
    settings.PUBLIC_READING = False
    assert policies(run("all", user=AnonymousUser())) == 0
