"""People and invitations through the pages: what is shown to whom, what is sent, and every wrong answer."""

import datetime
import re

import pytest
from django.core import mail
from django.urls import reverse

from policies.models import Invitation, Organisation, User
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

GUEST = {"name": "Gale Guest", "email": "gale@test.example"}
GOOD = {"name": "Gale Guest", "password1": "three odd words here", "password2": "three odd words here"}


@pytest.fixture
def administrator(person, client):
    user = person(administrator=True)
    client.force_login(user)
    return user


@pytest.fixture
def robin():
    return factories.member("editor", Organisation.objects.get(code="dhsc"), name="Robin Example")


def at(name, **named):
    return reverse(name, kwargs=named)


def link():
    """The link of the last mail."""
    return re.search(r"http://testserver(/join/\S+)", mail.outbox[-1].body)[1]


class TestTheList:
    def test_counts_first_and_shows_what_each_may_do(self, read, administrator, robin):
        page = read("/administration/people/")
        assert "2 people" in page.main
        assert page.main.index("2 people") < page.main.index("Robin Example")
        assert "DHSC: Editor" in page.main
        assert "Last sign-in" in page.main
        assert "registrar" not in page.html

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=robin", True),
            ("q=nobody-like-that", False),
            ("organisation=dhsc", True),
            ("organisation=dft", False),
            ("role=editor", True),
            ("role=approver", False),
            ("organisation=dhsc&role=editor", True),
            ("organisation=dhsc&role=reader", False),
            ("active=yes", True),
            ("active=no", False),
            ("administrator=no", True),
            ("administrator=yes", False),
        ],
    )
    def test_is_narrowed(self, read, administrator, robin, query, found):
        assert ("Robin Example" in read(f"/administration/people/?{query}").main) == found

    @pytest.mark.parametrize("query", ["organisation=none", "role=king", "colour=red", "active=%00"])
    def test_says_which_filter_it_does_not_understand(self, read, administrator, query):
        page = read(f"/administration/people/?{query}")
        assert "There is a problem" in page.text
        assert "Nothing is shown" in page.main

    def test_of_an_approver_holds_their_own_people_and_those_memberships_only(self, read, person, robin):
        factories.membership(user=robin, organisation=Organisation.objects.get(code="dft"), role="approver")
        factories.member("editor", Organisation.objects.get(code="dfe"), name="Somebody Else")
        page = read("/administration/people/", by=person("approver", "dhsc"))
        assert "2 people" in page.main
        assert "Somebody Else" not in page.html
        assert "DfT" not in page.main
        assert page.links(f"/administration/people/{robin.pk}/") == []
        assert "Robin Example" not in read("/administration/people/?organisation=dft").main
        assert "Robin Example" not in read("/administration/people/?role=approver").main


