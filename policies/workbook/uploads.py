"""An upload from file to register: read it, show what it would do, and do it once its author has confirmed."""

from dataclasses import asdict

import pghistory
import structlog
from django.db import transaction

from policies.actions import uploads
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import UploadState
from policies.workbook.differences import ADDED
from policies.workbook.files import read_file
from policies.workbook.importing import import_workbook
from policies.workbook.personal import Rules
from policies.workbook.problems import Problem, WorkbookError
from policies.workbook.revising import start_revisions
from policies.workbook.sheets import INITIATIVES

log = structlog.get_logger(__name__)

# A file with more than this is left to a worker, so that nobody waits for a page.
AT_ONCE_ROWS = 500
AT_ONCE_BYTES = 400_000


def begin(*, by, file_name, content):
    """Keep a file, and read it at once if it is small. Returns the upload, read, refused or waiting."""
    upload = uploads.receive(by=by, file_name=file_name, content=content)
    if len(content) <= AT_ONCE_BYTES:
        read_upload(upload, most_rows=AT_ONCE_ROWS)
    upload.refresh_from_db()
    return upload


def read_upload(upload, *, most_rows=None):
    """Work out what an upload would do, or what is wrong with it. With more than `most_rows` it goes on waiting."""
    by, tables = upload.by, {}
    try:
        uploads.note_progress(upload)
        tables = read_file(upload.file_name, bytes(upload.content))
        total = sum(len(table.rows) for table in tables.values())
        uploads.note_progress(upload, total=total)
        if most_rows is not None and total > most_rows:
            uploads.release(upload)
            return
        if not total:
            raise WorkbookError([_empty(upload)])
        plan = import_workbook(
            by=by,
            tables=tables,
            dry_run=True,
            rules=Rules(by),
            heard=lambda done: uploads.note_progress(upload, done=min(done, total)),
        )
    except WorkbookError as error:
        uploads.note_refused(by=by, upload=upload, problems=_told(error.problems, tables))
        return
    uploads.note_read(
        by=by,
        upload=upload,
        counts={sheet: asdict(count) for sheet, count in plan.counts.items()},
        differences=_kept(plan),
    )


def _told(problems, tables):
    """Problems as they are kept, each with its cell as a spreadsheet calls it."""
    return [
        asdict(problem)
        | {"cell": tables[problem.sheet].address(problem.row, problem.column) if problem.sheet in tables else ""}
        for problem in problems
    ]


def _kept(plan):
    return [difference.as_json() for difference in plan.differences]


def _moved_on(upload):
    what = "The register has changed since you looked at what the file would do."
    why = "Only what you have seen and confirmed is done."
    return Problem(upload.file_name, None, "", "", what, why, "Upload the file again, and look at it afresh.")


def _empty(upload):
    what, why = "The workbook has no rows.", "There is nothing to add or change."
    return Problem(upload.file_name, None, "", "", what, why, "Fill in rows below the column names.")


def apply_upload(upload):
    """Write a confirmed upload, all of it or nothing. What has become wrong meanwhile refuses it."""
    by, tables = upload.by, {}
    try:
        with transaction.atomic(), pghistory.context(upload=upload.pk) as context:
            upload = uploads.lock(upload, UploadState.CONFIRMED)
            tables = read_file(upload.file_name, bytes(upload.content))
            plan, tables = _write(upload, tables)
            outcome = [
                {
                    "reference": record.reference,
                    "title": record.title,
                    "added": added,
                    "revision": record.revises_id is not None,
                }
                for record, added in _records(plan)
            ]
            uploads.note_applied(by=by, upload=upload, context=context.id, outcome=outcome)
    except WorkbookError as error:
        uploads.note_refused(by=by, upload=upload, problems=_told(error.problems, tables))
    except (StaleVersionError, NotAllowedError) as error:
        uploads.note_refused(by=by, upload=upload, problems=_told([_overtaken(upload, error)], tables))


def write_records(upload):
    """Write what a read upload would, for a look at what that would lead to; the caller undoes it.

    Raises WorkbookError when it could not be written any more.
    """
    plan, _tables = _write(upload, read_file(upload.file_name, bytes(upload.content)))
    return [record for record, _added in _records(plan)]


def _write(upload, tables):
    """Write the rows of an upload, published records on revisions; returns the plan and the tables as written."""
    plan = import_workbook(by=upload.by, tables=tables, rules=Rules(upload.by), dry_run=True)
    if _kept(plan) != upload.differences:
        raise WorkbookError([_moved_on(upload)])
    tables, copies = start_revisions(by=upload.by, plan=plan)
    return import_workbook(by=upload.by, tables=tables, rules=Rules(upload.by, copies)), tables


def _records(plan):
    """The records that were written, each once, with whether it is new."""
    records = {id(change.initiative): change.initiative for change in plan.batch.initiatives}
    own = {sheet.name for sheet in INITIATIVES}
    added = {id(d.entry.initiative) for d in plan.differences if d.what == ADDED and d.sheet in own}
    return sorted(((row, key in added) for key, row in records.items()), key=lambda pair: pair[0].reference)


def _overtaken(upload, error):
    record = getattr(error, "current", None)
    what = f"{record.reference} was saved by somebody else meanwhile." if record else "Your rights changed meanwhile."
    return Problem(
        upload.file_name, None, "", "", what, "What they saved would be lost.", "Upload the file again to compare."
    )


def work_off():
    """Take up what waits for a worker, one after the other. What breaks is marked as failed, and logged."""
    while (upload := uploads.take_next()) is not None:
        try:
            if upload.state == UploadState.WAITING:
                read_upload(upload)
            else:
                apply_upload(upload)
        except RuleError:
            log.info("upload_taken_by_another", upload=upload.pk)
        except Exception:
            log.exception("upload_failed", upload=upload.pk)
            uploads.note_failed(by=upload.by, upload=upload)
