"""Pictures: every number stands there as text and in a table, nothing breaks the content security policy."""

import re

import pytest
from django.template import engines

from tracker.web import pictures


@pytest.fixture
def draw():
    return lambda picture: str(engines["jinja2"].env.globals["ui"].picture(picture, "p"))


EACH = [
    pictures.share_bar("Capitals", "Most aim at one capital.", [("Financial", 210), ("Human", 120), ("None", 0)]),
    pictures.bar_chart("Flags", "MHCLG has most.", [("MHCLG", 1310), ("A <b>long</b> name of a body", 45)]),
    pictures.dot_grid("Roles", "3 of 37 have a role.", 3, 37),
    pictures.matrix("Grid", "Darker is more.", ["Air", "Work"], [("DfT", [7, None]), ("DHSC", [0, 20])]),
]


@pytest.mark.parametrize("picture", EACH, ids=lambda picture: picture.template)
def test_numbers_are_text_and_nothing_is_inline(draw, picture):
    html = draw(picture)
    assert picture.title in html
    assert picture.sentence in html
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)
    assert "<table" in html
    text = re.sub(r"<[^>]+>", " ", html)
    for row in picture.rows:
        for cell in row[1:]:
            assert cell in text


@pytest.mark.parametrize("picture", EACH[:3], ids=lambda picture: picture.template)
def test_svg_is_named_and_described(draw, picture):
    html = draw(picture)
    assert 'role="img" ' in html
    assert '<title id="p-title">' in html
    assert '<desc id="p-desc">' in html


def test_labels_are_escaped(draw):
    assert "<b>" not in draw(EACH[1])


def test_shares_add_up_and_stand_beside_each_other():
    marks = pictures.share_bar("T", "S", [("a", 1), ("b", 1), ("c", 1)]).marks
    assert sum(mark["width"] for mark in marks) == pytest.approx(100, abs=0.1)
    assert marks[1]["left"] == pytest.approx(marks[0]["width"], abs=0.01)


def test_nothing_at_all_is_no_division_by_zero(draw):
    draw(pictures.share_bar("T", "S", [("a", 0)]))
    draw(pictures.bar_chart("T", "S", [("a", 0)]))
    draw(pictures.bar_chart("T", "S", []))
    draw(pictures.dot_grid("T", "S", 0, 0))
    draw(pictures.matrix("T", "S", ["x"], [("a", [None])]))


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="at most 6"):
        pictures.share_bar("T", "S", [(str(n), 1) for n in range(7)])
    with pytest.raises(ValueError, match="negative"):
        pictures.bar_chart("T", "S", [("a", -1)])
    with pytest.raises(ValueError, match="5 of 4"):
        pictures.dot_grid("T", "S", 5, 4)
    with pytest.raises(ValueError, match="one value"):
        pictures.matrix("T", "S", ["x"], [("a", [1, 2])])


def test_a_few_of_many_are_not_none_and_nearly_all_are_not_all():
    few, nearly = pictures.dot_grid("T", "S", 1, 5000), pictures.dot_grid("T", "S", 4999, 5000)
    assert sum(mark["full"] for mark in few.marks) == 1
    assert sum(mark["full"] for mark in nearly.marks) == 99
    assert few.extra["each"] == 50


def test_matrix_prints_none_as_not_recorded_and_links_its_cells(draw):
    html = draw(pictures.matrix("T", "S", ["Air"], [("DfT", [7]), ("DHSC", [None])], hrefs={(0, 0): "/rows"}))
    assert "not recorded" in html
    assert 'href="/rows"' in html
    assert re.search(r"DfT,\s*Air", html)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (None, 0), (1, 1), (25, 1), (26, 2), (75, 3), (100, 4)])
def test_depth_of_a_cell(value, expected):
    assert pictures.level(value, 100) == expected


def test_a_label_leaves_room_for_its_number():
    for cut in (pictures.lines("Department for Transport", "120"), pictures.lines("x" * 28, "1,204")):
        assert len(cut[-1]) + len("120") + 2 <= pictures.LABEL_WIDTH
