"""Saved searches: kept for one person, opened with the same filters, and honest when a filter is gone."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.actions import saved as actions
from policies.models import SavedSearch, SearchList
from tests.policies import factories
from tracker.web.saved import normalised

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

FUNDS = "form=fund&nhs_role=none"


@pytest.fixture
def user(person, client):
    """Somebody who reads, signed in."""
    one = person("reader", "dft")
    client.force_login(one)
    return one


def new(place="policies", query=FUNDS):
    return f"{reverse('saved_new')}?list={place}&query={quote(query)}"


def kept_by(user):
    return list(user.saved_searches.values_list("name", "place", "query"))


class TestSaving:
    def test_from_a_list_to_the_same_list(self, read, client, user):
        offer = [link for link in read(f"/policies/?{FUNDS}").links() if link.startswith("/saved-searches/new/")]
        page = read(offer[0])
        assert "Fund" in page.main
        answer = client.post(offer[0], {"name": "Funds without the NHS"})
        assert answer["Location"] == f"/policies/?{FUNDS}"
        assert kept_by(user) == [("Funds without the NHS", "policies", FUNDS)]
        assert "Funds without the NHS" in read("/my-work/").main
        assert f"/policies/?{FUNDS}" in read("/saved-searches/").links()

    @pytest.mark.parametrize("address", ["/search/?q=housing", "/flags/?severity=high", "/commitments/?q=nurses"])
    def test_is_offered_on_every_list_and_the_search(self, read, client, user, address):
        offer = next(link for link in read(address).links() if link.startswith("/saved-searches/new/"))
        assert client.post(offer, {"name": "Mine"})["Location"] == address

    @pytest.mark.parametrize("address", ["/policies/", "/policies/?form=nonsense", "/search/", "/checks/"])
    def test_is_not_offered_where_there_is_nothing_to_save(self, read, user, address):
        assert not any("saved-searches" in link for link in read(address).links())

    def test_is_not_offered_to_those_who_have_not_signed_in(self, read, client):
        assert "Save this search" not in read(f"/policies/?{FUNDS}").main
        assert client.get(new())["Location"].startswith("/account/login/")

    @pytest.mark.parametrize(
        ("query", "same"),
        [
            ("nhs_role=none&form=fund", "form=fund&nhs_role=none"),
            ("form=fund&page=3&form=&nothing=1", "form=fund"),
            ("collection=b&collection=a&collection=b", "collection=b&collection=a"),
            ("q=%C3%A9&q=+", "q=%C3%A9"),
            ("", ""),
        ],
    )
    def test_filters_have_one_spelling(self, query, same):
        assert normalised(SearchList.POLICIES, query) == same

    @pytest.mark.parametrize(
        ("place", "query"), [("users", ""), ("", ""), ("policies", "q=%00"), ("policies", "q=" + "x" * 2000)]
    )
    def test_what_is_no_list_is_not_found(self, client, user, place, query):
        assert client.get(new(place, query)).status_code == 404

    @pytest.mark.parametrize(
        ("place", "query", "names"),
        [
            ("flags", "nosuch=1", "nosuch"),
            ("flags", "severity=high&nosuch=1", "nosuch"),
            ("flags", "severity=dreadful", "severity"),
            ("policies", "colour=red&form=fund&shape=round", "colour, shape"),
            ("search", "q=housing&form=fund", "form"),
        ],
    )
    def test_a_filter_that_the_list_does_not_have_is_refused_not_dropped(self, client, user, place, query, names):
        for method in (client.get, client.post):
            answer = method(new(place, query), {"name": "Mine"} if method == client.post else {}, follow=True)
            assert f"was not saved, because the list does not understand this of it: {names}" in answer.content.decode()
        assert kept_by(user) == []

    def test_pages_of_a_list_are_saved_as_the_list(self, client, user):
        client.post(new("policies", "form=fund&page=3"), {"name": "Funds"})
        assert kept_by(user) == [("Funds", "policies", "form=fund")]

    def test_a_name_is_needed_and_is_one_persons_once(self, client, user, person):
        assert "Enter the name of the search" in client.post(new(), {"name": " "}).content.decode()
        assert "hidden characters" in client.post(new(), {"name": "\u200b\u2060"}).content.decode()
        factories.saved_search(user=person(), name="Mine")
        assert client.post(new(), {"name": "Mine"}).status_code == 302
        page = client.post(new(), {"name": "MINE"}).content.decode()
        assert "You have a saved search called “MINE” already. Choose another name." in page
        assert len(kept_by(user)) == 1

    def test_there_is_a_most(self, client, user):
        for number in range(actions.MOST):
            factories.saved_search(user=user, name=f"Search {number}")
        assert "the most there can be. Delete one first." in client.post(new(), {"name": "More"}).content.decode()
        assert len(kept_by(user)) == actions.MOST

    def test_markup_in_a_name_stays_text(self, client, user):
        client.post(new(), {"name": "<script>alert(1)</script>"})
        assert "<script>alert" not in client.get("/saved-searches/").content.decode()


class TestOnesOwn:
    def test_rename(self, client, user):
        search = factories.saved_search(user=user, name="Old")
        factories.saved_search(user=user, name="Taken")
        address = reverse("saved_rename", kwargs={"number": search.pk})
        assert "Old" in client.get(address).content.decode()
        assert "already" in client.post(address, {"name": "taken"}).content.decode()
        assert client.post(address, {"name": "New"})["Location"] == "/saved-searches/"
        search.refresh_from_db()
        assert search.name == "New"

    def test_delete_asks_first(self, client, user):
        search = factories.saved_search(user=user)
        address = reverse("saved_delete", kwargs={"number": search.pk})
        assert search.name in client.get(address).content.decode()
        assert SavedSearch.objects.filter(pk=search.pk).exists()
        client.post(address)
        assert not SavedSearch.objects.filter(pk=search.pk).exists()

    @pytest.mark.parametrize("what", ["rename", "delete"])
    def test_those_of_others_are_not_found(self, client, user, person, what):
        search = factories.saved_search(user=person(administrator=True), name="Private")
        address = reverse(f"saved_{what}", kwargs={"number": search.pk})
        assert client.get(address).status_code == client.post(address, {"name": "x"}).status_code == 404
        assert "Private" not in client.get("/saved-searches/").content.decode()
        search.refresh_from_db()
        assert search.name == "Private"

    def test_a_filter_that_is_gone_is_said_in_both_places(self, read, user):
        factories.saved_search(user=user, name="Aged", query="colour=red&form=fund")
        main = read("/saved-searches/").main
        assert "The list no longer has the filter colour." in main
        assert "This list has no filter called “colour”" in read("/policies/?colour=red&form=fund").main

    def test_a_value_that_is_gone_is_said_by_the_list(self, read, user):
        search = factories.saved_search(user=user, query="collection=was-deleted")
        address = next(link for link in read("/saved-searches/").links("/policies/"))
        assert address == f"/policies/?{search.query}"
        assert "is not one of the answers" in read(address).main

    def test_the_queries_do_not_grow(self, client, user):
        counts = []
        for number in (1, 30):
            for _ in range(number):
                factories.saved_search(user=user)
            client.get("/saved-searches/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/saved-searches/")
            counts.append(len(asked))
        assert counts[0] == counts[1]
