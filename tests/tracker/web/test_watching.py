"""What I watch, and the links in emails: from a page or a list to the watch, changed, stopped, and one's own."""

import time
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.policies import factories
from tracker.actions import digests
from tracker.actions.stop_links import token_for
from tracker.watches import Watch

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def user(person, client):
    one = person("reader", "dft")
    client.force_login(one)
    return one


def new(kind, of=""):
    return reverse("watch_new", kwargs={"kind": kind}) + (f"?of={of}" if of else "")


def watched(user):
    return list(user.watches.order_by("pk").values_list("kind", "frequency"))


class TestAdding:
    def test_from_a_record_s_page(self, client, read, user):
        links = read("/policies/MHCLG-0001/").links()
        assert new("initiative", "MHCLG-0001") in links
        assert "MHCLG-0001" in read(new("initiative", "MHCLG-0001")).main
        assert client.post(new("initiative", "MHCLG-0001"), {"frequency": "weekly"})["Location"] == "/watches/"
        assert watched(user) == [("initiative", "weekly")]
        page = read("/policies/MHCLG-0001/")
        assert "You watch this" in page.main
        assert reverse("watch", kwargs={"number": user.watches.get().pk}) in page.links()

    def test_from_an_organisation_s_page(self, client, read, person):
        client.force_login(person(administrator=True))
        assert new("organisation", "dft") in read("/administration/organisations/dft/").links()

    def test_from_a_list_of_flags(self, client, read, user):
        (offer,) = [link for link in read("/flags/?severity=high&check=NHS001").links() if "/watches/list/" in link]
        assert "High" in read(offer).main
        client.post(offer, {"name": "Bad ones", "frequency": "instant"})
        (one,) = user.watches.all()
        assert (one.search.name, one.search.query) == ("Bad ones", "check=NHS001&severity=high")
        assert f"/flags/?{one.search.query}" in read("/watches/").links()

    def test_from_a_saved_search_of_flags(self, client, read, user):
        mine = factories.saved_search(user=user, place="flags", query="severity=high")
        factories.saved_search(user=user, place="policies")
        assert [link for link in read("/saved-searches/").links() if "/watches/" in link] == [new("search", mine.pk)]
        client.post(new("search", mine.pk), {"frequency": "daily"})
        assert watched(user) == [("search", "daily")]

    def test_is_not_offered_where_it_leads_nowhere(self, read, client, user):
        assert "Watch this" not in read("/flags/").main
        assert "Watch this" not in read("/policies/?form=fund").main
        assert "Watch this" not in read("/flags/?check=nonsense").main
        client.logout()
        assert "Watch this" not in read("/policies/MHCLG-0001/").main
        assert "Watch this" not in read("/flags/?severity=high").main

    @pytest.mark.parametrize(
        ("kind", "thing"),
        [
            ("place", "Manchester"),
            ("organisation", "NHS England"),
            ("initiative", "mhclg-0001"),
            ("outcome", "obesity"),
        ],
    )
    def test_by_name(self, client, user, kind, thing):
        answer = client.post(new(kind), {"thing": thing, "frequency": "daily"})
        if answer.status_code == 200:
            text = answer.content.decode()
            assert "Which one do you mean?" in text
            pick = text.split('name="thing_pick"')[1].split('value="')[1].split('"')[0]
            answer = client.post(new(kind), {"thing": thing, "thing_pick": pick, "frequency": "daily"})
        assert answer["Location"] == "/watches/"
        assert watched(user) == [(kind, "daily")]

    @pytest.mark.parametrize(
        ("kind", "data", "words"),
        [
            ("place", {}, "Enter the place"),
            ("place", {"thing": "zzqq", "frequency": "daily"}, "Nothing on record is called"),
            ("outcome", {"frequency": "daily"}, "Select the health outcome"),
            ("outcome", {"thing": "zzqq", "frequency": "daily"}, "Select the health outcome"),
            ("initiative", {"thing": "MHCLG-0001"}, "Select how soon you want to be told"),
            ("initiative", {"thing": "MHCLG-0001", "frequency": "off"}, "Select how soon you want to be told"),
        ],
    )
    def test_says_what_to_do(self, client, user, kind, data, words):
        text = client.post(new(kind), data).content.decode()
        assert "There is a problem" in text
        assert words in text
        assert watched(user) == []

    def test_twice_is_said(self, client, user):
        for words in ("", "You watch it already. Change how often you are told under What I watch."):
            answer = client.post(new("place", "E08000003"), {"frequency": "daily"})
            assert words in answer.content.decode()
        assert len(watched(user)) == 1

    @pytest.mark.parametrize(
        "address",
        [
            "/watches/new/moon/",
            new("place", "E99999999"),
            new("place", "%00"),
            new("search", "1"),
            new("search", "9" * 30),
            new("initiative", "NONE-0001"),
        ],
    )
    def test_what_is_not_there_is_not_found(self, client, user, address):
        assert client.get(address).status_code == client.post(address, {"frequency": "daily"}).status_code == 404

    def test_a_draft_of_others_is_not_found(self, client, user):
        draft = factories.policy()
        assert client.get(new("initiative", draft.reference)).status_code == 404

    def test_somebody_else_s_search_is_not_found(self, client, user, person):
        other = factories.saved_search(user=person(), place="flags")
        assert client.get(new("search", other.pk)).status_code == 404

    @pytest.mark.parametrize("query", ["nosuch=1", "severity=dreadful"])
    def test_a_list_that_is_not_understood_is_refused(self, client, user, query):
        address = f"{reverse('watch_list')}?query={quote(query)}"
        answer = client.post(address, {"name": "Mine", "frequency": "daily"}, follow=True)
        assert "does not understand this of it" in answer.content.decode()
        assert not user.saved_searches.exists()


