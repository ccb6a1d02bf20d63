"""The pages of the workbook: template, upload, dry run, problems, confirmation, undoing, and who may."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies.actions import initiatives
from policies.models import Initiative, Policy, Upload
from policies.workbook.exporting import MOST_RECORDS
from policies.workbook.files import read_file
from tests.policies.workbook.test_files import xlsx
from tests.policies.workbook.test_uploads import FUND, LINK, PROMISE, draft_of, rows
from tracker.tasks import work_off_uploads

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def editor(person, client):
    user = person("editor", "dft")
    client.force_login(user)
    return user


def file_of(name="kerbs.xlsx", **sheets):
    return SimpleUploadedFile(name, xlsx({sheet: rows(*lines) for sheet, lines in sheets.items()}))


@pytest.fixture
def send(client):
    """A function that uploads sheets, and gives the address of the upload's page."""

    def post(**sheets):
        answer = client.post("/workbook/", {"file": file_of(**sheets)})
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    return post


class TestStart:
    def test_leads_to_template_lists_and_latest_uploads(self, read, editor, send):
        address = send(policies=[FUND])
        page = read("/workbook/")
        for wanted in ("/workbook/template.xlsx", "/workbook/template.ods", "/policies/", address):
            assert wanted in page.links()
        assert "kerbs.xlsx" in page.main
        assert "Read, not confirmed" in page.main

    def test_the_template_has_every_sheet(self, client, editor):
        for file_format in ("xlsx", "ods"):
            answer = client.get(f"/workbook/template.{file_format}")
            assert f'filename="template-OFFICIAL.{file_format}"' in answer["Content-Disposition"]
            tables = read_file("template", answer.content)
            assert set(tables) == {
                "policies",
                "commitments",
                "partnerships",
                "roles",
                "capital_links",
                "outcome_links",
                "criteria",
                "measures",
            }
            assert all(table.rows == [] for table in tables.values())

    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (None, "Select the filled-in workbook"),
            (("a.xlsx", b""), "The filled-in workbook is empty"),
            (("a.csv", b"title"), "The filled-in workbook must be a file that ends in ods, xlsx"),
            (("a.xlsx", b"0" * 20_000_001), "The filled-in workbook must be 20 MB or smaller"),
        ],
    )
    def test_what_is_no_workbook_is_said(self, client, editor, file, message):
        data = {"file": SimpleUploadedFile(*file)} if file else {}
        text = client.post("/workbook/", data).content.decode()
        assert "There is a problem" in text
        assert text.count(message) >= 2
        assert not Upload.objects.exists()

    def test_what_only_looks_like_one_is_a_problem_of_the_upload(self, client, read, editor):
        answer = client.post("/workbook/", {"file": SimpleUploadedFile("a.xlsx", b"title,form\n")})
        page = read(answer["Location"])
        assert "The file cannot be read as a spreadsheet." in page.main
        assert "save it as XLSX or ODS" in page.main


class TestTheWayThrough:
    def test_dry_run_confirm_and_undo(self, client, read, editor, send):
        address = send(policies=[FUND], commitments=[PROMISE], outcome_links=[LINK])
        page = read(address)
        assert page.title.startswith("Check what the workbook would do")
        assert "Kerbs fund" in page.main
        assert "policies, row 2".lower() in page.main.lower()
        assert not Policy.objects.filter(short_code="kerbs").exists()

        assert client.post(f"{address}confirm/")["Location"] == address
        fund = Policy.objects.get(short_code="kerbs")
        page = read(address)
        assert f"/log/{fund.reference}/" in page.links()
        assert "Added as a draft" in page.main

        assert "Undo this upload?" in read(f"{address}undo/").title
        assert client.post(f"{address}undo/")["Location"] == address
        page = read(address)
        assert "This upload was undone" in page.title
        assert fund.reference in page.main
        assert page.links("/log/") == []
        assert not Policy.objects.filter(short_code="kerbs").exists()

    def test_a_changed_cell_is_shown_before_and_after(self, read, editor, send):
        draft = draft_of(editor)
        page = read(send(policies=[{"reference": draft.reference, "title": "Another", "form": "fund"}]))
        assert "Title: from A draft to Another" in page.main

    def test_a_change_of_what_is_published_goes_to_a_revision(self, client, read, editor, send):
        gear = Policy.objects.get(short_code="gear-change")
        address = send(policies=[{"reference": gear.reference, "title": "Gear", "form": gear.form}])
        assert "Change in a revision by Policies, row 2" in read(address).main
        client.post(f"{address}confirm/")
        page = read(address)
        assert f"/log/{gear.reference}-R1/" in page.links()
        assert "Changed in a revision" in page.main
        assert read(f"/log/{gear.reference}-R1/").response.status_code == 200
        assert "The revision that it started is discarded." in read(f"{address}undo/").main
        gear.refresh_from_db()
        assert gear.title != "Gear"

    def test_a_file_that_says_what_the_register_says(self, client, read, editor, send):
        client.post(f"{send(policies=[FUND])}confirm/")
        page = read(send(policies=[FUND]))
        assert "The register has all of this already" in page.main
        assert "Add and change" not in page.main

    def test_a_second_press_changes_nothing(self, client, editor, send):
        address = send(policies=[FUND])
        for _ in range(2):
            assert client.post(f"{address}confirm/").status_code == 302
        assert Policy.objects.filter(title="Kerbs fund").count() == 1

    def test_undoing_is_refused_with_a_list(self, client, read, editor, send):
        address = send(policies=[FUND])
        client.post(f"{address}confirm/")
        fund = Policy.objects.get(short_code="kerbs")
        initiatives.edit(by=editor, initiative=fund, version=1, title="Changed by hand")
        answer = client.post(f"{address}undo/")
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "This upload cannot be undone" in text
        assert fund.reference in text
        assert editor.name in text
        assert Policy.objects.get(pk=fund.pk).title == "Changed by hand"


