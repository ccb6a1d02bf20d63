"""The pages on which people decide on flags: one by one, many at once, and comment."""

import datetime
import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from policies.models import Responsibility
from tests.policies import deciding, factories
from tests.tracker.web.conftest import Page, flag
from tests.tracker.web.test_kept import NOTICE, sign_in, write_after_the_end
from tracker.actions import flags as acts
from tracker.decisions import FlagComment, FlagDecision
from tracker.models import Flag
from tracker.web.views.precision import in_words

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SOON = TODAY + datetime.timedelta(days=40)


def date(name, day=SOON):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def hidden(page, name):
    """What a page's form carries under a name."""
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page.html)[0]}


PLAN = {"plan": "Ask the boards.", **date("due_on")}
ASIDE = {"reason": "trade_off", "comment": "Agreed by both.", **date("review_on")}


@pytest.fixture
def one(empty_register, many):
    """A flag on a fund that DfT leads."""
    factories.scan()
    many(1)
    return Flag.objects.get(check_code="NHS001")


@pytest.fixture
def pair(one, many):
    """A flag about DfT's fund and another, which DHSC leads."""
    (other,) = many(1, prefix="OTHER")
    body = factories.models.Organisation.objects.get(code="dhsc")
    Responsibility.objects.filter(initiative=other, role="lead").update(organisation=body)
    row = flag(one.initiative, "DEP001", other=other, subject="pair", fingerprint="DEP001:pair:MANY-0001+OTHER-0001")
    row.save()
    return row


@pytest.fixture
def sends(client):
    """A function that opens a page as somebody, sends its form, and returns what comes after."""

    def send(person, address, data, *, status=200):
        client.force_login(person)
        carried = hidden(Page(client.get(address)), "decision" if "take-back" in address else "seen")
        answer = client.post(address, carried | data, follow=True)
        assert answer.status_code == status
        return Page(answer)

    return send


class TestOne:
    def test_is_acknowledged_with_owner_plan_and_date(self, sends, one, person):
        editor = person("editor", "dft")
        page = sends(editor, f"/flags/{one.fingerprint}/acknowledge/", {"owner": editor.pk, **PLAN})
        assert "The flag is acknowledged." in page.text
        for told in ("Ask the boards.", editor.name, "Department for Transport"):
            assert told in page.main

    def test_is_set_aside_by_an_approver(self, sends, one, person):
        page = sends(person("approver", "dft"), f"/flags/{one.fingerprint}/dismiss/", ASIDE)
        assert "The flag is set aside." in page.text
        assert "Take this decision back" in page.main

    def test_is_not_set_aside_by_an_editor(self, read, one, person):
        page = read(f"/flags/{one.fingerprint}/dismiss/", by=person("editor", "dft"), status=403)
        assert "Only approvers of the organisations that this flag concerns" in page.text
        links = read(f"/flags/{one.fingerprint}/").links()
        assert f"/flags/{one.fingerprint}/acknowledge/" in links
        assert f"/flags/{one.fingerprint}/dismiss/" not in links

    def test_offers_nothing_to_strangers_and_to_who_is_signed_out(self, read, one, person):
        for by in (None, person("approver", "dhsc")):
            links = read(f"/flags/{one.fingerprint}/", by=by).links("/flags/")
            assert not [link for link in links if link.endswith(("/acknowledge/", "/dismiss/", "/comment/"))]

    def test_that_is_resolved_is_left(self, read, client, one, person):
        Flag.objects.filter(pk=one.pk).update(resolved_at=timezone.now())
        client.force_login(person("approver", "dft"))
        answer = client.get(f"/flags/{one.fingerprint}/dismiss/", follow=True)
        assert "There is nothing to decide." in Page(answer).text

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"reason": ""}, "Select why it is set aside"),
            ({"comment": " "}, "Enter why in your own words"),
            (date("review_on", TODAY), "The review date must be after today and within a year"),
            (date("review_on", TODAY + datetime.timedelta(days=400)), "within a year"),
            ({"review_on-day": ""}, "The review date must include a day"),
        ],
    )
    def test_says_what_is_missing_and_keeps_what_was_typed(self, sends, one, person, change, message):
        page = sends(person("approver", "dft"), f"/flags/{one.fingerprint}/dismiss/", ASIDE | change)
        assert message in page.text
        assert not FlagDecision.objects.exists()
        assert "Agreed by both." in page.html or "comment" in change

    def test_whose_evidence_changed_meanwhile_is_shown_anew(self, client, sends, one, person):
        approver = person("approver", "dft")
        before = acts.seen(acts.with_all(Flag.objects.all()).get(pk=one.pk))
        Flag.objects.filter(pk=one.pk).update(evidence_digest="1" * 32, summary="“Many 1” is flagged twice.")
        page = sends(approver, f"/flags/{one.fingerprint}/dismiss/", ASIDE | {"seen": before}, status=409)
        assert "Nothing is saved yet. The evidence changed while you were reading." in page.text
        assert "Agreed by both." in page.html
        assert not FlagDecision.objects.exists()
        page = sends(approver, f"/flags/{one.fingerprint}/dismiss/", ASIDE | hidden(page, "seen"))
        assert "The flag is set aside." in page.text

    def test_on_which_somebody_decided_meanwhile_shows_what_they_did(self, sends, one, person):
        before = acts.seen(acts.with_all(Flag.objects.all()).get(pk=one.pk))
        first, second = person("editor", "dft"), person("approver", "dft")
        sends(first, f"/flags/{one.fingerprint}/acknowledge/", {"owner": first.pk, **PLAN})
        page = sends(second, f"/flags/{one.fingerprint}/dismiss/", ASIDE | {"seen": before}, status=409)
        assert "Somebody else decided while you were reading." in page.text
        assert first.name in page.main
        assert FlagDecision.objects.get().by == first

    def test_what_was_typed_outlives_the_session(self, client, landscape, person):
        approver = person("approver", "dhsc", email="a@test.example")
        one = Flag.objects.filter(initiative__responsibilities__in=Responsibility.objects.filter(
            role="lead", organisation__code="dhsc"), subject="policy").first()  # fmt: skip
        address = f"/flags/{one.fingerprint}/dismiss/"
        write_after_the_end(client, approver, address, ASIDE)
        sign_in(client, approver, address)
        page = Page(client.get(address))
        assert NOTICE in page.text
        assert "Agreed by both." in page.html
        assert not FlagDecision.objects.exists()
        Session.objects.all().delete()


