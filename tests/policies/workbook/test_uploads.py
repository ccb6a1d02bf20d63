"""Uploads: what a person's file may do, confirmed once, and taken back whole."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from policies.actions import initiatives, signoff, undo, uploads
from policies.actions.action import NotAllowedError, RuleError
from policies.actions.revisions import start_revision
from policies.models import (
    AllocationCriterion,
    Commitment,
    Initiative,
    Organisation,
    Policy,
    SignOff,
    Upload,
    UploadState,
)
from policies.workbook.exporting import export, write
from policies.workbook.files import read_file
from policies.workbook.uploads import apply_upload, begin, work_off
from tests.policies.workbook.test_files import xlsx

pytestmark = pytest.mark.usefixtures("landscape")

LUF = "MHCLG-0001"


@pytest.fixture
def editor(person):
    return person("editor", "dft")


def rows(*lines):
    """A sheet: the columns that some row names, then the rows."""
    names = list(dict.fromkeys(name for line in lines for name in line))
    return [names, *([line.get(name, "") for name in names] for line in lines)]


def upload(by, **sheets):
    return begin(by=by, file_name="file.xlsx", content=xlsx({name: rows(*lines) for name, lines in sheets.items()}))


def confirmed(by, **sheets):
    """An upload that was read, confirmed and applied."""
    sent = upload(by, **sheets)
    assert sent.state == UploadState.READ, sent.problems
    uploads.confirm(by=by, upload=sent)
    apply_upload(sent)
    sent.refresh_from_db()
    return sent


def whats(sent):
    return [problem["what"] for problem in sent.problems]


FUND = {"short_code": "kerbs", "title": "Kerbs fund", "form": "fund", "lead": "dft", "places": "E92000001"}
PROMISE = {"parent": "kerbs", "title": "A thousand kerbs", "lead": "dft", "due_date": datetime.date(2029, 3, 31)}
LINK = {"initiative": "kerbs", "outcome": "physical_activity", "direction": "improves", "horizon": "short"}


def draft_of(editor, **values):
    return initiatives.create(
        by=editor, kind="policy", form="fund", lead=Organisation.objects.get(code="dft"), title="A draft", **values
    )


def state_of_the_register():
    """Everything that a workbook can write, without what only counts states."""
    found = {}
    for model in (Initiative, *undo.ROWS):
        rows = model.objects.order_by("pk").values()
        found[model] = [{k: v for k, v in row.items() if k not in (*undo.GOES_ON, "search")} for row in rows]
    return found


class TestReading:
    def test_says_what_it_would_do_and_does_nothing(self, editor):
        sent = upload(editor, policies=[FUND], commitments=[PROMISE], outcome_links=[LINK])
        assert (sent.state, sent.total, sent.done) == (UploadState.READ, 3, 3)
        assert sent.counts["policies"] == {"added": 1, "changed": 0, "unchanged": 0}
        assert [(d["sheet"], d["row"], d["what"]) for d in sent.differences] == [
            ("policies", 2, "added"),
            ("commitments", 2, "added"),
            ("outcome_links", 2, "added"),
        ]
        assert ["lead", "", "dft"] in sent.differences[0]["cells"]
        assert not Policy.objects.filter(short_code="kerbs").exists()

    def test_shows_each_changed_cell_before_and_after(self, editor):
        draft = draft_of(editor, value_gbp=100, summary="One.\r\nTwo.")
        row = {"reference": draft.reference, "title": "Another title", "form": "fund", "summary": "One.\nTwo."}
        sent = upload(editor, policies=[row | {"value_gbp": 100, "places": "E92000001", "lead": "dft"}])
        (difference,) = sent.differences
        assert difference["cells"] == [["title", "A draft", "Another title"], ["places", "", "E92000001"]]

    def test_a_file_without_rows_is_refused(self, editor):
        sent = upload(editor, policies=[dict.fromkeys(FUND, "")])
        assert sent.state == UploadState.REFUSED
        assert whats(sent) == ["The workbook has no rows."]
        assert sent.content is None

    def test_is_for_those_who_write_for_somebody(self, person):
        with pytest.raises(NotAllowedError):
            upload(person("reader", "dft"), policies=[FUND])


class TestRules:
    """What a person's file may not do is said at its row."""

    @pytest.mark.parametrize(
        ("row", "what"),
        [
            (FUND | {"lead": "dhsc"}, "You do not write for Department of Health and Social Care."),
            (FUND | {"lead": ""}, "The new record has no lead organisation."),
            (FUND | {"status": "published"}, "A workbook makes drafts and changes drafts."),
            (FUND | {"reference": "DFT-9999"}, "You see no record with the reference DFT-9999."),
            (FUND | {"short_code": "hidden-code"}, "Another record has the short code hidden-code."),
            (FUND | {"lead": "dpt"}, "No organisation is known as “dpt”."),
            ({"reference": LUF, "title": "Mine now", "form": "fund"}, f"{LUF} belongs to "),
        ],
    )
    def test_for_policies(self, editor, person, row, what):
        hidden = initiatives.create(
            by=person("editor", "dhsc"),
            kind="policy",
            form="fund",
            lead=Organisation.objects.get(code="dhsc"),
            title="Hidden",
        )
        Initiative.objects.filter(pk=hidden.pk).update(short_code="Hidden-Code")
        before = Organisation.objects.count()
        sent = upload(editor, policies=[row])
        assert sent.state == UploadState.REFUSED
        assert len(sent.problems) == 1
        assert whats(sent)[0].startswith(what)
        assert Organisation.objects.count() == before

    def test_what_has_ended_is_left_alone(self, editor):
        draft = draft_of(editor)
        now = timezone.now()
        Initiative.objects.filter(pk=draft.pk).update(
            status="closed",
            published_at=now,
            published_by=editor,
            ended_at=now,
            ended_by=editor,
            ended_reason="Done",
            ended_outcome="met",
        )
        sent = upload(editor, policies=[{"reference": draft.reference, "title": "New", "form": "fund"}])
        assert whats(sent) == [f"{draft.reference} is closed."]

    def test_unchanged_rows_of_others_are_fine(self, editor):
        found = Initiative.objects.filter(kind="policy", status="published").order_by("reference")
        content = write(export(found, kind="policy", user=editor), "xlsx")
        sent = begin(by=editor, file_name="all.xlsx", content=content)
        work_off()
        sent.refresh_from_db()
        assert sent.state == UploadState.READ, sent.problems
        assert sent.differences == []

    def test_another_department_s_draft_does_not_exist(self, editor, person):
        theirs = initiatives.create(
            by=person("editor", "dhsc"),
            kind="policy",
            form="fund",
            lead=Organisation.objects.get(code="dhsc"),
            title="Secret",
        )
        sent = upload(editor, policies=[FUND], commitments=[PROMISE | {"parent": theirs.reference}])
        assert whats(sent) == [f"No initiative is known as “{theirs.reference}”."]
        assert "Secret" not in str(sent.problems)

    def test_one_in_review_is_left_alone(self, editor):
        draft = draft_of(editor)
        signoff.submit(by=editor, initiative=draft, version=draft.version)
        sent = upload(editor, policies=[{"reference": draft.reference, "title": "New", "form": "fund"}])
        assert whats(sent) == [f"{draft.reference} is in review."]

    def test_a_partnership_names_its_lead_among_the_roles(self, editor):
        deal = {"short_code": "deal", "title": "A deal", "form": "town_deal"}
        assert whats(upload(editor, partnerships=[deal])) == ["The new record has no lead organisation."]
        role = {"initiative": "deal", "organisation": "dft", "role": "lead"}
        assert upload(editor, partnerships=[deal], roles=[role]).state == UploadState.READ
        (problem,) = upload(editor, partnerships=[deal], roles=[role | {"organisation": "dfe"}]).problems
        assert (problem["sheet"], problem["row"], problem["column"]) == ("roles", 2, "organisation")