class TestProblems:
    def test_are_a_table_and_a_file(self, client, read, editor, send):
        address = send(
            policies=[FUND | {"form": "funding"}, FUND | {"title": "=1+1", "lead": "dpt", "short_code": "b"}]
        )
        page = read(address)
        assert "2 problems to fix" in page.main
        for words in ("policies, C2 (form)", "“funding” is not one of the choices", "strategy, white_paper"):
            assert words in page.main
        for file_format in ("xlsx", "ods"):
            answer = client.get(f"{address}problems.{file_format}")
            assert answer.status_code == 200
            assert "attachment" in answer["Content-Disposition"]

    def test_five_bad_rows_among_forty_are_mended_from_what_is_said(self, client, editor, send):
        """Nothing but the table of problems is used: its place, the values that are accepted, and the fix."""
        lines = [FUND | {"short_code": f"f{n}", "title": f"Fund {n}", "start_date": "2027-01-01"} for n in range(40)]
        lines[3]["form"] = "funding"
        lines[11]["lead"] = "dtf"
        lines[17]["start_date"] = "31/03/2027"
        lines[25]["places"] = "E9200001"
        lines[39]["title"] = ""
        upload = Upload.objects.get(pk=send(policies=lines).split("/")[2])
        meant = {
            "form": "fund",
            "lead": "dft",
            "start_date": "2027-03-31",
            "places": "E92000001",
            "title": "What it is called",
        }
        assert {problem["column"] for problem in upload.problems} == set(meant)
        for problem in upload.problems:
            value = meant[problem["column"]]
            assert value in problem["allowed"] or value in problem["fix"], problem
            lines[problem["row"] - 2][problem["column"]] = value
        upload = Upload.objects.get(pk=send(policies=lines).split("/")[2])
        assert (upload.state, upload.counts["policies"]["added"]) == ("read", 40)

    def test_an_upload_without_any_has_no_such_file(self, client, editor, send):
        assert client.get(f"{send(policies=[FUND])}problems.xlsx").status_code == 404


class TestLarge:
    def test_is_left_to_a_worker_and_shows_how_far_it_is(self, client, read, editor, send):
        address = send(policies=[FUND | {"short_code": f"f{n}", "title": f"Fund {n}"} for n in range(501)])
        page = read(address)
        assert "0 of 501 rows read" in page.main
        assert address in page.links()
        work_off_uploads()
        page = read(address)
        assert "Check what the workbook would do" in page.title
        assert "?page=2" in page.links()
        assert "Fund 500" in read(f"{address}?page=11").main
        assert "Fund 500" in read(f"{address}?page=nonsense").main or "Fund 0" in read(f"{address}?page=nonsense").main
        client.post(f"{address}confirm/")
        assert "501 rows are being written" in read(address).main
        work_off_uploads()
        assert "The workbook is in the register" in read(address).title
        assert Policy.objects.filter(title__startswith="Fund ").count() == 501

    def test_one_that_failed_says_that_nothing_was_changed(self, read, editor, send):
        address = send(policies=[FUND])
        Upload.objects.update(state="failed")
        assert "nothing was changed" in read(address).main


