"""The problems of an upload as a workbook of its own, to work through beside the one that has them."""

from policies.workbook.book import Book, Heading, Page
from policies.workbook.exporting import OFFICIAL


def problem_report(upload):
    """One table: where each problem is, what it is, why it matters, how to fix it, and what is accepted."""
    headings = (
        Heading("sheet", 18),
        Heading("cell", 8),
        Heading("row", 8),
        Heading("column", 18),
        Heading("what the cell has", 24),
        Heading("what is wrong", 50),
        Heading("why it matters", 40),
        Heading("how to fix it", 50),
        Heading("accepted", 40),
    )
    rows = [
        [
            problem["sheet"],
            problem["cell"],
            problem["row"],
            problem["column"],
            problem["value"],
            problem["what"],
            problem["why"],
            problem["fix"],
            "; ".join(problem["allowed"]),
        ]
        for problem in upload.problems
    ]
    lines = ("Rows are numbered as a spreadsheet shows them. An empty cell means that it does not apply.",)
    page = Page("problems", "Problems to fix", lines, headings, rows)
    return Book(f"Problems in {upload.file_name}", OFFICIAL, (), (page,))
