"""The previews on pages of their own: who may open them, and what they say."""

import pytest

from policies.actions import initiatives, uploads
from policies.models import Capital, Initiative, Organisation, Upload
from tests.policies import factories
from tests.policies.workbook.test_uploads import FUND, LINK, PROMISE
from tests.policies.workbook.test_uploads import upload as uploaded
from tracker.models import Flag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("landscape")]


@pytest.fixture
def editor(person):
    return person("editor", "dft")


@pytest.fixture
def draft(editor):
    lead = Organisation.objects.get(code="dft")
    made = initiatives.create(
        by=editor, kind="policy", form="programme", lead=lead, title="Quiet streets", value_gbp=9_000_000_000
    )
    rows = [{"capital": Capital.objects.get(code="natural"), "weight": "primary"}]
    initiatives.set_parts(by=editor, initiative=made, version=1, part="capitals", rows=rows)
    return made


def address(draft):
    return f"/log/{draft.reference}/what-if/"


def test_a_draft_says_flags_and_balance(read, draft, editor):
    page = read(address(draft), by=editor)
    assert "No health outcome linked" in page.main
    assert "The whole register" in page.main
    assert "Department for Transport" in page.main
    assert f"http://testserver{address(draft)}" in page.links()


def test_a_colleague_who_may_read_the_draft_opens_it_and_others_find_nothing(read, draft, person):
    read(address(draft), by=person("reader", "dft"))
    read(address(draft), by=person("editor", "dfe"), status=404)


def test_who_has_not_signed_in_is_asked_to(client, draft):
    assert client.get(address(draft)).status_code == 302


def test_what_is_public_has_no_preview(client, editor):
    client.force_login(editor)
    assert client.get("/log/MHCLG-0004/what-if/")["Location"] == "/policies/MHCLG-0004/"


def test_a_draft_without_capitals_leaves_the_balance(read, editor):
    lead = Organisation.objects.get(code="dft")
    made = initiatives.create(by=editor, kind="policy", form="programme", lead=lead, title="Empty")
    assert "It would stay as it is" in read(address(made), by=editor).main


class TestWorkbook:
    @pytest.fixture
    def sent(self, editor):
        return uploaded(editor, policies=[FUND], commitments=[PROMISE], outcome_links=[LINK])

    def test_says_what_all_of_it_would_lead_to(self, read, sent, editor):
        page = read(f"/workbook/{sent.pk}/what-if/", by=editor)
        assert "Kerbs fund" in page.main
        for title in ("No NHS role", "No allocation criteria", "Nothing measures it"):
            assert title in page.main
        assert f"/workbook/{sent.pk}/what-if/" in read(f"/workbook/{sent.pk}/").links()

    def test_leaves_no_trace(self, read, sent, editor):
        before = (Initiative.objects.count(), Flag.objects.count(), Upload.objects.get().state)
        read(f"/workbook/{sent.pk}/what-if/", by=editor)
        assert (Initiative.objects.count(), Flag.objects.count(), Upload.objects.get().state) == before

    def test_is_for_those_who_may_see_the_upload(self, read, sent, person):
        read(f"/workbook/{sent.pk}/what-if/", by=person("editor", "dfe"), status=404)

    def test_a_register_that_moved_on_is_told(self, read, sent, editor):
        factories.policy(short_code="kerbs", created_by=editor)
        page = read(f"/workbook/{sent.pk}/what-if/", by=editor)
        assert "The register has changed since the workbook was read" in page.main

    def test_one_that_is_written_already_leads_to_its_page(self, client, sent, editor):
        uploads.confirm(by=editor, upload=sent)
        client.force_login(editor)
        assert client.get(f"/workbook/{sent.pk}/what-if/")["Location"] == f"/workbook/{sent.pk}/"