@pytest.fixture
def gear():
    return Initiative.objects.get(short_code="gear-change")


class TestRevising:
    """Rows that change what is published start a revision, on which an approver decides."""

    def test_each_changed_record_gets_one_with_all_its_changes(self, editor, gear):
        row = {"reference": gear.reference, "title": "Gear", "form": gear.form, "status": "published", "lead": "dft"}
        role = {"initiative": "gear-change", "organisation": "dhsc", "role": "consulted"}
        sent = confirmed(editor, policies=[row | {"short_code": "gear-change"}, FUND], roles=[role])
        copy = Initiative.objects.get(revises=gear)
        assert (copy.title, copy.status, copy.created_by) == ("Gear", "draft", editor)
        assert copy.responsibilities.filter(organisation__code="dhsc", role="consulted").exists()
        gear.refresh_from_db()
        assert gear.title != "Gear"
        assert not gear.responsibilities.filter(organisation__code="dhsc", role="consulted").exists()
        assert [d["revision"] for d in sent.differences] == [True, False, True]
        assert {(o["reference"], o["revision"]) for o in sent.outcome} == {
            (copy.reference, True),
            (Policy.objects.get(short_code="kerbs").reference, False),
        }

    def test_an_approved_one_makes_the_record_say_what_the_file_said(self, editor, person, gear):
        confirmed(
            editor, policies=[{"reference": gear.reference, "title": "Gear", "form": gear.form, "places": "E06000001"}]
        )
        copy = Initiative.objects.get(revises=gear)
        copy = signoff.submit(by=editor, initiative=copy, version=copy.version)
        signoff.approve(by=person("approver", "dft"), initiative=copy, version=copy.version)
        gear.refresh_from_db()
        assert gear.title == "Gear"
        assert [area.gss_code for area in gear.areas.all()] == ["E06000001"]

    def test_an_exported_list_with_a_changed_cell_does_it_too(self, editor, gear):
        found = Initiative.objects.filter(pk=gear.pk)
        content = write(export(found, kind="policy", user=editor), "xlsx")
        table = read_file("a", content)["policies"]
        (_, row), names = table.rows[0], table.columns
        row["summary"] = "Shorter."
        sheet = [names, [row[name] for name in names]]
        sent = begin(by=editor, file_name="a.xlsx", content=xlsx({"policies": sheet}))
        assert [d["cells"][0][0] for d in sent.differences] == ["summary"]
        uploads.confirm(by=editor, upload=sent)
        apply_upload(sent)
        assert Initiative.objects.get(revises=gear).summary == "Shorter."

    def test_undoing_discards_it_and_says_so_at_the_record(self, editor, gear):
        before = state_of_the_register()
        sent = confirmed(editor, policies=[{"reference": gear.reference, "title": "Gear", "form": gear.form}])
        undo.undo_upload(by=editor, upload=sent)
        assert state_of_the_register() == before
        steps = SignOff.objects.filter(initiative=gear, revision=1).order_by("pk")
        assert list(steps.values_list("step", flat=True)) == ["started", "discarded"]

    def test_not_where_one_is_open(self, editor, gear):
        copy = start_revision(by=editor, initiative=gear)
        sent = upload(editor, policies=[{"reference": gear.reference, "title": "Gear", "form": gear.form}])
        assert whats(sent) == [f"A revision of {gear.reference} is open."]
        assert copy.reference in sent.problems[0]["fix"]

    def test_not_of_what_a_revision_does_not_hold(self, editor, gear):
        row = {"reference": gear.reference, "title": gear.title, "form": gear.form, "collections": "core_2021"}
        criterion = {"round": "1", "stage": "formula", "criterion": "Need", "measure_type": "health"}
        row["collections"] = "" if gear.collection_items.exists() else "core_2021"
        sent = upload(editor, policies=[row | {"short_code": "gear-2"}])
        assert {(p["column"], p["what"]) for p in sent.problems} == {
            (column, f"{gear.reference} is published, and a revision does not hold this.")
            for column in ("short_code", "collections")
        }
        if AllocationCriterion not in {model for model, _ in initiatives.PARTS.values()}:
            (problem,) = upload(editor, criteria=[criterion | {"initiative": gear.reference}]).problems
            assert (problem["sheet"], problem["row"]) == ("criteria", 2)