class TestAPerson:
    def test_is_shown_with_what_can_be_done(self, read, administrator, robin):
        page = read(at("person", pk=robin.pk))
        assert "Department of Health and Social Care: Editor" in page.main
        for name in ("person_details", "person_access", "person_administrator", "person_join"):
            assert at(name, pk=robin.pk) in page.links()

    def test_who_is_oneself_is_not_offered_to_remove_oneself(self, read, administrator):
        page = read(at("person", pk=administrator.pk))
        assert at("person_access", pk=administrator.pk) not in page.links()
        assert at("person_administrator", pk=administrator.pk) not in page.links()

    @pytest.mark.parametrize("name", ["person_access", "person_administrator"])
    def test_who_is_oneself_is_refused_with_words(self, client, administrator, name):
        text = client.post(at(name, pk=administrator.pk), {"wanted": "no"}).content.decode()
        assert "Ask another administrator" in text
        administrator.refresh_from_db()
        assert administrator.is_active
        assert administrator.is_administrator

    def test_is_switched_off_and_signed_out(self, client, administrator, robin):
        browser = type(client)()
        browser.force_login(robin)
        assert browser.get("/my-work/").status_code == 200
        client.post(at("person_access", pk=robin.pk), {"wanted": "no"})
        assert browser.get("/my-work/").status_code == 302

    def test_is_made_administrator_on_a_page_that_says_what_it_means(self, client, read, administrator, robin):
        address = at("person_administrator", pk=robin.pk)
        assert "Administrators may do everything" in read(address).main
        client.post(address, {"wanted": "yes"})
        robin.refresh_from_db()
        assert robin.is_administrator

    def test_gets_changes_and_loses_memberships(self, client, administrator, robin):
        client.post(at("person_join", pk=robin.pk), {"organisation": "DfT", "role": "reader"})
        client.post(at("person_membership", pk=robin.pk, code="dft"), {"role": "approver"})
        assert robin.memberships.get(organisation__code="dft").role == "approver"
        client.post(at("person_membership", pk=robin.pk, code="dft"), {"role": "none"})
        assert not robin.memberships.filter(organisation__code="dft").exists()
        assert client.get(at("person_membership", pk=robin.pk, code="dft")).status_code == 404

    @pytest.mark.parametrize(
        ("name", "data", "message"),
        [
            ("person_details", {"name": "", "email": "a@b.example"}, "Enter the full name"),
            ("person_details", {"name": "R", "email": "nonsense"}, "Enter the email address in the correct format"),
            ("person_details", {"name": "R", "email": "TAKEN@test.example"}, "Another person signs in with that"),
            ("person_details", {"name": "R\x00", "email": "a@b.example"}, "must not have hidden control characters"),
            ("person_join", {"organisation": "", "role": "reader"}, "Enter an organisation"),
            ("person_join", {"organisation": "zzqq", "role": "reader"}, "Nothing on record is called"),
            ("person_join", {"organisation": "dft"}, "Select what they may do"),
            ("person_join", {"organisation": "dluhc", "role": "reader"}, "ended on 9 July 2024; its successor is"),
            ("person_join", {"organisation": "dft", "role": "king"}, "Select the role from the list"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do_and_stays(self, client, administrator, robin, name, data, message):
        factories.user(email="taken@test.example")
        text = client.post(at(name, pk=robin.pk), data).content.decode()
        assert "There is a problem" in text
        assert message in text
        for value in set(data.values()) - {"king"}:
            assert value.replace("\x00", "") in text


class TestInvitations:
    def invite(self, client, **more):
        return client.post(at("invite"), {**GUEST, "organisation": "dhsc", "role": "approver", **more}, follow=True)

    def test_go_by_mail_with_a_link_that_opens_once(self, client, administrator):
        page = self.invite(client).content.decode()
        assert "The invitation is sent to gale@test.example" in page
        assert "Waits for an answer" in page
        assert mail.outbox[-1].to == ["gale@test.example"]
        assert "Department of Health and Social Care" in mail.outbox[-1].body
        guest = type(client)()
        assert "You will sign in with gale@test.example" in guest.get(link()).content.decode()
        assert guest.post(link(), GOOD)["Location"] == "/account/login/"
        assert User.objects.get(email="gale@test.example").memberships.get().role == "approver"
        used = guest.get(link())
        assert used.status_code == 410
        assert "You have used this link already" in used.content.decode()
        signed_in = guest.post("/account/login/", {"login": GUEST["email"], "password": GOOD["password1"]})
        assert signed_in["Location"] == "/"

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"name": ""}, "Enter the full name"),
            ({"password1": "", "password2": ""}, "Enter the password"),
            ({"password2": "other"}, "must be the same as the password"),
            ({"password1": "short", "password2": "short"}, "must be 12 characters or more"),
            ({"password1": "gale@test.example", "password2": "gale@test.example"}, "less like your name"),
            ({"password1": "passwordpassword", "password2": "passwordpassword"}, None),
        ],
    )
    def test_ask_for_a_good_password(self, client, administrator, change, message):
        self.invite(client)
        answer = type(client)().post(link(), GOOD | change)
        assert (answer.status_code == 200) == (message is not None)
        if message:
            assert message in answer.content.decode()
            assert not User.objects.filter(email=GUEST["email"]).exists()

    def test_of_an_account_that_is_there_only_ask_to_join(self, client, administrator):
        there = factories.user(**GUEST)
        self.invite(client)
        guest = type(client)()
        text = guest.get(link()).content.decode()
        assert "There is an account for gale@test.example already" in text
        assert "password1" not in text
        guest.post(link())
        assert there.memberships.get().role == "approver"

    def test_look_alike_to_the_inviter_whether_or_not_there_is_an_account(self, client, person):
        factories.user(email="there@test.example", name="There")
        client.force_login(person("approver", "dhsc"))
        dhsc = Organisation.objects.get(code="dhsc").pk
        pages = [
            self.invite(client, email=email, organisation=dhsc, role="reader").content.decode()
            for email in ("there@test.example", "gone@test.example")
        ]
        assert all("The invitation is sent to" in page for page in pages)
        assert len(mail.outbox) == 2

    def test_taken_back_or_unknown_links_say_what_to_do(self, client, administrator):
        self.invite(client)
        client.post(at("invitation_revoke", pk=Invitation.objects.get().pk))
        guest = type(client)()
        for address in (link(), "/join/nonsense/", "/join/%00/", f"/join/{'x' * 400}/"):
            answer = guest.get(address)
            assert answer.status_code == 410
            assert "ask the person who invited you" in answer.content.decode()
            assert guest.post(address, GOOD).status_code == 410

    def test_sent_again_have_a_new_link(self, client, administrator):
        self.invite(client)
        first = link()
        text = client.post(at("invitation_resend", pk=Invitation.objects.get().pk), follow=True).content.decode()
        assert "Wait a minute" in text
        invitation = Invitation.objects.get()
        earlier = datetime.timedelta(minutes=2)
        Invitation.objects.update(at=invitation.at - earlier, expires_at=invitation.expires_at - earlier)
        client.post(at("invitation_resend", pk=invitation.pk))
        assert len(mail.outbox) == 2
        guest = type(client)()
        assert guest.get(first).status_code == 410
        assert guest.get(link()).status_code == 200

    def test_are_kept_when_mail_cannot_be_sent(self, client, administrator, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
        assert "The invitation is kept, but the mail could not be sent" in self.invite(client).content.decode()
        assert Invitation.objects.count() == 1

    def test_of_an_approver_are_for_their_organisation_as_reader_or_editor(self, client, read, person):
        client.force_login(person("approver", "dhsc"))
        page = read(at("invite"))
        assert "Department of Health and Social Care" in page.main
        assert 'value="approver"' not in page.html
        dhsc, dft = (Organisation.objects.get(code=code).pk for code in ("dhsc", "dft"))
        self.invite(client, organisation=dft, role="reader")
        self.invite(client, organisation=dhsc, role="approver")
        assert not Invitation.objects.exists()
        self.invite(client, organisation=dhsc, role="editor")
        assert Invitation.objects.get().role == "editor"

    def test_of_others_are_not_there_for_an_approver(self, client, read, person):
        other = factories.invitation(organisation=Organisation.objects.get(code="dft"), name="Other Guest")
        client.force_login(person("approver", "dhsc"))
        assert "Other Guest" not in read(at("invitations")).html
        for name in ("invitation_resend", "invitation_revoke"):
            assert client.post(at(name, pk=other.pk)).status_code == 404
            assert client.get(at(name, pk=other.pk)).status_code == 405

    def test_of_higher_roles_to_their_organisation_are_shown_and_not_theirs_to_change(self, client, read, person):
        higher = factories.invitation(organisation=Organisation.objects.get(code="dhsc"), role="approver")
        client.force_login(person("approver", "dhsc"))
        assert at("invitation_revoke", pk=higher.pk) not in read(at("invitations")).html
        assert client.post(at("invitation_revoke", pk=higher.pk)).status_code == 403

    @pytest.mark.parametrize(("state", "shown"), [("open", True), ("expired", False), ("accepted", False)])
    def test_are_narrowed_by_state(self, read, administrator, state, shown):
        factories.invitation(name="Waiting Guest")
        assert ("Waiting Guest" in read(f"{at('invitations')}?state={state}").main) == shown

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"name": ""}, "Enter the full name"),
            ({"email": "nonsense"}, "in the correct format"),
            ({"organisation": ""}, "Enter an organisation"),
            ({"organisation": "dluhc"}, "ended on 9 July 2024"),
            ({"role": ""}, "Select what they may do"),
            ({"email": "member@test.example"}, "acts for Department of Health and Social Care already"),
        ],
    )
    def test_every_wrong_answer_says_what_to_do(self, client, administrator, change, message):
        member = factories.user(email="member@test.example")
        factories.membership(user=member, organisation=Organisation.objects.get(code="dhsc"))
        text = self.invite(client, **change).content.decode()
        assert "There is a problem" in text
        assert message in text
        assert mail.outbox == []
