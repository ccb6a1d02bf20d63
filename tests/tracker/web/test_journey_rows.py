"""Rows changed in place, outcomes that wait, the parent, and what needs what, through the pages."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.actions import initiatives, revisions
from policies.models import Indicator, Initiative, Organisation
from tests.policies import factories, steps
from tests.tracker.web.sending import address, complaints, send, words

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def editor(person, client):
    """An editor of DfT, signed in."""
    user = person("editor", "dft")
    client.force_login(user)
    return user


def make(editor, title, kind="commitment", form="commitment", **more):
    lead = Organisation.objects.get(code="dft")
    return initiatives.create(by=editor, kind=kind, form=form, lead=lead, title=title, **more)


@pytest.fixture
def draft(editor):
    """A draft commitment under Gear Change."""
    return make(editor, "Quiet streets", parent=Initiative.objects.get(short_code="gear-change"))


class TestRoles:
    @pytest.fixture
    def role(self, draft, client):
        send(client, "roles", draft, {"organisation": "NHS bodies", "role": "consulted"})
        return draft.responsibilities.get(role="consulted")

    def test_change_in_place(self, draft, role, client):
        assert address("role", draft, pk=role.pk) in client.get(address("roles", draft)).content.decode()
        answer = send(
            client, "role", draft, {"organisation": "NHS bodies", "role": "delivery", "note": "All"}, pk=role.pk
        )
        assert answer["Location"] == address("roles", draft)
        now = draft.responsibilities.exclude(role="lead").get()
        assert (now.pk, now.role, now.note) == (role.pk, "delivery", "All")

    def test_of_the_lead_have_no_page(self, draft, client):
        lead = draft.responsibilities.get(role="lead")
        assert client.get(address("role", draft, pk=lead.pk)).status_code == 404
        assert address("role", draft, pk=lead.pk) not in client.get(address("roles", draft)).content.decode()

    def test_that_another_row_has_are_refused(self, draft, role, client):
        send(client, "roles", draft, {"organisation": "dhsc", "role": "consulted"})
        page = send(client, "role", draft, {"organisation": "dhsc", "role": "consulted"}, pk=role.pk)
        assert "Two of the rows are about the same thing" in words(page)

    @pytest.mark.parametrize(
        "data", [{}, {"organisation": "dft", "role": "lead"}, {"organisation": "Qzxv", "role": "funder"}]
    )
    def test_that_are_wrong_are_said(self, data, draft, role, client):
        assert complaints(send(client, "role", draft, data, pk=role.pk))

    def test_that_somebody_else_changed_show_both(self, draft, role, client):
        data = {"version": 1, "organisation": "NHS bodies", "role": "delivery"}
        page = client.post(address("role", draft, pk=role.pk), data)
        assert page.status_code == 409
        assert "Save what I typed" in words(page)

    def test_from_the_answers_lead_back_through_the_list(self, draft, role, client):
        text = client.get(address("roles", draft) + "?from=check").content.decode()
        assert address("role", draft, pk=role.pk) + "?from=check" in text
        data = {"organisation": "NHS bodies", "role": "delivery"}
        answer = send(client, "role", draft, data, pk=role.pk, query="?from=check")
        assert answer["Location"] == address("roles", draft) + "?from=check"


FULL = {
    "what": "words", "words": "Footfall", "is_health": "no", "horizon": "long", "purpose": "targeting",
    "baseline_value": "12.5", "baseline_date-day": "1", "baseline_date-month": "4", "baseline_date-year": "2026",
    "target_value": "20", "unit": "people", "target_date-day": "31", "target_date-month": "3",
    "target_date-year": "2029",
}  # fmt: skip


class TestMeasures:
    def test_have_a_baseline_a_target_a_use_and_a_time(self, draft, client):
        send(client, "measures", draft, FULL)
        row = draft.measures.get()
        assert (row.purpose, row.horizon, row.baseline_value, str(row.baseline_date)) == (
            "targeting", "long", 12.5, "2026-04-01",
        )  # fmt: skip
        text = words(client.get(address("check", draft)))
        assert "Footfall, from 12.5 on 1 April 2026, target 20 people by 31 March 2029" in text
        assert "picks places or people" in text

    def test_change_in_place(self, draft, client):
        send(client, "measures", draft, FULL)
        row = draft.measures.get()
        page = client.get(address("measure", draft, pk=row.pk)).content.decode()
        for value in ("Footfall", "people", "2029", "2026"):
            assert f'value="{value}"' in page
        send(client, "measure", draft, FULL | {"words": "Visits", "purpose": "progress"}, pk=row.pk)
        now = draft.measures.get()
        assert (now.pk, now.words, now.purpose) == (row.pk, "Visits", "progress")

    def test_by_an_indicator_take_its_time_and_keep_the_words_beside_it(self, draft, client):
        indicator = Indicator.objects.filter(is_health=True, horizon="long").first()
        send(client, "measures", draft, {"what": "indicator", "indicator": indicator.code})
        draft.measures.update(words="In the 50 towns")
        row = draft.measures.get()
        data = {"what": "indicator", "indicator": indicator.code, "target_value": "5", "purpose": "progress"}
        assert send(client, "measure", draft, data, pk=row.pk).status_code == 302
        now = draft.measures.get()
        assert (now.horizon, now.words, now.target_value, now.is_health) == ("long", "In the 50 towns", 5, True)

    @pytest.mark.parametrize("name", ["measures", "measure"])
    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"target_date-year": "2025"}, "The target date must be the same as or after the date of the baseline"),
            ({"baseline_value": "some"}, "The baseline must be a number, like 12.5"),
            ({"baseline_date-month": "x"}, "The date of the baseline must be a real date"),
            ({"purpose": "show"}, "from the list"),
            ({"horizon": "never"}, "from the list"),
            ({"what": ""}, "Select how anybody will know that it worked"),
        ],
    )
    def test_that_are_wrong_are_said(self, name, data, said, draft, client):
        send(client, "measures", draft, FULL | {"words": "Before"})
        more = {"pk": draft.measures.get().pk} if name == "measure" else {}
        found = complaints(send(client, name, draft, FULL | data, **more))
        assert any(said in message for message in found), found
        assert draft.measures.get().words == "Before"


ONE = {"direction": "improves", "horizon": "short", "stated": "yes"}


class TestOutcomes:
    def test_that_are_ticked_are_not_lost_half_way(self, draft, client):
        send(client, "outcomes", draft, {"outcomes": ["physical_activity", "obesity", "food_security"]})
        send(client, "outcome", draft, ONE, code="obesity")
        assert "In progress: 1 of 3 described" in words(client.get(address("tasks", draft)))
        page = client.get(address("outcomes", draft))
        assert "2 of those that are ticked are still to be described" in words(page)
        for code in ("physical_activity", "obesity", "food_security"):
            assert re.search(rf'value="{code}"[^>]*checked', page.content.decode())
        assert "Ticked, not described yet" in words(client.get(address("check", draft)))

    def test_that_wait_come_next(self, draft, client):
        send(client, "outcomes", draft, {"outcomes": ["obesity", "food_security"]})
        answer = send(client, "outcomes", draft, {"outcomes": ["obesity", "food_security"]})
        assert answer["Location"].endswith("/outcomes/obesity/?then=food_security")

    def test_are_complete_once_all_are_described(self, draft, client):
        send(client, "outcomes", draft, {"outcomes": ["obesity"]})
        send(client, "outcome", draft, ONE, code="obesity")
        assert not draft.chosen_outcomes.exists()
        assert "described" not in words(client.get(address("tasks", draft)))
        assert address("outcome", draft, code="obesity") in client.get(address("outcomes", draft)).content.decode()

    def test_that_only_wait_are_on_no_public_page(self, draft, client):
        send(client, "outcomes", draft, {"outcomes": ["obesity"]})
        assert "No health outcome is recorded" in words(client.get(f"/commitments/{draft.reference}/"))


class TestParent:
    def test_is_changed_on_its_own_page(self, draft, editor, client):
        other = make(editor, "Another paper", "policy", "white_paper")
        named = f"{draft.parent.reference} {draft.parent.title}"
        assert f'value="{named}"' in client.get(address("parent", draft)).content.decode()
        answer = send(client, "parent", draft, {"parent": other.reference.lower()})
        assert answer["Location"] == address("tasks", draft)
        draft.refresh_from_db()
        assert draft.parent == other
        send(client, "parent", draft, {"parent": ""})
        draft.refresh_from_db()
        assert draft.parent is None

    @pytest.mark.parametrize("typed", ["Qzxv", "\0", "x" * 276])
    def test_that_is_wrong_is_said(self, typed, draft, client):
        assert complaints(send(client, "parent", draft, {"parent": typed}))

    def test_that_could_not_be_is_said(self, editor, client):
        umbrella = make(editor, "Umbrella of streets", "policy", "strategy")
        make(editor, "Below it", "policy", "fund", parent=umbrella)
        other = make(editor, "Another umbrella", "policy", "strategy")
        page = send(client, "parent", umbrella, {"parent": other.reference})
        assert "A policy can stand only under a policy that stands alone" in words(page)

    def test_that_cannot_be_seen_is_not_named(self, draft, client):
        hidden = Initiative.objects.filter(kind="policy", children=None, responsibilities__organisation__code="dhsc")
        hidden = hidden.exclude(responsibilities__organisation__code="dft").first()
        Initiative.objects.filter(pk=hidden.pk).update(status="draft")
        Initiative.objects.filter(pk=draft.pk).update(parent=hidden)
        for name in ("parent", "tasks", "check"):
            assert hidden.title not in client.get(address(name, draft)).content.decode()
        assert "A record that you cannot see" in words(client.get(address("check", draft)))
        send(client, "parent", draft, {"parent": ""})
        draft.refresh_from_db()
        assert draft.parent == hidden, "an empty answer leaves what one could not see"


class TestDependencies:
    def test_a_text_that_fits_several_is_asked_about(self, draft, client):
        text = send(client, "dependencies", draft, {"direction": "needs", "other": "Fund"}).content.decode()
        assert "Which one do you mean?" in text

    def test_are_added_both_ways_and_removed(self, draft, editor, client):
        money, later = make(editor, "The money first"), make(editor, "What comes later")
        send(client, "dependencies", draft, {"direction": "needs", "other": money.reference, "note": "For kerbs"})
        send(client, "dependencies", draft, {"direction": "needed_by", "other": "What comes later"})
        text = words(client.get(address("dependencies", draft)))
        assert f"Needs: The money first ({money.reference}). For kerbs" in text
        assert f"Is needed by: What comes later ({later.reference})" in text
        assert [row.depends_on for row in later.dependencies.all()] == [draft]
        page = words(client.get(f"/commitments/{draft.reference}/"))
        assert "Depends on The money first" in page
        assert "Needed by What comes later" in page
        assert "Is needed by" in words(client.get(address("check", draft)))
        for row in [draft.dependencies.get(), draft.dependants.get()]:
            send(client, "dependencies", draft, {"remove": row.pk})
        assert not draft.dependencies.exists()
        assert not draft.dependants.exists()

    def test_keep_their_ids_when_one_is_added(self, draft, editor, client):
        send(
            client, "dependencies", draft, {"direction": "needs", "other": make(editor, "First").reference, "note": "N"}
        )
        row = draft.dependencies.get()
        send(client, "dependencies", draft, {"direction": "needs", "other": make(editor, "Second").reference})
        assert draft.dependencies.get(pk=row.pk).note == "N"
        assert draft.dependencies.count() == 2

    def test_that_circle_are_refused_with_the_circle(self, draft, editor, client):
        other = make(editor, "The other")
        send(client, "dependencies", draft, {"direction": "needs", "other": other.reference})
        for direction, record, named in (("needs", other, draft), ("needed_by", draft, other)):
            page = send(client, "dependencies", record, {"direction": direction, "other": named.reference})
            assert page.status_code == 200
            assert "“The other”" in words(page)
            assert "so none of them could come first" in words(page)
        assert draft.dependants.count() == 0

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({}, "Select which needs which"),
            ({"direction": "needs"}, "Enter the other record’s reference or title"),
            ({"direction": "needs", "other": "Qzxv"}, "Nothing on record is called “Qzxv”"),
            ({"direction": "needs", "other": "\0"}, "hidden control characters"),
            ({"direction": "both", "other": "Qzxv"}, "from the list"),
            ({"direction": "needs", "other": "Qzxv", "note": "x" * 301}, "300 characters or fewer"),
        ],
    )
    def test_that_are_wrong_are_said(self, data, said, draft, client):
        found = complaints(send(client, "dependencies", draft, data))
        assert any(said in message for message in found), found

    def test_of_a_record_on_itself_are_refused(self, draft, client):
        found = complaints(send(client, "dependencies", draft, {"direction": "needs", "other": draft.reference}))
        assert found == ["Enter another record: a record cannot need itself"]

    def test_of_another_s_record_are_its_lead_s_to_say(self, draft, client):
        theirs = Initiative.objects.filter(responsibilities__role="lead", responsibilities__organisation__code="dhsc")
        theirs = theirs.filter(status="published").first()
        found = complaints(send(client, "dependencies", draft, {"direction": "needed_by", "other": theirs.reference}))
        assert found == [
            f"Only people who write for the lead of {theirs.reference} can say what it needs. Ask them to add it"
        ]

    def test_that_somebody_else_changed_are_said(self, draft, editor, client):
        send(client, "dependencies", draft, {"direction": "needs", "other": make(editor, "First").reference})
        row = draft.dependencies.get()
        page = client.post(address("dependencies", draft), {"version": 1, "remove": row.pk}, follow=True)
        assert "Somebody else changed this record, so nothing was removed" in words(page)
        assert draft.dependencies.exists()

    def test_take_as_many_queries_for_many(self, draft, editor, client):

        def asked(number):
            made = [make(editor, f"Need {number} {each}") for each in range(number)]
            initiatives.set_parts(
                by=editor, initiative=draft, version=Initiative.objects.get(pk=draft.pk).version,
                part="dependencies", rows=[{"depends_on": each} for each in made],
            )  # fmt: skip
            for each in made[: number // 2]:
                initiatives.set_parts(
                    by=editor, initiative=make(editor, f"Later {each.pk}"), version=1, part="dependencies",
                    rows=[{"depends_on": draft}],
                )  # fmt: skip
            client.get(address("dependencies", draft))
            with CaptureQueriesContext(connection) as queries:
                client.get(address("dependencies", draft))
            return len(queries)

        few = asked(2)
        assert asked(12) == few


PAGES = ["parent", "dependencies", "criteria", "allocations", "paste_allocations", "below"]


@pytest.mark.parametrize(
    ("role", "organisation", "on_draft"),
    [
        ("reader", "dft", 403),
        ("editor", "dft", 200),
        ("approver", "dft", 200),
        ("editor", "dhsc", 404),
        ("administrator", None, 200),
    ],
)
def test_who_may_be_on_the_new_pages(editor, client, person, role, organisation, on_draft):
    fund = make(editor, "A fund", "policy", "fund")
    send(client, "measures", fund, FULL)
    send(client, "roles", fund, {"organisation": "NHS bodies", "role": "consulted"})
    criterion = {"round": "1", "stage": "formula", "criterion": "Need", "measured": "social"}
    send(client, "criteria", fund, criterion)
    send(client, "allocations", fund, {"area": "E06000001", "amount_gbp": "1"})
    rows = {
        "measure": fund.measures.get(), "role": fund.responsibilities.get(role="consulted"),
        "criterion": fund.criteria.get(), "allocation": fund.allocations.get(),
    }  # fmt: skip
    addresses = [address(name, fund) for name in PAGES]
    addresses += [address(name, fund, pk=row.pk) for name, row in rows.items()]
    client.force_login(person(administrator=True) if role == "administrator" else person(role, organisation))
    assert {client.get(page).status_code for page in addresses} == {on_draft}
    assert {client.post(page, {}).status_code for page in addresses} == {on_draft}
    client.logout()
    assert {client.get(page).status_code for page in addresses} == {302}


class TestPublished:
    """A published record's words are changed on a revision; its connections know which record that is."""

    @pytest.fixture
    def public(self, editor):
        policy = make(editor, "A public fund", "policy", "fund")
        return steps.publish(policy, by=factories.user(is_administrator=True))

    @pytest.fixture
    def revision(self, public, editor):
        return revisions.start_revision(by=editor, initiative=public)

    def test_takes_commitments_without_a_revision(self, public, client):
        assert client.get(address("below", public)).status_code == 200
        before = Initiative.objects.get(pk=public.pk).version
        send(client, "below", public, {"title": "One more promise"})
        assert Initiative.objects.get(title="One more promise").parent == public
        assert Initiative.objects.get(pk=public.pk).version == before

    def test_gets_the_commitments_that_are_added_on_its_revision(self, public, revision, client):
        send(client, "below", revision, {"title": "One more promise"})
        assert Initiative.objects.get(title="One more promise").parent == public
        assert "One more promise" in words(client.get(address("below", revision)))

    def test_is_what_others_need_and_not_its_revision(self, public, revision, editor, client):
        other = make(editor, "The other")
        send(client, "dependencies", revision, {"direction": "needed_by", "other": other.reference})
        assert other.dependencies.get().depends_on == public
        assert f"Is needed by: The other ({other.reference})" in words(client.get(address("dependencies", revision)))
        found = complaints(send(client, "dependencies", revision, {"direction": "needs", "other": public.reference}))
        assert found == ["Enter another record: a record cannot need itself"]

    def test_says_what_it_needs_on_a_revision_of_its_own(self, public, editor, client):
        draft = make(editor, "A draft")
        page = send(client, "dependencies", draft, {"direction": "needed_by", "other": public.reference})
        assert f"{public.reference} is public. Start a revision to change it" in words(page)

    def test_shows_all_that_a_revision_changes(self, public, revision, client):
        send(client, "allocations", revision, {"area": "E06000001", "amount_gbp": "7"})
        text = words(client.get(address("check", revision)))
        assert "Hartlepool" in text
        send(client, "words", revision, {"title": "A public fund", "form": "strategy"})
        assert client.get(address("check", revision)).status_code == 200