class TestStale:
    def test_a_row_made_from_an_earlier_state_shows_both(self, editor):
        draft = draft_of(editor)
        initiatives.edit(by=editor, initiative=draft, version=1, title="Theirs")
        row = {"reference": draft.reference, "title": "Mine", "form": "fund", "version": 1}
        (problem,) = upload(editor, policies=[row]).problems
        assert problem["column"] == "version"
        assert "the register has “Theirs”, the file “Mine”" in problem["what"]
        assert upload(editor, policies=[row | {"version": 2}]).state == UploadState.READ

    def test_is_no_problem_where_nothing_would_change(self, editor):
        draft = draft_of(editor)
        initiatives.edit(by=editor, initiative=draft, version=1, title="Theirs")
        row = {"reference": draft.reference, "title": "Theirs", "form": "fund", "version": 1}
        assert upload(editor, policies=[row]).state == UploadState.READ

    def test_what_changes_between_looking_and_confirming_refuses(self, editor):
        draft = draft_of(editor)
        sent = upload(editor, policies=[{"reference": draft.reference, "title": "Mine", "form": "fund"}])
        initiatives.edit(by=editor, initiative=draft, version=1, title="Theirs")
        uploads.confirm(by=editor, upload=sent)
        apply_upload(sent)
        sent.refresh_from_db()
        assert sent.state == UploadState.REFUSED
        assert whats(sent) == ["The register has changed since you looked at what the file would do."]
        assert Initiative.objects.get(pk=draft.pk).title == "Theirs"


