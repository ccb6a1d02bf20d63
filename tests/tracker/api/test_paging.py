"""Cursor pages: every row once, both ways, in every order, whatever is written meanwhile."""

import pytest

from policies.models import Initiative
from tests.policies import factories
from tracker.filters import FlagFilter, InitiativeFilter, OrganisationFilter

SORTS = [
    ("policies", InitiativeFilter, "reference"),
    ("organisations", OrganisationFilter, "code"),
    ("flags", FlagFilter, "fingerprint"),
]
ORDERS = [
    (collection, key, value)
    for collection, filterset, key in SORTS
    for value, _label in filterset.base_filters["sort"].extra["choices"]
]


def codes(pages, key):
    """The keys of all results of pages, in order."""
    return [row[key] for page in pages for row in page["results"]]


class TestWalking:
    @pytest.mark.parametrize(("collection", "key", "sort"), [*ORDERS, *((c, k, None) for c, _f, k in SORTS)])
    def test_pages_together_are_the_list_in_every_order(self, read, collection, key, sort):
        order = {"sort": sort} if sort else {}
        narrowed = order | ({"sector": "national"} if collection == "organisations" else {})
        whole = codes(read.walk(collection, {**narrowed, "page_size": 200}), key)
        pages = list(read.walk(collection, {**narrowed, "page_size": 13}))
        assert codes(pages, key) == whole
        assert len(whole) == len(set(whole)) > 13

    @pytest.mark.parametrize("sort", [None, "value", "-value", "-title", "flags"])
    def test_the_way_back_is_the_way_there(self, read, sort):
        there = list(read.walk("policies", {"page_size": 7} | ({"sort": sort} if sort else {})))
        back = [there[-1]]
        while back[0]["previous"]:
            back.insert(0, read.json(back[0]["previous"].removeprefix("http://testserver")))
        assert codes(back, "reference") == codes(there, "reference")
        assert there[0]["previous"] is None
        assert there[-1]["next"] is None

    def test_rows_that_come_and_go_meanwhile_disturb_nobody(self, read):
        before = set(codes(read.walk("policies", {"page_size": 200}), "reference"))
        seen = []
        for number, page in enumerate(read.walk("policies", {"page_size": 5})):
            seen += codes([page], "reference")
            # One before and one after where the reader is; and the last row read goes.
            factories.policy(status="published", reference=f"AAA-{number:04d}")
            factories.policy(status="published", reference=f"ZZZ-{number:04d}")
            Initiative.objects.filter(reference=seen[-1]).update(status="draft")
        assert len(seen) == len(set(seen))
        assert before <= set(seen)
        assert not [reference for reference in seen if reference.startswith("AAA")]

    def test_a_search_can_be_walked(self, read):
        whole = codes(read.walk("policies", {"q": "fund", "page_size": 200}), "reference")
        assert codes(read.walk("policies", {"q": "fund", "page_size": 2}), "reference") == whole
        assert len(whole) > 2

    def test_rows_alike_in_what_is_sorted_by_are_each_there_once(self, read):
        for _ in range(12):
            factories.policy(status="published", title="The same", value_gbp=None)
        for sort in ("title", "-title", "value", "-value"):
            found = codes(read.walk("policies", {"sort": sort, "page_size": 5}), "reference")
            assert len(found) == len(set(found)) == Initiative.objects.public().policies().count()


class TestAsking:
    def test_a_page_is_50_unless_asked_otherwise(self, read):
        assert len(read.json("organisations")["results"]) == 50
        assert len(read.json("organisations", {"page_size": 200})["results"]) == 200
        assert len(read.json("organisations", {"page_size": 1})["results"]) == 1

    @pytest.mark.parametrize("size", ["0", "201", "-1", "1.5", "x", "", "9" * 5000, "٣"])
    def test_other_sizes_are_refused(self, read, size):
        answer = read("policies", {"page_size": size})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "page_size"
        assert "from 1 to 200" in answer.json()["detail"]

    @pytest.mark.parametrize("change", ["forged", "other list", "other filter", "other order"])
    def test_a_cursor_goes_with_the_query_that_it_came_from(self, read, change):
        address = read.json("policies", {"page_size": 1})["next"].removeprefix("http://testserver")
        wrong = {
            "forged": address.replace("cursor=", "cursor=x"),
            "other list": address.replace("policies", "commitments"),
            "other filter": address + "&form=fund",
            "other order": address + "&sort=title",
        }[change]
        answer = read(wrong)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["code"] == "bad_cursor"

    def test_the_page_may_change_its_size_on_the_way(self, read):
        first = read.json("policies", {"page_size": 1})
        address = first["next"].removeprefix("http://testserver").replace("page_size=1", "page_size=200")
        rest = read.json(address)
        assert len(first["results"]) + len(rest["results"]) == Initiative.objects.public().policies().count()

    def test_a_list_of_nothing_has_no_neighbours(self, read):
        page = read.json("policies", {"q": "zzzzzzzz"})
        assert (page["results"], page["next"], page["previous"]) == ([], None, None)
