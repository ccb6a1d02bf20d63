"""A report as a page: its pictures drawn, its cells in words, and each number with the address of its rows."""

import dataclasses

from tracker.reports import base
from tracker.web import display, links, pictures

PLACES = 1  # after the point of a percentage: the findings are given to that
NUMERIC = (base.COUNT, base.MONEY, base.PERCENT)


def drawn(picture):
    """The picture of a finding, or None. Its numbers stand in the finding's own tables, with their rows."""
    if picture is None:
        return None
    draw = {
        base.SHARES: pictures.share_bar,
        base.BARS: pictures.bar_chart,
        base.DOTS: pictures.dot_grid,
        base.MATRIX: pictures.matrix,
    }[picture.kind]
    made = draw(str(picture.title), str(picture.sentence), **picture.data)
    return dataclasses.replace(made, rows=())


def finding(found):
    """A finding with what its template needs."""
    return {
        "code": found.code,
        "title": found.title,
        "sentence": found.sentence,
        "picture": drawn(found.picture),
        "tables": [table(one) for one in found.tables if one.rows],
        "note": found.note,
        "source": found.source,
    }


def table(found):
    """A table of a finding: columns as `ui.data_table` takes them, cells as words with an address."""
    return {
        "caption": found.caption,
        "columns": [{"text": heading, "numeric": kind in NUMERIC} for heading, kind in found.columns],
        "rows": [[cell(one) for one in row] for row in found.rows],
    }


def cell(one):
    """One value in words and its address. `among` is how many rows that shows, where something else is counted."""
    href = ""
    if one.record is not None:
        href = links.address(one.record.kind, one.record.reference)
    elif one.rows is not None and one.rows.count:
        href = links.rows(one.rows.list, **one.rows.filters)
    return {"text": words(one), "title": _exactly(one), "href": href, "among": one.rows.count if href and one.of else 0}


def words(one):
    """A cell's value as people read it; None when it is not known."""
    if one.value is None:
        return None
    if one.kind == base.MONEY:
        return display.money(one.value)
    if one.kind == base.PERCENT:
        return display.percent(one.value, PLACES)
    return display.number(one.value) if one.kind == base.COUNT else str(one.value)


def _exactly(one):
    return display.money_exact(one.value) if one.kind == base.MONEY and one.value is not None else ""
