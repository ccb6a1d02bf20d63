"""Bringing a workbook into the register: everything is checked, then everything is written, or nothing is."""

from django.db import transaction

from policies.actions.bulk import save_batch
from policies.workbook.planning import make_plan
from policies.workbook.problems import WorkbookError


def import_workbook(*, by, tables, dry_run=False, rules=None, heard=None):
    """Add what is new and change what differs; rows that a file does not name stay as they are.

    `tables` come from a reader; `rules` and `heard` as in `make_plan`. Returns the plan with its counts by
    sheet. Raises WorkbookError with every problem, NotAllowedError, or StaleVersionError if somebody saved a
    record meanwhile; nothing is written then, nor on a dry run, nor when nothing differs.
    """
    with transaction.atomic():
        plan = make_plan(tables, rules, heard)
        if plan.problems:
            raise WorkbookError(plan.problems)
        if plan.batch and not dry_run:
            save_batch(by=by, batch=plan.batch)
    return plan
