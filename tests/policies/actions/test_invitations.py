"""Invitations: who may invite whom, what a link is worth, and that nothing is given away on the way."""

import datetime

import pytest
from django.utils import timezone

from policies.actions import invitations, people
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Invitation, InvitationState, Membership, User
from tests.policies import factories

pytestmark = pytest.mark.django_db

GUEST = {"email": "guest@factory.example", "name": "Guest"}


@pytest.fixture
def body():
    return factories.organisation(name="The Office")


@pytest.fixture
def approver(body):
    return factories.member("approver", body)


def later(invitation, **ago):
    """As if it had been sent some time ago."""
    moved = datetime.timedelta(**ago)
    Invitation.objects.filter(pk=invitation.pk).update(
        at=invitation.at - moved, expires_at=invitation.expires_at - moved
    )
    invitation.refresh_from_db()


class TestInviting:
    @pytest.mark.parametrize(
        ("who", "role", "may"),
        [
            ("administrator", "reader", True),
            ("administrator", "approver", True),
            ("approver", "reader", True),
            ("approver", "editor", True),
            ("approver", "approver", False),
            ("editor", "reader", False),
            ("reader", "reader", False),
            ("approver of another", "reader", False),
            ("nobody", "reader", False),
            ("inactive", "reader", False),
        ],
    )
    def test_is_for_approvers_of_the_organisation(self, body, who, role, may):
        by = {
            "administrator": lambda: factories.user(is_administrator=True),
            "approver of another": lambda: factories.member("approver", factories.organisation()),
            "nobody": factories.user,
            "inactive": lambda: factories.member("approver", body, is_active=False),
        }.get(who, lambda: factories.member(who, body))()
        if may:
            invitation, _token = invitations.invite(by=by, organisation=body, role=role, **GUEST)
            assert invitation.state == InvitationState.OPEN
            return
        with pytest.raises(NotAllowedError):
            invitations.invite(by=by, organisation=body, role=role, **GUEST)

    def test_keeps_no_secret(self, approver, body):
        invitation, token = invitations.invite(by=approver, organisation=body, role="reader", **GUEST)
        assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
        assert invitations.find(token) == invitation
        assert invitations.find(invitation.digest) is None
        assert invitation.expires_at - invitation.at == datetime.timedelta(days=7)

    def test_does_not_tell_whether_the_address_has_an_account(self, approver, body):
        factories.user(email=GUEST["email"].upper())
        invitation, token = invitations.invite(by=approver, organisation=body, role="reader", **GUEST)
        assert invitations.find(token) == invitation

    def test_twice_is_refused_while_the_first_waits(self, approver, body):
        invitations.invite(by=approver, organisation=body, role="reader", **GUEST)
        with pytest.raises(RuleError, match="waits already"):
            invitations.invite(
                by=approver, organisation=body, role="editor", **{**GUEST, "email": "GUEST@factory.example"}
            )

    def test_again_after_the_link_has_run_out_takes_the_first_back(self, approver, body):
        first, _token = invitations.invite(by=approver, organisation=body, role="reader", **GUEST)
        later(first, days=8)
        invitations.invite(by=approver, organisation=body, role="editor", **GUEST)
        first.refresh_from_db()
        assert first.state == InvitationState.REVOKED

    def test_to_an_organisation_of_which_one_is_a_member_is_refused(self, approver, body):
        factories.membership(user=factories.user(email=GUEST["email"]), organisation=body)
        with pytest.raises(RuleError, match="acts for The Office already"):
            invitations.invite(by=approver, organisation=body, role="reader", **GUEST)

    def test_to_a_body_that_has_ended_is_refused(self):
        gone = factories.organisation(active_to=datetime.date(2024, 7, 9))
        with pytest.raises(RuleError, match="ended on 9 July 2024; no successor"):
            invitations.invite(by=factories.user(is_administrator=True), organisation=gone, role="reader", **GUEST)


