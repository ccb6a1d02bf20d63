"""The report's page: coverage first, seven findings, and every number leading to as many rows as it says."""

import re
from html import unescape

import pytest

pytestmark = pytest.mark.django_db

ADDRESS = "/reports/briefings-tests/"


def test_coverage_stands_before_every_finding(read, landscape):
    page = read(ADDRESS)
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", page.html, re.DOTALL)
    words = [re.sub(r"<[^>]+>|\s+", " ", heading).strip() for heading in headings]
    first = words.index("How much of the record is filled in")
    numbered = [i for i, word in enumerate(words) if re.match(r"\d ", word)]
    assert len(numbered) == 7
    assert first < min(numbered)


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("", ["84.3%", "10.7%", "5.0%", "0 of 45", "1 of the 17 policies", "£54.57bn"]),
        ("?collection=core_2021&collection=wider_2021", ["91.4%", "6.1%", "2.5%", "4 of the 38 policies"]),
        ("?collection=health_2021", ["10 of the 11 policies"]),
        ("?collection=all", ["12 lead departments", "11 of the 49 policies"]),
    ],
)
def test_it_answers_for_the_portfolio_in_the_address(read, landscape, query, answers):
    text = read(ADDRESS + query).text
    for answer in answers:
        assert answer in text


LINK = re.compile(
    r'<a class="govuk-link" href="(?P<address>/(?:policies|commitments|partnerships)/[^"]+)">(?P<number>[\d,]+)'
    r'<span class="govuk-visually-hidden">[^<]*?(?:, in (?P<among>\d+) records?)?</span>'
)


def test_every_count_leads_to_as_many_rows(read, landscape):
    found = {
        (unescape(link["address"]), int((link["among"] or link["number"]).replace(",", "")))
        for link in LINK.finditer(read(ADDRESS).html)
    }
    assert len(found) > 40
    for address, number in found:
        page = read(address)
        assert "Nothing is shown" not in page.text, address
        assert int(re.search(r"<strong>([\d,]+)</strong>", page.html)[1].replace(",", "")) == number, address


@pytest.mark.parametrize("query", ["?collection=nonsense", "?lead_lineage=nobody", "?colour=red"])
def test_a_portfolio_that_is_not_understood_gives_no_figures(read, landscape, query):
    page = read(ADDRESS + query)
    assert page.title.startswith("Error: ")
    assert "No figures are shown" in page.text
    assert "How much of the record is filled in" not in page.text


def test_an_empty_register_is_not_judged(read, empty_register):
    text = read(ADDRESS + "?collection=all").text
    assert "nothing to judge" in text


def test_there_is_a_list_of_reports_and_no_other_report(read, landscape):
    assert ADDRESS in read("/reports/").links()
    read("/reports/nothing/", status=404)
