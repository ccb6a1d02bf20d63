"""My work: what waits for whom; and the page on which an organisation answers a role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from policies.models import Initiative, Organisation, Responsibility
from tests.policies import factories

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def held():
    """NHS England's role in the Changing Futures programme: given by others, not answered."""
    return factories.responsibility(
        initiative=Initiative.objects.get(short_code="changing-futures"),
        organisation=Organisation.objects.get(code="nhs-england"),
        role="delivery",
        note="Named in the prospectus.",
    )


def address(held):
    return reverse(
        "answer_role",
        kwargs={
            "reference": held.initiative.reference,
            "organisation": held.organisation.code,
            "role": held.role,
        },
    )


class TestMyWork:
    def test_asks_for_sign_in(self, client):
        assert client.get("/my-work/")["Location"] == "/account/login/?next=/my-work/"

    def test_teaches_somebody_without_an_organisation(self, read, person):
        assert "You act for no organisation yet" in read("/my-work/", by=person()).main

    def test_lists_roles_drafts_and_flags_of_my_organisations(self, read, person, held):
        editor = person("editor", "nhs-england")
        draft = factories.commitment(title="Half a thought", created_by=editor)
        factories.responsibility(
            initiative=draft, organisation=Organisation.objects.get(code="nhs-england"), role="lead"
        )
        page = read("/my-work/", by=editor)
        assert address(held) in page.links("/roles/")
        assert "names NHSE: Delivery" in page.main
        assert f"/log/{draft.reference}/" in page.links("/log/")
        assert "NHS Long Term Plan" in page.main, "its flags are listed"

    def test_an_approver_is_led_to_what_others_sent_for_review(self, read, person):
        approver, editor = person("approver", "dft"), person("editor", "dft")
        draft = factories.commitment(status="in_review", submitted_by=editor, submitted_at=timezone.now())
        factories.responsibility(initiative=draft, organisation=Organisation.objects.get(code="dft"), role="lead")
        for reader, count in ((approver, 1), (person("approver", "dhsc"), 0)):
            page = read("/my-work/", by=reader)
            assert f"To review ({count})" in page.main
            assert (f"/log/{draft.reference}/review/" in page.links("/log/")) is bool(count)
        assert "To review" not in read("/my-work/", by=editor).main
        Initiative.objects.filter(pk=draft.pk).update(submitted_by=approver)
        assert "To review (0)" in read("/my-work/", by=approver).main, "nobody decides on what they sent"

    def test_a_reader_has_nothing_to_do(self, read, person, held):
        page = read("/my-work/", by=person("reader", "nhs-england"))
        assert page.links("/roles/") == []
        assert "Roles to answer (0)" in page.main

    def test_others_work_is_not_mine(self, read, person, held):
        draft = factories.commitment(title="Somebody else's secret")
        factories.responsibility(initiative=draft, organisation=Organisation.objects.get(code="dfe"), role="lead")
        page = read("/my-work/", by=person("approver", "dft"))
        assert address(held) not in page.links()
        assert "secret" not in page.html

    def test_is_linked_from_every_page_once_signed_in(self, read, person, client):
        assert "/my-work/" not in read("/").html
        assert 'href="/my-work/"' in read("/", by=person()).html

    def test_takes_as_many_queries_with_30_roles_as_with_3(self, client, person):
        editor = person("editor", "nhs-england")
        client.force_login(editor)
        Responsibility.objects.filter(organisation__code="nhs-england").exclude(role="lead").delete()
        taken = []
        for number in (3, 30):
            for policy in Initiative.objects.filter(kind="policy", status="published").order_by("pk")[:number]:
                Responsibility.objects.get_or_create(
                    initiative=policy, organisation=Organisation.objects.get(code="nhs-england"), role="supporting"
                )
            with CaptureQueriesContext(connection) as asked:
                assert f"Roles to answer ({number})" in client.get("/my-work/").content.decode()
            taken.append(len(asked))
        # Of more than a page holds the number is asked too.
        assert taken[0] <= taken[1] <= taken[0] + 1 <= 28


class TestAnswering:
    @pytest.mark.parametrize(
        ("data", "shown"),
        [
            ({"answer": "accepted"}, "Accepted"),
            ({"answer": "accepted", "comment": "Gladly."}, "“Gladly.”"),
            ({"answer": "accepted_with_conditions", "conditions": "With money."}, "“With money.”"),
            ({"answer": "disputed", "reasons": "Nobody asked us."}, "“Nobody asked us.”"),
        ],
    )
    def test_an_answer_stands_beside_the_role(self, client, read, person, held, data, shown):
        client.force_login(person("editor", "nhs-england"))
        answer = client.post(address(held), data)
        assert answer["Location"] == reverse("policy", kwargs={"reference": held.initiative.reference})
        client.logout()
        assert shown in read(answer["Location"]).main

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({}, "Select what your organisation says"),
            ({"answer": "perhaps"}, "Select"),
            ({"answer": "accepted_with_conditions"}, "Enter the conditions"),
            ({"answer": "accepted_with_conditions", "conditions": "  "}, "Enter the conditions"),
            ({"answer": "disputed", "conditions": "x"}, "Enter why your organisation disputes the role"),
        ],
    )
    def test_what_is_missing_is_said(self, client, person, held, data, message):
        client.force_login(person("approver", "nhs-england"))
        text = client.post(address(held), data).content.decode()
        assert "There is a problem" in text
        assert text.count(message) >= 2
        held.refresh_from_db()
        assert held.answer == "proposed"

    def test_an_earlier_answer_is_shown_again(self, client, read, person, held):
        speaker = person("editor", "nhs-england")
        client.force_login(speaker)
        client.post(address(held), {"answer": "disputed", "reasons": "Nobody asked us."})
        assert "Nobody asked us." in read(address(held), by=speaker).html

    @pytest.mark.parametrize(
        ("role", "organisation", "status"),
        [("reader", "nhs-england", 403), ("approver", "dft", 403), (None, None, 403), ("editor", "nhs-england", 200)],
    )
    def test_who_may_answer(self, client, person, held, role, organisation, status):
        client.force_login(person(role, organisation))
        assert client.get(address(held)).status_code == status
        sent = client.post(address(held), {"answer": "accepted"}).status_code
        assert sent == (302 if status == 200 else status)

    def test_a_role_in_a_draft_that_is_not_mine_does_not_exist(self, client, person, held):
        Initiative.objects.filter(pk=held.initiative_id).update(status="draft")
        client.force_login(person("approver", "dft"))
        assert client.get(address(held)).status_code == 404
        client.force_login(person("editor", "nhs-england"))
        assert client.get(address(held)).status_code == 200

    def test_signing_in_leads_back(self, client, held):
        assert client.get(address(held))["Location"] == f"/account/login/?next={address(held)}"
