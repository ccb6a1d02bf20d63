"""No page asks the database more often because there is more to show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.actions import initiatives
from policies.models import Initiative, Organisation
from tests.policies import steps

pytestmark = pytest.mark.django_db

LISTS = {"policies": "policy", "commitments": "commitment", "partnerships": "partnership"}


def queries(client, address):
    """How many statements a page takes, once everything that a process keeps is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_100_takes_as_many_as_one_of_10(client, empty_register, many, name):
    parent = many(1, prefix="TOP")[0] if name == "commitments" else None
    many(10, kind=LISTS[name], parent=parent)
    few = queries(client, f"/{name}/")
    many(90, kind=LISTS[name], parent=parent)
    assert queries(client, f"/{name}/") == few <= 20


AT_SCALE = [
    "/commitments/",
    "/commitments/?q=child&sort=-value",
    "/flags/",
    "/my-work/",
    "/my-work/roles/",
    "/rounds/",
    "/search/?q=child",
    "/api/v1/commitments",
    "/api/v1/flags",
]


def test_lists_of_10_000_commitments_take_as_many_as_lists_of_60(client, empty_register, many, person):
    client.force_login(person("approver", "dft"))
    parent = many(1, prefix="TOP")[0]
    many(60, kind="commitment", prefix="CHILD", parent=parent)
    few = {address: queries(client, address) for address in AT_SCALE}
    with connection.cursor() as cursor:
        # How the rows get in is not what is tried here; history and the change log would take a minute.
        cursor.execute("SET LOCAL session_replication_role = replica")
        many(10_000, kind="commitment", prefix="CHILD", parent=parent)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert {address: queries(client, address) for address in AT_SCALE} == few
    assert max(few.values()) <= 30


def test_a_signed_in_list_too(client, empty_register, many, person):
    client.force_login(person("editor", "dft"))
    many(10)
    few = queries(client, "/policies/?form=fund&outcome=healthy_life_expectancy&flag=NHS001&sort=-flags")
    many(90)
    assert queries(client, "/policies/?form=fund&outcome=healthy_life_expectancy&flag=NHS001&sort=-flags") == few <= 25


@pytest.mark.parametrize("address", ["/", "/flags/", "/checks/", "/checks/NHS001/", "/reports/briefings-tests/"])
def test_other_pages_too(client, empty_register, many, address):
    many(10)
    many(10, kind="commitment", prefix="CHILD", parent=Initiative.objects.first())
    few = queries(client, address)
    many(90)
    many(90, kind="commitment", prefix="CHILD", parent=Initiative.objects.first())
    assert queries(client, address) == few <= 30


def test_a_record_with_100_commitments_and_a_long_history_too(client, empty_register, many, person):
    administrator = person(administrator=True)
    policy = many(1)[0]
    many(10, kind="commitment", prefix="CHILD", parent=policy)
    address = f"/policies/{policy.reference}/"
    _change(policy, administrator, 2)
    few = queries(client, address)
    many(90, kind="commitment", prefix="CHILD", parent=policy)
    _change(policy, administrator, 20)
    assert queries(client, address) == few <= 40


def _change(policy, person, times):
    policy.refresh_from_db()
    bodies = list(Organisation.objects.filter(kind="department", active_to=None).exclude(code="dft")[:times])
    for number in range(times):
        steps.revised(
            policy,
            lambda copy, number=number: initiatives.edit(
                by=person, initiative=copy, version=1, title=f"Title {policy.version} {number}"
            ),
            by=person,
        )
    lead = Organisation.objects.get(code="dft")
    rows = [{"organisation": lead, "role": "lead"}, *({"organisation": b, "role": "supporting"} for b in bodies)]
    steps.revised(
        policy,
        lambda copy: initiatives.set_parts(by=person, initiative=copy, version=1, part="roles", rows=rows),
        by=person,
    )


def test_a_flag_takes_few(client, landscape):
    assert queries(client, "/flags/NHS001:policy:MHCLG-0001/") <= 10