class TestTwoSides:
    def test_the_other_side_sees_the_words_and_still_has_to_decide(self, sends, read, pair, person):
        page = sends(person("approver", "dft"), f"/flags/{pair.fingerprint}/dismiss/", ASIDE)
        assert "The other side decides for itself, and sees your words." in page.text
        page = read("/my-work/", by=person("approver", "dhsc"))
        assert f"/flags/{pair.fingerprint}/" in page.links("/flags/")
        page = read(f"/flags/{pair.fingerprint}/")
        assert "Agreed by both." in page.main
        assert "No decision yet." in page.main
        assert f"/flags/{pair.fingerprint}/dismiss/" in page.links()
        assert f"/flags/{pair.fingerprint}/" not in read("/my-work/", by=person("editor", "dft")).links("/flags/")

    def test_an_administrator_says_for_which(self, sends, pair, person):
        page = sends(person(administrator=True), f"/flags/{pair.fingerprint}/dismiss/", ASIDE)
        assert "Select in whose name you decide" in page.text
        sends(person(administrator=True), f"/flags/{pair.fingerprint}/dismiss/", ASIDE | {"voice": "second"})
        assert FlagDecision.objects.get().side == "second"


class TestTakingBack:
    def test_opens_it_again_and_says_why(self, sends, one, person):
        approver = person("approver", "dft")
        sends(approver, f"/flags/{one.fingerprint}/dismiss/", ASIDE)
        address = f"/flags/{one.fingerprint}/take-back/first/"
        assert "Enter why it is taken back" in sends(approver, address, {}).text
        page = sends(approver, address, {"reason": "It was decided otherwise."})
        assert "The decision is taken back, and the flag is open again." in page.text
        assert f"{approver.name} took the decision back" in page.main

    def test_of_what_was_decided_anew_shows_the_new_decision_first(self, sends, client, one, person):
        approver = person("approver", "dft")
        sends(approver, f"/flags/{one.fingerprint}/dismiss/", ASIDE)
        old = FlagDecision.objects.get()
        sends(approver, f"/flags/{one.fingerprint}/dismiss/", ASIDE | {"comment": "Agreed again."})
        page = sends(
            approver, f"/flags/{one.fingerprint}/take-back/first/", {"reason": "Otherwise.", "decision": old.pk}
        )
        assert "Somebody decided anew meanwhile." in page.text
        assert "Agreed again." in page.main
        assert not FlagDecision.objects.filter(taken_back_at__isnull=False).exists()

    def test_where_nothing_was_decided_leads_back(self, client, one, person):
        client.force_login(person("approver", "dft"))
        answer = client.get(f"/flags/{one.fingerprint}/take-back/first/", follow=True)
        assert "There is no decision to take back." in Page(answer).text
        assert client.get(f"/flags/{one.fingerprint}/take-back/second/").status_code == 403


