"""Looking after people: only administrators do, nobody does it to themselves, and one administrator always stays."""

import pytest

from policies.actions import people
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Membership, User
from tests.policies import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


@pytest.fixture
def robin():
    return factories.user(name="Robin")


def acts(robin):
    """Each thing that can be done to a person."""
    body = factories.organisation()
    return {
        "change_person": {"name": "R", "email": "r@factory.example"},
        "set_active": {"active": False},
        "set_administrator": {"administrator": True},
        "put_membership": {"organisation": body, "role": "editor"},
        "end_membership": {"organisation": body},
    }


@pytest.mark.parametrize(
    "act", ["change_person", "set_active", "set_administrator", "put_membership", "end_membership"]
)
class TestEachAct:
    @pytest.mark.parametrize("role", ["reader", "editor", "approver"])
    def test_is_not_for_members(self, robin, act, role):
        body = factories.organisation()
        factories.membership(user=robin, organisation=body, role="reader")
        with pytest.raises(NotAllowedError):
            getattr(people, act)(by=factories.member(role, body), person=robin, **acts(robin)[act])

    def test_is_not_for_an_administrator_who_is_switched_off(self, robin, act):
        gone = factories.user(is_administrator=True, is_active=False)
        with pytest.raises(NotAllowedError):
            getattr(people, act)(by=gone, person=robin, **acts(robin)[act])

    def test_is_for_administrators(self, administrator, robin, act):
        getattr(people, act)(by=administrator, person=robin, **acts(robin)[act])


class TestDetails:
    def test_are_changed(self, administrator, robin):
        people.change_person(by=administrator, person=robin, name="Robin R", email="New@Factory.Example")
        robin.refresh_from_db()
        assert (robin.name, robin.email) == ("Robin R", "New@factory.example")

    def test_an_address_is_one_person_s_whatever_its_capitals(self, administrator, robin):
        other = factories.user(email="taken@factory.example")
        with pytest.raises(RuleError, match="Another person"):
            people.change_person(by=administrator, person=robin, name="R", email=other.email.upper())

    def test_of_the_account_that_stands_for_files_stay(self, administrator):
        with pytest.raises(RuleError, match="belongs to nobody"):
            people.change_person(by=administrator, person=people.registrar(), name="R", email="r@factory.example")


class TestAccess:
    def test_is_taken_and_given_back_with_memberships_kept(self, administrator, robin):
        factories.membership(user=robin)
        people.set_active(by=administrator, person=robin, active=False)
        robin.refresh_from_db()
        assert not robin.is_active
        people.set_active(by=administrator, person=robin, active=True)
        robin.refresh_from_db()
        assert robin.is_active
        assert robin.memberships.count() == 1

    def test_of_oneself_is_not_taken(self, administrator):
        with pytest.raises(RuleError, match="own account"):
            people.set_active(by=administrator, person=administrator, active=False)


class TestAdministrators:
    def test_are_made_and_unmade(self, administrator, robin):
        people.set_administrator(by=administrator, person=robin, administrator=True)
        robin.refresh_from_db()
        assert robin.is_administrator
        people.set_administrator(by=administrator, person=robin, administrator=False)
        robin.refresh_from_db()
        assert not robin.is_administrator

    @pytest.mark.parametrize("wanted", [True, False])
    def test_do_not_change_themselves(self, administrator, wanted):
        with pytest.raises(RuleError, match="your own right"):
            people.set_administrator(by=administrator, person=administrator, administrator=wanted)

    def test_are_not_made_of_those_who_cannot_sign_in(self, administrator):
        gone = factories.user(is_active=False)
        with pytest.raises(RuleError, match="Switch the account on"):
            people.set_administrator(by=administrator, person=gone, administrator=True)


class TestMemberships:
    def test_are_put_changed_and_ended(self, administrator, robin):
        body = factories.organisation()
        told = {"by": administrator, "person": robin, "organisation": body}
        people.put_membership(role="reader", **told)
        people.put_membership(role="approver", **told)
        assert [m.role for m in robin.memberships.all()] == ["approver"]
        people.end_membership(**told)
        assert not Membership.objects.filter(user=robin).exists()

    def test_of_a_body_that_has_ended_are_refused_with_its_successor(self, administrator, robin):
        body = factories.organisation(name="Old Office", active_to="2024-07-09")
        new = factories.organisation(name="New Office")
        factories.organisation_succession(predecessor=body, successor=new)
        body.refresh_from_db()
        with pytest.raises(RuleError, match="Old Office ended on 9 July 2024; its successor is New Office"):
            people.put_membership(by=administrator, person=robin, organisation=body, role="reader")


@pytest.mark.usefixtures("committed")
class TestRaces:
    @pytest.mark.parametrize(
        ("act", "how"), [("set_administrator", {"administrator": False}), ("set_active", {"active": False})]
    )
    def test_of_two_administrators_who_remove_each_other_one_stays(self, at_once, act, how):
        others = list(User.objects.filter(is_active=True, is_administrator=True).values_list("pk", flat=True))
        assert others == []
        one, other = (factories.user(is_administrator=True) for _ in range(2))
        results = at_once(
            lambda: getattr(people, act)(by=one, person=other, **how),
            lambda: getattr(people, act)(by=other, person=one, **how),
        )
        assert sorted(type(result).__name__ for result in results) == ["NotAllowedError", "User"]
        assert User.objects.filter(is_active=True, is_administrator=True).count() == 1
