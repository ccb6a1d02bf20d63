"""Lists: the count, filters in the address, wrong filters, sorting, pages, and the same rows by API."""

from urllib.parse import parse_qs, urlsplit

import pytest

from policies.models import Initiative
from tracker.models import Flag

pytestmark = pytest.mark.django_db


def test_the_count_is_that_of_the_filtered_rows(read, landscape):
    funds = Initiative.objects.filter(kind="policy", form="fund").count()
    page = read("/policies/?form=fund")
    assert f"{funds} policies" in page.text
    assert page.main.count("MHCLG-0001") == 1


def test_a_filter_that_is_on_is_shown_and_can_be_taken_off(read, landscape):
    page = read("/policies/?form=fund&nhs_role=none&sort=-value")
    assert "2 filters are on" in page.text
    assert "Form: Fund" in page.text
    assert "/policies/?nhs_role=none&sort=-value" in page.links()
    assert "/policies/?form=fund&sort=-value" in page.links()
    assert "/policies/?sort=-value" in page.links()


def test_one_of_several_values_can_be_taken_off(read, landscape):
    page = read("/policies/?collection=core_2021&collection=wider_2021")
    assert "38 policies" in page.text
    assert "/policies/?collection=wider_2021" in page.links()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("bogus=1", "This list has no filter called “bogus”"),
        ("form=nonsense", "nonsense"),
        ("lead=nobody", "nobody"),
        ("sort=colour", "colour"),
        ("place=E99999999", "E99999999"),
        ("parent=NONE-0001", "NONE-0001"),
        ("q=%00", "control characters"),
        ("health_in_scope=maybe", "maybe"),
    ],
)
@pytest.mark.parametrize("name", ["policies", "commitments", "partnerships"])
def test_what_is_not_understood_is_said_and_nothing_is_listed(read, landscape, name, query, words):
    page = read(f"/{name}/?{query}")
    assert page.title.startswith("Error: ")
    assert words in page.text
    assert "Nothing is shown, because a filter is not understood" in page.text
    assert "<tbody" not in page.html


@pytest.mark.parametrize("query", ["bogus=1", "severity=awful", "state=odd", "check=XYZ999", "initiative=NONE-1"])
def test_flags_refuse_in_the_same_way(read, landscape, query):
    page = read(f"/flags/?{query}")
    assert page.title.startswith("Error: ")
    assert "Nothing is shown, because a filter is not understood" in page.text


def test_an_empty_answer_says_that_nothing_matches(read, landscape):
    page = read("/policies/?q=xylophone-orchestra-nowhere")
    assert "0 policies" in page.text
    assert "No policies match these filters" in page.text


def test_empty_parameters_are_taken_out_of_the_address(client, landscape):
    response = client.get("/policies/?q=&form=fund&lead=&sort=")
    assert response.headers["Location"] == "/policies/?form=fund"
    assert client.get("/flags/?state=").headers["Location"] == "/flags/"


def test_a_sorted_column_says_so_and_can_be_turned_round(read, landscape):
    page = read("/policies/?form=fund&sort=value")
    assert 'aria-sort="ascending"' in page.html
    assert "/policies/?form=fund&sort=-value" in page.links()


def test_pages_keep_the_filters(read, empty_register, many):
    many(60)
    first = read("/policies/?form=fund")
    assert "60 policies" in first.text
    assert "/policies/?form=fund&page=2" in first.links()
    second = read("/policies/?form=fund&page=2")
    shown = {one.reference for one in Initiative.objects.all() if f">{one.reference}<" in second.html}
    assert len(shown) == 10
    assert "/policies/?form=fund" in second.links()


def test_the_api_is_asked_for_the_same_rows(read, client, landscape):
    page = read("/policies/?form=fund&collection=core_2021&page=1")
    (address,) = page.links("/api/v1/policies")
    assert parse_qs(urlsplit(address).query) == {"form": ["fund"], "collection": ["core_2021"]}
    answer = client.get(address).json()
    shown = [one["reference"] for one in next(value for value in answer.values() if isinstance(value, list))]
    assert all(f">{reference}<" in page.html for reference in shown)
    assert f"{len(shown)} policies" in page.text


def test_flags_start_with_those_that_need_attention(read, landscape, registrar_user):
    everything = Flag.objects.count()
    Flag.objects.filter(check_code="NHS001").update(resolved_at="2026-11-25T10:00Z")
    resolved = Flag.objects.filter(resolved_at__isnull=False).count()
    assert f"{everything - resolved} flags" in read("/flags/").text
    assert f"{resolved} flags" in read("/flags/?state=resolved").text
    (address,) = read("/flags/").links("/api/v1/flags")
    assert parse_qs(urlsplit(address).query)["state"] == ["open", "reopened", "acknowledged"]


def test_the_flags_of_a_department_lead_to_records(read, landscape):
    page = read("/flags/?lead_lineage=health&severity=high")
    assert all(link in page.links() for link in ("/flags/", "/checks/"))
    assert "0 flags" not in page.text


@pytest.mark.parametrize("address", ["/policies/", "/flags/", "/policies/?form=nonsense"])
def test_the_order_that_nobody_asked_for_is_named_once(read, landscape, address):
    offered = read(address).html.split('id="id_sort"')[1].split("</select>")[0]
    assert offered.count('<option value=""') == 1
    assert "Usual order" in offered
    assert "Any" not in offered