class TestComments:
    def test_stand_with_name_organisation_and_day(self, client, one, person):
        writer = person("editor", "local-authorities")
        client.force_login(writer)
        address = f"/flags/{one.fingerprint}/comment/"
        assert "Enter a comment" in Page(client.post(address, {"words": ""})).text
        page = Page(client.post(address, {"words": "<b>We</b> were not asked."}, follow=True))
        assert "<b>We</b> were not asked." in page.main
        assert writer.name in page.main
        client.logout()
        page = Page(client.get(f"/flags/{one.fingerprint}/"))
        assert "were not asked." in page.main
        assert writer.name not in page.main

    def test_are_not_for_who_has_no_part_in_it(self, client, one, person):
        client.force_login(person("approver", "dhsc"))
        assert client.post(f"/flags/{one.fingerprint}/comment/", {"words": "Hm."}).status_code == 403
        assert not FlagComment.objects.exists()


class TestMany:
    @pytest.fixture
    def flags(self, one, many):
        many(3, prefix="MORE")
        (strange,) = many(1, prefix="STRANGE")
        body = factories.models.Organisation.objects.get(code="dhsc")
        Responsibility.objects.filter(initiative=strange, role="lead").update(organisation=body)
        return Flag.objects.filter(check_code="NHS001")

    def carried(self, page):
        return re.findall('name="chosen" value="([^"]+)"', page.html.split("</form>")[1])

    def post(self, client, data):
        answer = client.post("/flags/together/", data, follow=True)
        assert answer.status_code == 200
        return Page(answer)

    def test_the_list_has_boxes_for_who_decides_and_none_for_others(self, read, one, person):
        assert 'name="flag"' not in read("/flags/").html
        page = read("/flags/", by=person("editor", "dft"))
        assert f'value="{one.fingerprint}"' in page.html
        assert "All 2 that the filters show" in page.text

    def test_ticked_ones_are_acknowledged_after_a_check(self, client, flags, person):
        editor = person("editor", "dft")
        client.force_login(editor)
        ticked = {"decision": "acknowledged", "flag": [flag.fingerprint for flag in flags], "which": "ticked"}
        page = self.post(client, ticked)
        assert "Acknowledge 4 flags" in page.text
        assert "1 flag is not decided on: see why" in page.text
        sent = {"decision": "acknowledged", "chosen": self.carried(page), "stage": "check"}
        page = self.post(client, sent)
        assert "Enter what will be done" in page.text
        sent |= {"owner": editor.pk, **PLAN}
        page = self.post(client, sent)
        assert "Check before you decide" in page.text
        assert "4 flags: " in page.text
        assert not FlagDecision.objects.exists()
        page = self.post(client, sent | {"stage": "save"})
        assert "4 flags are acknowledged." in page.text
        assert FlagDecision.objects.count() == 4

    def test_all_that_the_filters_show(self, client, flags, person):
        client.force_login(person("approver", "dft"))
        page = self.post(client, {"decision": "dismissed", "which": "all", "query": "check=NHS001&state=open"})
        assert "Set 4 flags aside" in page.text
        page = self.post(client, {"decision": "dismissed", "which": "all", "query": "check=NONE"})
        assert "No flags are chosen" in page.text

    def test_an_editor_sets_none_aside_and_is_told(self, client, flags, person):
        client.force_login(person("editor", "dft"))
        page = self.post(client, {"decision": "dismissed", "which": "all", "query": "check=NHS001"})
        assert "You may not decide on any of the flags that you chose." in page.text

    def test_what_changed_meanwhile_stops_all_and_is_named(self, client, flags, person):
        client.force_login(person("approver", "dft"))
        page = self.post(client, {"decision": "dismissed", "which": "all", "query": "check=NHS001"})
        sent = {"decision": "dismissed", "chosen": self.carried(page), "stage": "save", **ASIDE}
        Flag.objects.filter(pk=flags[0].pk).update(evidence_digest="1" * 32)
        page = self.post(client, sent)
        assert "1 flag changed since you chose it." in page.text
        assert not FlagDecision.objects.exists()
        page = self.post(client, sent | {"chosen": self.carried(page)})
        assert "4 flags are set aside." in page.text

    def test_a_limit_is_kept_and_said(self, client, flags, person, monkeypatch):
        monkeypatch.setattr(acts, "MOST_AT_ONCE", 2)
        client.force_login(person("approver", "dft"))
        page = self.post(client, {"decision": "dismissed", "which": "all", "query": "check=NHS001"})
        assert "2 flags are the most at once, so 3 more are left out." in page.text

    def test_a_pair_is_left_to_its_page_by_who_acts_for_both(self, client, pair, person):
        client.force_login(person(administrator=True))
        page = self.post(client, {"decision": "dismissed", "flag": [pair.fingerprint]})
        assert "decide on its own page" in page.text

    def test_an_owner_of_another_organisation_is_none_for_it(self, client, flags, person):
        client.force_login(administrator := person(administrator=True))
        stranger = person("reader", "dhsc")
        page = self.post(client, {"decision": "acknowledged", "which": "all", "query": "check=NHS001"})
        sent = {"decision": "acknowledged", "chosen": self.carried(page), "stage": "save", **PLAN}
        page = self.post(client, sent | {"owner": stranger.pk})
        assert "1 flag is acknowledged." in page.text
        assert FlagDecision.objects.get().by == administrator

    @pytest.mark.parametrize(
        "odd",
        [
            {},
            {"decision": "explode", "flag": "x"},
            {"decision": "dismissed", "flag": "NONE\0"},
            {"decision": "dismissed", "chosen": "a"},
            {"decision": "dismissed", "which": "all", "query": "%00=1&state=&&"},
        ],
    )
    def test_odd_choices_change_nothing(self, client, flags, person, odd):
        client.force_login(person("approver", "dft"))
        self.post(client, odd)
        assert not FlagDecision.objects.exists()

    def test_a_reader_is_refused(self, client, one, person):
        client.force_login(person("reader", "dft"))
        assert client.post("/flags/together/", {}).status_code == 403


