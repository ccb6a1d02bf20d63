"""Who may do what: one table, asked in both of the ways in which the product asks."""

import pytest
from django.contrib.auth.models import AnonymousUser

from policies import permissions
from policies.models import Initiative
from tests.policies import factories
from tracker.models import Flag

pytestmark = pytest.mark.django_db

LETTERS = {"r": "read", "e": "edit", "p": "publish", "x": "end"}

# A row for each role, a column for each state of a record, and what may be done then. "-" is nothing.
# The other organisation has no role in the record; the partner supports it; `parent` leads the policy above it.
TABLE = """
                      draft   published   sensitive   closed   withdrawn
nobody                -       r           -           r        r
anonymous             -       r           -           r        r
without membership    -       r           -           r        r
reader of lead        r       r           r           r        r
editor of lead        re      re          re          re       re
approver of lead      repx    repx        repx        repx     repx
reader of partner     r       r           r           r        r
editor of partner     r       r           r           r        r
approver of partner   r       r           r           r        r
reader of parent      r       r           r           r        r
approver of parent    r       r           r           r        r
reader of other       -       r           -           r        r
editor of other       -       r           -           r        r
approver of other     -       r           -           r        r
author                r       r           r           r        r
author in other       r       r           r           r        r
administrator         repx    repx        repx        repx     repx
inactive approver     -       r           -           r        r
inactive administrator -      r           -           r        r
inactive author       -       r           -           r        r
"""

# Who may start a record, and for whom: "all", or the organisation.
CREATE = {
    "nobody": None,
    "anonymous": None,
    "without membership": None,
    "reader of lead": None,
    "editor of lead": "lead",
    "approver of lead": "lead",
    "reader of other": None,
    "editor of other": "other",
    "approver of other": "other",
    "administrator": "all",
    "inactive approver": None,
    "inactive administrator": None,
}

STATES = {
    "draft": {},
    "published": {"status": "published"},
    "sensitive": {"status": "published", "sensitivity": "official_sensitive"},
    "closed": {"status": "closed"},
    "withdrawn": {"status": "withdrawn"},
}


def cells():
    lines = [line for line in TABLE.splitlines() if line.strip()]
    states = lines[0].split()
    for line in lines[1:]:
        words = line.split()
        role = " ".join(words[: -len(states)])
        for state, letters in zip(states, words[-len(states) :], strict=True):
            yield pytest.param(role, state, {LETTERS[letter] for letter in letters.strip("-")}, id=f"{role}, {state}")


each_cell = pytest.mark.parametrize(("role", "state", "expected"), list(cells()))


class Scene:
    """A commitment with everybody around it."""

    def __init__(self, state="draft"):
        self.organisations = {name: factories.organisation() for name in ("lead", "partner", "parent", "other")}
        self.author = factories.user()
        policy = factories.policy(status="published")
        factories.responsibility(initiative=policy, organisation=self.organisations["parent"])
        self.record = factories.commitment(parent=policy, created_by=self.author, **STATES[state])
        for name, role in {"lead": "lead", "partner": "supporting"}.items():
            factories.responsibility(initiative=self.record, organisation=self.organisations[name], role=role)

    def person(self, role):
        match role.split():
            case ["nobody"]:
                return None
            case ["anonymous"]:
                return AnonymousUser()
            case ["without", "membership"]:
                return factories.user()
            case ["administrator"]:
                return factories.user(is_administrator=True)
            case ["author"]:
                return self.author
            case ["author", "in", name]:
                factories.membership(user=self.author, organisation=self.organisations[name], role="approver")
                return self.author
            case ["inactive", "author"]:
                type(self.author).objects.filter(pk=self.author.pk).update(is_active=False)
                return type(self.author).objects.get(pk=self.author.pk)
            case ["inactive", "administrator"]:
                return factories.user(is_administrator=True, is_active=False)
            case ["inactive", membership]:
                return factories.member(membership, self.organisations["lead"], is_active=False)
            case [membership, "of", name]:
                return factories.member(membership, self.organisations[name])
        raise AssertionError(role)

    def visible_to(self, person):
        return Initiative.objects.visible_to(person).filter(pk=self.record.pk).exists()


