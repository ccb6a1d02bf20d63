"""Reading results: findings by code, cells by the words of their row and column."""

from tracker.reports.catalogue import REPORTS

REPORT = REPORTS["briefings-tests"]


def run(*collections, user=None, **more):
    """The report on some collections; `all` for the whole register."""
    return REPORT.run({"collection": list(collections), **more}, user=user)


def finding(result, code):
    return next(one for one in (result.coverage, *result.findings) if one.code == code)


def table(one, number=0):
    """A table as {first cell's words: {column: value}}."""
    chosen = one.tables[number]
    heads = [head for head, _kind in chosen.columns]
    return {row[0].value: {head: cell.value for head, cell in zip(heads, row, strict=True)} for row in chosen.rows}


def column(one, head, number=0):
    """A column of a table, from the top."""
    return [row[head] for row in table(one, number).values()]


def cells(result):
    """Every cell with the finding and table that it stands in."""
    for one in (result.coverage, *result.findings):
        for part in one.tables:
            for row in part.rows:
                for cell in row:
                    yield one, part, cell