class TestOnesOwn:
    def test_page_leads_from_my_work(self, read, user):
        assert "/watches/" in read("/my-work/").links()
        assert "You watch nothing yet" in read("/watches/").main

    def test_change_and_stop(self, client, read, user):
        one = factories.watch(user=user)
        address = reverse("watch", kwargs={"number": one.pk})
        assert "Not now" in read(address).main
        client.post(address, {"frequency": "off"})
        assert "no emails are sent" in read("/watches/").main
        stop = reverse("watch_stop", kwargs={"number": one.pk})
        assert one.outcome.name in read(stop).main
        assert user.watches.exists()
        client.post(stop)
        assert not user.watches.exists()

    @pytest.mark.parametrize("name", ["watch", "watch_stop"])
    def test_those_of_others_are_not_found(self, client, user, name):
        one = factories.watch()
        address = reverse(name, kwargs={"number": one.pk})
        assert client.get(address).status_code == client.post(address, {"frequency": "off"}).status_code == 404
        assert Watch.objects.get(pk=one.pk).frequency == "instant"

    def test_a_filter_that_is_gone_is_said(self, read, user):
        factories.watch(user=user, search=factories.saved_search(user=user, place="flags", query="colour=red"))
        assert "The list no longer has the filter colour, so nothing is sent." in read("/watches/").main

    def test_the_queries_do_not_grow(self, client, user):
        counts = []
        for number in (1, 10):
            for _ in range(number):
                factories.watch(user=user)
                factories.watch(user=user, lineage=factories.organisation().lineage)
            with CaptureQueriesContext(connection) as asked:
                client.get("/watches/")
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestTheLinkInAnEmail:
    def link(self, about, number):
        return f"/watches/off/{about}.{token_for(about, number)}/"

    def test_stops_one_watch_without_sign_in(self, read, person):
        one, other = factories.watch(user=person()), factories.watch()
        outside = Client(enforce_csrf_checks=True)
        link = self.link("watch", one.pk)
        assert one.outcome.name in outside.get(link).content.decode()
        one.refresh_from_db()
        assert one.frequency == "instant", "programs that look for harmful links open them too"
        assert outside.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.frequency, other.frequency) == ("off", "instant")
        assert "You get no more emails about" in read(link).main

    def test_stops_all_of_a_person_s(self, person):
        user = person()
        for _ in range(2):
            factories.watch(user=user)
        Client(enforce_csrf_checks=True).post(self.link("watches", user.pk))
        assert set(user.watches.values_list("frequency", flat=True)) == {"off"}

    @pytest.mark.parametrize("token", ["x", "watch.1:a:b", "watches.1", "%00", "watch.%00:a:b"])
    def test_a_forged_one_stops_nothing(self, client, token):
        one = factories.watch()
        assert client.post(f"/watches/off/{token}/").status_code == 404
        one.refresh_from_db()
        assert one.frequency == "instant"

    def test_a_digest_s_link_is_no_link_of_a_watch(self, client):
        one = factories.watch()
        assert client.post(f"/watches/off/watch.{token_for('digest', one.pk)}/").status_code == 404

    @pytest.mark.parametrize("about", ["watch", "digest"])
    def test_an_old_one_says_what_to_do(self, client, person, about, monkeypatch):
        user = person("editor", "dft")
        one = factories.watch(user=user)
        long_ago = time.time() - 181 * 24 * 60 * 60
        with monkeypatch.context() as then:
            then.setattr("django.core.signing.time.time", lambda: long_ago)
            link = self.link("watch", one.pk) if about == "watch" else f"/emails/stop/{digests.token_of(user)}/"
        for answer in (client.get(link), client.post(link)):
            assert answer.status_code == 410
            assert "Use the link in a newer email, or sign in" in answer.content.decode()
        one.refresh_from_db()
        user.refresh_from_db()
        assert (one.frequency, user.wants_digest) == ("instant", True)