class TestTheLink:
    @pytest.fixture
    def sent(self, approver, body):
        return invitations.invite(by=approver, organisation=body, role="editor", **GUEST)

    def accept(self, sent, **more):
        told = {"name": "Guest", "password": "three odd words here"} | more
        return invitations.accept(by=sent[0].by, token=sent[1], **told)

    def test_makes_an_account_that_can_sign_in(self, sent, body):
        person = self.accept(sent, name="Gale Guest")
        assert person.check_password("three odd words here")
        assert (person.name, person.email, person.is_administrator) == ("Gale Guest", GUEST["email"], False)
        assert [(m.organisation, m.role) for m in person.memberships.all()] == [(body, "editor")]
        sent[0].refresh_from_db()
        assert sent[0].state == InvitationState.ACCEPTED
        assert sent[0].accepted_by == person

    def test_adds_to_an_account_that_is_there_and_changes_nothing_else(self, sent, body):
        there = User.objects.create_user(GUEST["email"], "their own password", name="As They Are")
        assert self.accept(sent, name="Other", password="somebody else's") == there
        there.refresh_from_db()
        assert there.name == "As They Are"
        assert there.check_password("their own password")
        assert there.memberships.get().role == "editor"

    @pytest.mark.parametrize(("before", "after"), [("reader", "editor"), ("approver", "approver")])
    def test_keeps_the_higher_role(self, sent, body, before, after):
        there = factories.user(email=GUEST["email"])
        factories.membership(user=there, organisation=body, role=before)
        self.accept(sent)
        assert Membership.objects.get(user=there).role == after

    def test_does_not_switch_an_account_on(self, sent):
        factories.user(email=GUEST["email"], is_active=False)
        with pytest.raises(RuleError, match="switched off"):
            self.accept(sent)

    def test_works_once(self, sent):
        self.accept(sent)
        with pytest.raises(RuleError, match="no longer works"):
            self.accept(sent)

    def test_runs_out_after_a_week(self, sent):
        later(sent[0], days=7, seconds=1)
        assert sent[0].state == InvitationState.EXPIRED
        with pytest.raises(RuleError, match="no longer works"):
            self.accept(sent)

    def test_works_to_the_end_of_the_week(self, sent):
        later(sent[0], days=6, hours=23)
        assert self.accept(sent)

    def test_does_not_work_once_taken_back(self, sent, approver):
        invitations.revoke(by=approver, invitation=sent[0])
        with pytest.raises(RuleError, match="no longer works"):
            self.accept(sent)

    def test_does_not_work_once_replaced(self, sent, approver):
        later(sent[0], minutes=2)
        again = invitations.resend(by=approver, invitation=sent[0])
        with pytest.raises(RuleError, match="no longer works"):
            self.accept(sent)
        assert self.accept(again)

    @pytest.mark.parametrize("lost", ["membership", "account", "organisation"])
    def test_is_worth_as_much_as_the_right_of_who_sent_it(self, sent, approver, body, lost):
        administrator = factories.user(is_administrator=True)
        if lost == "membership":
            people.end_membership(by=administrator, person=approver, organisation=body)
        if lost == "account":
            people.set_active(by=administrator, person=approver, active=False)
        if lost == "organisation":
            type(body).objects.filter(pk=body.pk).update(active_to=timezone.localdate())
        with pytest.raises(RuleError, match="no longer works"):
            invitations.accept(by=approver, token=sent[1], name="Guest", password="three odd words here")

    def test_cannot_be_guessed_or_made_from_what_is_stored(self, sent):
        for token in ("", "x", sent[0].digest, sent[1][:-1], sent[1] + "x"):
            with pytest.raises(RuleError, match="no longer works"):
                invitations.accept(by=sent[0].by, token=token, name="G", password="p")


class TestAfterwards:
    def test_not_sent_again_within_a_minute(self, approver, body):
        invitation, _token = invitations.invite(by=approver, organisation=body, role="reader", **GUEST)
        with pytest.raises(RuleError, match="less than a minute"):
            invitations.resend(by=approver, invitation=invitation)

    @pytest.mark.parametrize("act", ["resend", "revoke"])
    def test_only_who_may_invite_may_do_more(self, approver, body, act):
        invitation = factories.invitation(organisation=body, role="reader")
        with pytest.raises(NotAllowedError):
            getattr(invitations, act)(by=factories.member("editor", body), invitation=invitation)
        higher = factories.invitation(organisation=body, role="approver")
        with pytest.raises(NotAllowedError):
            getattr(invitations, act)(by=approver, invitation=higher)

    @pytest.mark.parametrize("act", ["resend", "revoke"])
    def test_nothing_is_done_to_one_that_is_over(self, approver, body, act):
        invitation = factories.invitation(organisation=body, role="reader")
        invitations.revoke(by=approver, invitation=invitation)
        with pytest.raises(RuleError, match="accepted or taken back"):
            getattr(invitations, act)(by=approver, invitation=invitation)


@pytest.mark.usefixtures("committed")
class TestRaces:
    def test_two_who_open_one_link_make_one_account(self, at_once):
        body = factories.organisation()
        by = factories.member("approver", body)
        _invitation, token = invitations.invite(by=by, organisation=body, role="reader", **GUEST)

        def accept():
            return invitations.accept(by=by, token=token, name="Guest", password="three odd words here")

        results = at_once(accept, accept)
        assert sorted(type(result).__name__ for result in results) == ["RuleError", "User"]
        assert User.objects.filter(email=GUEST["email"]).count() == 1

    def test_two_who_invite_one_person_send_one_invitation(self, at_once):
        body = factories.organisation()
        by = factories.member("approver", body)

        def invite():
            return invitations.invite(by=by, organisation=body, role="reader", **GUEST)

        results = at_once(invite, invite)
        assert sorted(type(result).__name__ for result in results) == ["RuleError", "tuple"]