class TestWhoMay:
    def addresses(self, address):
        return ["/workbook/", "/workbook/template.xlsx", address, f"{address}problems.xlsx", f"{address}undo/"]

    def test_strangers_sign_in_first(self, client, editor, send):
        address = send(policies=[FUND])
        client.logout()
        for one in self.addresses(address):
            assert client.get(one)["Location"] == f"/account/login/?next={one}"
        assert client.post(f"{address}confirm/")["Location"].startswith("/account/login/")

    def test_readers_are_told_why_not(self, client, person, editor, send):
        address = send(policies=[FUND])
        client.force_login(person("reader", "dft"))
        for one in self.addresses(address):
            if "template" not in one:
                assert client.get(one).status_code == 403, one
        assert client.post(f"{address}confirm/").status_code == 403
        assert client.post("/workbook/", {"file": file_of(policies=[FUND])}).status_code == 403

    def test_uploads_of_others_do_not_exist(self, client, person, editor, send):
        address = send(policies=[FUND])
        client.force_login(person("approver", "dft"))
        for one in (address, f"{address}problems.xlsx", f"{address}undo/"):
            assert client.get(one).status_code == 404, one
        assert client.post(f"{address}confirm/").status_code == 404
        assert client.post(f"{address}undo/").status_code == 404

    def test_an_administrator_sees_them_and_confirms_nothing(self, client, read, person, editor, send):
        address = send(policies=[FUND])
        client.force_login(person(administrator=True))
        assert "Add and change these records" not in read(address).main
        assert client.post(f"{address}confirm/").status_code == 403

    @pytest.mark.parametrize("number", ["999999", "0", "99999999999999999999"])
    def test_a_number_that_nobody_has(self, client, editor, number):
        assert client.get(f"/workbook/{number}/").status_code == 404

    def test_confirming_takes_a_post(self, client, editor, send):
        assert client.get(f"{send(policies=[FUND])}confirm/").status_code == 405


class TestDownload:
    @pytest.mark.parametrize("name", ["policies", "commitments", "partnerships"])
    def test_stands_beside_the_list_with_its_filters(self, client, read, name):
        links = read(f"/{name}/?q=health&sort=title").links(f"/{name}/workbook.")
        assert links == [f"/{name}/workbook.{f}?q=health&sort=title" for f in ("xlsx", "ods")]

    @pytest.mark.parametrize("file_format", ["xlsx", "ods"])
    def test_has_the_rows_of_the_filtered_list(self, client, file_format):
        answer = client.get(f"/policies/workbook.{file_format}?nhs_role=none&collection=core_2021")
        today = timezone.localdate().isoformat()
        assert answer["Content-Disposition"] == f'attachment; filename="policies-{today}-OFFICIAL.{file_format}"'
        assert len(read_file("a", answer.content)["policies"].rows) == 16

    def test_has_only_what_the_reader_may_see(self, client, editor, person):
        draft = draft_of(editor)
        sensitive = initiatives.create(
            by=editor, kind="policy", form="fund", lead=draft.responsibilities.get().organisation, title="Quiet"
        )
        Initiative.objects.filter(pk=sensitive.pk).update(sensitivity="official_sensitive")

        def references(answer):
            return {row["reference"] for _, row in read_file("a", answer.content)["policies"].rows}

        mine = client.get("/policies/workbook.xlsx")
        assert {draft.reference, sensitive.reference} <= references(mine)
        assert "OFFICIAL-SENSITIVE.xlsx" in mine["Content-Disposition"]
        client.force_login(person("editor", "dhsc"))
        theirs = client.get("/policies/workbook.xlsx")
        assert not {draft.reference, sensitive.reference} & references(theirs)
        assert "-OFFICIAL.xlsx" in theirs["Content-Disposition"]

    @pytest.mark.parametrize("query", ["form=nonsense", "colour=red"])
    def test_a_filter_that_is_not_understood_leads_to_the_list_that_says_so(self, client, query):
        assert client.get(f"/policies/workbook.xlsx?{query}")["Location"] == f"/policies/?{query}"

    def test_more_than_a_workbook_holds_leads_back_too(self, client, read, monkeypatch):
        monkeypatch.setitem(MOST_RECORDS, "ods", 10)
        answer = client.get("/policies/workbook.ods?sort=title")
        assert answer["Location"] == "/policies/?sort=title"
        assert "at most 10 records" in read(answer["Location"]).text

    def test_takes_as_many_queries_for_100_rows_as_for_10(self, client, empty_register, many):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                assert client.get("/policies/workbook.xlsx").status_code == 200
            return len(asked)

        many(10)
        few = queries()
        many(90)
        assert queries() == few <= 30


def test_a_file_by_another_name_is_shown_as_text(client, read, editor):
    file = SimpleUploadedFile("<b>x</b>.xlsx", xlsx({"policies": rows(FUND)}))
    page = read(client.post("/workbook/", {"file": file})["Location"])
    assert "<b>x" not in page.html


def test_the_page_of_a_dry_run_takes_few_queries(client, editor, send, django_assert_max_num_queries):
    address = send(policies=[FUND | {"short_code": f"f{n}", "title": f"Fund {n}"} for n in range(60)])
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200
    assert io.BytesIO(client.get("/workbook/template.ods").content).read(2) == b"PK"