class TestApplying:
    def test_makes_drafts_in_one_go_and_tells_their_references(self, editor):
        sent = confirmed(editor, policies=[FUND], commitments=[PROMISE], outcome_links=[LINK])
        fund, promise = Policy.objects.get(short_code="kerbs"), Commitment.objects.get(title="A thousand kerbs")
        assert (fund.status, promise.status, promise.parent, fund.created_by) == ("draft", "draft", fund, editor)
        assert sent.state == UploadState.APPLIED
        assert {(o["reference"], o["title"], o["added"]) for o in sent.outcome} == {
            (fund.reference, "Kerbs fund", True),
            (promise.reference, "A thousand kerbs", True),
        }
        assert sent.content is None

    def test_the_same_file_again_changes_nothing(self, editor):
        confirmed(editor, policies=[FUND], commitments=[PROMISE])
        again = upload(editor, policies=[FUND], commitments=[PROMISE])
        assert (again.state, again.differences) == (UploadState.READ, [])

    def test_happens_once_however_often_it_is_confirmed(self, editor):
        sent = confirmed(editor, policies=[FUND])
        for again in (uploads.confirm, lambda by, upload: apply_upload(upload)):
            with pytest.raises(RuleError):
                again(by=editor, upload=sent)
        assert Policy.objects.filter(title="Kerbs fund").count() == 1

    def test_is_for_its_author_to_confirm(self, editor, person):
        sent = upload(editor, policies=[FUND])
        with pytest.raises(NotAllowedError):
            uploads.confirm(by=person("editor", "dft"), upload=sent)

    def test_goes_by_the_rights_of_the_moment(self, editor):
        sent = upload(editor, policies=[FUND])
        uploads.confirm(by=editor, upload=sent)
        editor.memberships.all().delete()
        apply_upload(sent)
        sent.refresh_from_db()
        assert sent.state == UploadState.REFUSED
        assert not Policy.objects.filter(short_code="kerbs").exists()


class TestBackground:
    def test_a_large_file_waits_for_a_worker(self, editor):
        many = [FUND | {"short_code": f"kerbs{n}", "title": f"Kerbs {n}"} for n in range(501)]
        sent = upload(editor, policies=many)
        assert (sent.state, sent.total, sent.taken_at) == (UploadState.WAITING, 501, None)
        work_off()
        sent.refresh_from_db()
        assert (sent.state, sent.done) == (UploadState.READ, 501)
        uploads.confirm(by=editor, upload=sent)
        work_off()
        sent.refresh_from_db()
        assert sent.state == UploadState.APPLIED
        assert Policy.objects.filter(title__startswith="Kerbs").count() == 501

    def test_one_that_a_worker_has_in_hand_is_left_to_it(self, editor):
        sent = upload(editor, policies=[FUND])
        Upload.objects.filter(pk=sent.pk).update(state=UploadState.WAITING, taken_at=timezone.now())
        assert uploads.take_next() is None
        Upload.objects.filter(pk=sent.pk).update(taken_at=timezone.now() - uploads.SILENT_FOR * 2)
        assert uploads.take_next() == sent
        assert uploads.take_next() is None

    def test_what_breaks_is_marked_as_failed_with_its_file_kept_to_be_read_anew(self, editor, monkeypatch):
        sent = upload(editor, policies=[FUND])
        uploads.confirm(by=editor, upload=sent)
        monkeypatch.setattr("policies.workbook.uploads.read_file", lambda *_: 1 / 0)
        work_off()
        sent.refresh_from_db()
        assert sent.state == UploadState.FAILED
        assert sent.content


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_the_same_moment_apply_it_once(person):
    """Two windows of one person: both press, one wins, and the rows are there once."""
    editor = person("editor", "dft")
    sent, gate, refused = upload(editor, policies=[FUND]), threading.Barrier(2), []

    def press():
        gate.wait()
        try:
            uploads.confirm(by=editor, upload=sent)
            apply_upload(sent)
        except RuleError as error:
            refused.append(str(error))
        finally:
            connection.close()

    windows = [threading.Thread(target=press) for _ in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert len(refused) == 1
    assert Policy.objects.filter(title="Kerbs fund").count() == 1
    assert Upload.objects.get().state == UploadState.APPLIED
