"""Pictures of numbers: geometry worked out here, drawn by templates/components/pictures/.

Every picture has a title, a sentence that says what it shows, and the same numbers as table rows; `ui.picture`
prints all three. Widths are percentages and text keeps its size, so that a picture fits from 320 pixels to
print; shares are told apart by lightness, order and printed numbers, never by hue alone.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from tracker.web import display

Number = int | float | Decimal

LINE = 20  # pixels from one line of text to the next
LABEL_WIDTH = 28  # letters of a label that fit on the narrowest screen
KEY_WIDTH = 3  # letters that the square of the key takes away
FILLS = 6
IN_BAR = 9  # per cent of the width that a number inside a bar needs
DOTS_IN_ROW = 10
DOT = 24  # pixels from one dot to the next
MOST_DOTS = 100


@dataclass(frozen=True)
class Picture:
    """A picture ready to print. `template` is a file of templates/components/pictures/."""

    template: str
    title: str
    sentence: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    height: int = 0
    marks: Sequence[dict[str, Any]] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def lines(label: str, value: str, width: int = LABEL_WIDTH) -> list[str]:
    """A label cut into lines that fit a narrow screen, with room for its number at the end of the last."""
    cut = textwrap.wrap(str(label), width) or [""]
    return cut if len(cut[-1]) + len(value) + 2 <= width else [*cut, ""]


def percentage(part: Number, whole: Number) -> float:
    """The part as a percentage of the whole, 0 when the whole is 0, to two places."""
    return round(float(part) / float(whole) * 100, 2) if whole else 0.0


def share_bar(title: str, sentence: str, parts: Sequence[tuple[str, Number]], what: str = "") -> Picture:
    """One bar cut into shares, in the order given, with a key below. At most six parts, none negative.

    Raises ValueError for more or negative parts: put the small ones together first.
    """
    if len(parts) > FILLS or any(value < 0 for _label, value in parts):
        raise ValueError(f"A share bar takes at most {FILLS} parts, none of them negative.")
    total = sum(value for _label, value in parts)
    marks, left, top = [], 0.0, 64
    for number, (label, value) in enumerate(parts, start=1):
        width = percentage(value, total)
        shown = f"{display.number(value)} ({width:.0f}%)"
        text = lines(label, shown, LABEL_WIDTH - KEY_WIDTH)
        marks.append(
            {
                "fill": number,
                "left": round(left, 2),
                "width": width,
                "middle": round(left + width / 2, 2),
                "inside": display.number(value) if width >= IN_BAR else "",
                "top": top,
                "lines": text,
                "value": shown,
            }
        )
        left += width
        top += LINE * len(text) + 8
    return Picture(
        "share_bar",
        title,
        sentence,
        [what or gettext("Part"), gettext("Number"), gettext("Share")],
        [[label, display.number(value), f"{percentage(value, total):.0f}%"] for label, value in parts],
        height=top,
        marks=marks,
    )


def bar_chart(
    title: str,
    sentence: str,
    bars: Sequence[tuple[str, Number]],
    what: str = "",
    unit: str = "",
    highest: Number | None = None,
) -> Picture:
    """Horizontal bars from zero, one below the other in the order given, the number beside each label.

    `highest` is the value that fills the width, the largest one when it is not given. No negative values.
    """
    if any(value < 0 for _label, value in bars):
        raise ValueError("A bar chart takes no negative values.")
    scale = highest or max((value for _label, value in bars), default=0)
    marks, top = [], 0
    for label, value in bars:
        text = lines(label, display.number(value))
        marks.append(
            {
                "top": top,
                "lines": text,
                "bar_top": top + LINE * len(text) + 2,
                "width": percentage(value, scale),
                "value": display.number(value),
            }
        )
        top += LINE * len(text) + 2 + 16 + 14
    return Picture(
        "bar_chart",
        title,
        sentence,
        [what or gettext("Bar"), unit or gettext("Number")],
        [[label, display.number(value)] for label, value in bars],
        height=top,
        marks=marks,
    )


def dot_grid(title: str, sentence: str, done: int, total: int, filled: str = "", empty: str = "") -> Picture:
    """`done` of `total` as filled and open dots, ten in a row; above a hundred, a dot stands for several."""
    if not 0 <= done <= total:
        raise ValueError(f"There cannot be {done} of {total}.")
    dots = min(total, MOST_DOTS)
    full = done if total <= MOST_DOTS else round(done / total * MOST_DOTS)
    if 0 < done < total:
        full = min(max(full, 1), dots - 1)  # a few are not none, and nearly all are not all
    marks = [
        {"x": number % DOTS_IN_ROW * DOT + DOT // 2, "y": number // DOTS_IN_ROW * DOT + DOT // 2, "full": number < full}
        for number in range(dots)
    ]
    words = filled or gettext("Yes"), empty or gettext("No")
    return Picture(
        "dot_grid",
        title,
        sentence,
        [gettext("Answer"), gettext("Number")],
        [[words[0], display.number(done)], [words[1], display.number(total - done)]],
        height=-(-dots // DOTS_IN_ROW) * DOT,
        marks=marks,
        extra={
            "done": display.number(done),
            "total": display.number(total),
            "filled": words[0],
            "empty": words[1],
            "each": total / MOST_DOTS if total > MOST_DOTS else 1,
        },
    )


def level(value: Number | None, highest: Number) -> int:
    """Which of five depths of colour a cell has: 0 for nothing, 1 to 4 by quarter of the highest."""
    if not value or not highest:
        return 0
    return min(4, int(float(value) / float(highest) * 4 - 1e-9) + 1)


def matrix(
    title: str,
    sentence: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[Number | None]]],
    what: str = "",
    hrefs: dict[tuple[int, int], str] | None = None,
) -> Picture:
    """A table whose cells are darker the larger their number; it is its own table of numbers.

    None is shown as "not recorded". `hrefs` maps (row, column) to where the cell's rows are.
    Raises ValueError when a row has another number of cells than there are columns.
    """
    if any(len(values) != len(columns) for _label, values in rows):
        raise ValueError("Each row of a matrix needs one value for each column.")
    highest = max((v for _label, values in rows for v in values if v is not None), default=0)
    links = hrefs or {}
    marks = [
        {
            "label": label,
            "cells": [
                {
                    "value": display.number(value),
                    "level": level(value, highest),
                    "absent": value is None,
                    "href": links.get((i, j), ""),
                }
                for j, value in enumerate(values)
            ],
        }
        for i, (label, values) in enumerate(rows)
    ]
    return Picture("matrix", title, sentence, [what or gettext("Row"), *columns], [], marks=marks)