class TestTheTable:
    @each_cell
    def test_says_what_is_allowed(self, role, state, expected):
        scene = Scene(state)
        person = scene.person(role)
        assert {verb for verb in LETTERS.values() if permissions.allowed(person, verb, scene.record)} == expected

    @each_cell
    def test_says_what_can_be_seen(self, role, state, expected):
        scene = Scene(state)
        assert scene.visible_to(scene.person(role)) == ("read" in expected)

    @each_cell
    def test_says_which_flags_can_be_seen(self, role, state, expected):
        """A flag is no way round: one that concerns a record, from either side, is seen by who sees the record."""
        scene = Scene(state)
        person = scene.person(role)
        flags = [
            factories.flag(initiative=scene.record),
            factories.flag(initiative=factories.policy(status="published"), other=scene.record),
        ]
        found = Flag.objects.visible_to(person).filter(pk__in=[flag.pk for flag in flags])
        assert found.count() == (2 if "read" in expected else 0)

    @each_cell
    def test_shows_nothing_without_signing_in_where_the_setting_says_so(self, role, state, expected, settings):
        settings.PUBLIC_READING = False
        scene = Scene(state)
        person = scene.person(role)
        signed_in = person is not None and person.is_authenticated and person.is_active
        assert scene.visible_to(person) == (signed_in and "read" in expected)
        assert permissions.allowed(person, "read", scene.record) == (signed_in and "read" in expected)

    def test_covers_every_verb(self):
        verbs = {name.removeprefix("policies.").removesuffix("_initiative") for name in permissions.RULES}
        assert verbs == set(LETTERS.values()) | {"create"}

    def test_covers_every_state_that_differs(self):
        assert {cell.values[1] for cell in cells()} == set(STATES)


class TestCreating:
    @pytest.mark.parametrize(("role", "where"), list(CREATE.items()))
    def test_is_for_writers(self, role, where):
        scene = Scene()
        person = scene.person(role)
        assert permissions.allowed(person, "create") == (where is not None)
        found = permissions.may_lead_for(person)
        assert found == (None if where == "all" else {scene.organisations[where].pk} if where else set())


class TestWithoutALead:
    """A record that nobody leads belongs to its author, as long as that person writes for somebody."""

    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            ("nobody", set()),
            ("anonymous", set()),
            ("author", {"read"}),
            ("author in other", {"read", "edit"}),
            ("inactive author", set()),
            ("approver of other", set()),
            ("approver of parent", {"read"}),
            ("administrator", {"read", "edit", "publish", "end"}),
        ],
    )
    def test_is_its_author_s(self, role, expected):
        scene = Scene()
        scene.record.responsibilities.filter(role="lead").delete()
        person = scene.person(role)
        assert {verb for verb in LETTERS.values() if permissions.allowed(person, verb, scene.record)} == expected


class TestTheWholeList:
    def test_holds_a_record_once_however_many_roles_lead_to_it(self):
        scene = Scene()
        person = scene.person("reader of lead")
        for name in ("partner", "parent"):
            factories.membership(user=person, organisation=scene.organisations[name], role="reader")
        assert Initiative.objects.visible_to(person).filter(pk=scene.record.pk).count() == 1

    def test_of_a_membership_that_ended_is_shorter(self):
        scene = Scene()
        person = scene.person("approver of lead")
        person.memberships.all().delete()
        assert not scene.visible_to(person)
        assert not permissions.allowed(person, "edit", scene.record)


class TestSpeaking:
    """Who may say, in an organisation's name, what a record does to an outcome; and who replies to answers."""

    SPEAKS = {
        "nobody": set(),
        "anonymous": set(),
        "without membership": set(),
        "author": set(),
        "reader of lead": set(),
        "editor of lead": set(),
        "approver of lead": set(),
        "reader of partner": set(),
        "editor of partner": {"partner"},
        "approver of partner": {"partner"},
        "editor of parent": {"parent"},
        "editor of other": set(),
        "inactive approver": set(),
        "inactive administrator": set(),
        "administrator": {"partner", "parent"},
    }
    SETTLES = {"editor of lead", "approver of lead", "administrator"}

    @pytest.mark.parametrize("role", list(SPEAKS))
    def test_is_for_editors_of_those_named_save_the_lead(self, role):
        scene = Scene("published")
        person = scene.person(role)
        found = set(permissions.speaks_for(person, scene.record))
        assert found == {scene.organisations[name] for name in self.SPEAKS[role]}
        for name, organisation in scene.organisations.items():
            assert permissions.may_assert(person, scene.record, organisation) == (name in self.SPEAKS[role])

    @pytest.mark.parametrize("state", ["draft", "closed", "withdrawn"])
    def test_is_quiet_about_what_is_not_published(self, state):
        scene = Scene(state)
        assert not permissions.speaks_for(scene.person("editor of partner"), scene.record).exists()

    def test_of_a_sensitive_record_is_for_those_who_read_it(self):
        scene = Scene("sensitive")
        assert permissions.speaks_for(scene.person("editor of partner"), scene.record).exists()

    @pytest.mark.parametrize("role", [*SPEAKS])
    @pytest.mark.parametrize("state", STATES)
    def test_the_lead_replies_at_any_time(self, role, state):
        scene = Scene(state)
        assert bool(permissions.may_settle(scene.person(role), scene.record)) == (role in self.SETTLES)
