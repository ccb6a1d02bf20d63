"""Rows made from a state of a record that is no longer its present one."""

from policies.workbook.differences import CHANGED
from policies.workbook.sheets import BY_NAME

SHOWN = 3


def check(plan):
    """A row that would change a record which others have saved since is a problem; both states are shown."""
    seen = set()
    for difference in plan.differences:
        entry = difference.entry
        if entry in seen or entry.is_new or entry.version in (None, entry.initiative.version):
            continue
        seen.add(entry)
        reference, now = entry.initiative.reference, entry.initiative.version
        plan.problem(
            BY_NAME[entry.at[0]],
            entry.at[1],
            "version",
            entry.version,
            f"{reference} has been saved since: it is at version {now}, and the row was made from {entry.version}."
            f"{_both(difference)}",
            "What others saved would be overwritten unseen.",
            f"Look at the record. To change it all the same, write {now} in this cell; otherwise take its rows out.",
            [str(now)],
        )


def _both(difference):
    """The first cells that differ, as they are on the register and in the file."""
    if difference.what != CHANGED:
        return ""
    shown = [
        f" {column.replace('_', ' ').capitalize()}: the register has “{before[:80]}”, the file “{after[:80]}”."
        for column, before, after in difference.cells[:SHOWN]
    ]
    return "".join(shown)
