"""What is wrong with a file, said so that its author can put it right without asking."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what it is, why it matters, how to fix it, and what would be accepted.

    `row` is the number that a spreadsheet shows, so the first row under the header is 2; None means the
    whole sheet. `allowed` is complete where that is short, and otherwise the nearest known values.
    """

    sheet: str
    row: int | None
    column: str
    value: str
    what: str
    why: str
    fix: str
    allowed: tuple = ()

    @property
    def place(self):
        """Where to look, in words."""
        row = f", row {self.row}" if self.row else ""
        return f"{self.sheet}{row}{f', column {self.column}' if self.column else ''}"

    def __str__(self):
        allowed = f" Accepted: {', '.join(self.allowed)}." if self.allowed else ""
        return f"{self.place}: {self.what} {self.why} {self.fix}{allowed}"


class CellError(Exception):
    """A cell's text cannot be what its column holds."""

    def __init__(self, what, why, fix, allowed=()):
        super().__init__(what)
        self.what, self.why, self.fix, self.allowed = what, why, fix, tuple(allowed)

    def at(self, sheet, row, column, value):
        """The same, with the place at which it was found."""
        return Problem(sheet, row, column, value, self.what, self.why, self.fix, self.allowed)


class WorkbookError(Exception):
    """The file was not imported. `problems` lists everything that was found, in reading order."""

    def __init__(self, problems):
        super().__init__(f"{len(problems)} problems" if len(problems) != 1 else "1 problem")
        self.problems = list(problems)