class TestMyWork:
    def test_names_what_is_late_and_what_comes_due(self, read, one, person):
        approver = person("approver", "dft")
        body = one.initiative.responsibilities.get(role="lead").organisation
        before = TODAY - datetime.timedelta(days=9)
        late = {"decided_on": before, "due_on": before, "owner": approver, "organisation": body}
        deciding.flag_decision(flag=one, words="Ask the boards.", **late)
        other = Flag.objects.get(check_code="OUT006")
        deciding.dismissal(flag=other, organisation=body, review_on=TODAY + datetime.timedelta(days=5))
        page = read("/my-work/", by=approver)
        assert "Acknowledged flags whose date has passed (1)" in page.text
        assert "Set aside, to be looked at again soon (1)" in page.text
        assert "Flags to decide on (0)" in page.text

    def test_leads_to_all_that_wait(self, read, one, person):
        page = read("/my-work/", by=person("editor", "dft"))
        assert "Flags to decide on (2)" in page.text
        assert "2 flags" in read("/flags/?waiting=us").text
        assert "/flags/?waiting=us" in page.links()


class TestPrecision:
    def test_counts_and_sorts_by_what_was_called_wrong(self, read, one, many):
        many(4, prefix="MORE")
        wrong = Flag.objects.filter(check_code="OUT006").first()
        deciding.dismissal(flag=wrong, reason="disputed", words="It is stated on page 4.")
        Flag.objects.filter(pk=one.pk).update(
            first_seen_at=timezone.now() - datetime.timedelta(days=3), resolved_at=timezone.now()
        )
        page = read("/checks/precision/")
        assert page.main.index("OUT006") < page.main.index("NHS001")
        links = page.links("/flags/")
        (disputed,) = [link for link in links if "reason=disputed" in link]
        assert "1 flag" in read(disputed).text
        assert "20" in page.main
        assert "3 days" in page.main

    def test_a_checks_own_page_quotes_who_called_it_wrong(self, read, one):
        deciding.dismissal(flag=one, reason="disputed", words="It is stated on page 4.")
        page = read("/checks/NHS001/")
        assert "“It is stated on page 4.”" in page.text
        assert "/checks/precision/" in page.links()
        assert "Nobody has." in read("/checks/OUT006/").text

    @pytest.mark.parametrize(
        ("hours", "words"), [(0.4, "under an hour"), (1, "1 hour"), (30, "30 hours"), (100, "4 days")]
    )
    def test_times_are_said_as_exactly_as_anybody_needs(self, hours, words):
        assert in_words(datetime.timedelta(hours=hours)) == words
        assert in_words(None) == ""


def test_what_is_set_aside_is_counted_where_it_is_left_out(read, one, person):
    deciding.dismissal(flag=one)
    assert "1 more flag stands and is set aside" in read("/").text
    assert "1 set aside" in read("/policies/").text
    page = read(f"/policies/{one.initiative.reference}/")
    assert "1 flag is set aside" in page.text
    assert "Flags (1, 1 set aside)" in page.text
    assert "Flag dismissed" in page.text
