"""The design system's macros against its own fixtures, and our macros: escaping, words, loud names."""

import datetime as dt
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.loader import render_to_string
from jinja2 import UndefinedError
from markupsafe import Markup

from tracker.web import components, display
from tracker.web.components import MACROS, REFUSED, govuk
from tracker.web.jinja import page_items

FIXTURES = Path(__file__).parents[2] / "node_modules/govuk-frontend/dist/govuk/components"
NO_FIXTURES = "govuk-frontend is not installed, so its fixtures cannot be run: run `python -m config.assets`."
EXPECTED = 657  # in govuk-frontend 6.3.0, the release that the macros are made for


@pytest.fixture(scope="module")
def env():
    return engines["jinja2"].env


class Normal(HTMLParser):
    """Tags with sorted attributes and text with single spaces: equal lists mean equal pages."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Any] = []

    def handle_starttag(self, tag, attrs):
        normal = sorted((k, " ".join((v or "").split())) for k, v in attrs)
        self.parts.append((tag, normal))

    def handle_endtag(self, tag):
        self.parts.append(f"/{tag}")

    def handle_data(self, data):
        if text := " ".join(data.split()):
            self.parts.append(text)


def normal(html: str) -> list[Any]:
    parser = Normal()
    parser.feed(html)
    parser.close()
    return parser.parts


def fixtures() -> list[Any]:
    return [
        pytest.param(file.parent.name, fixture, id=f"{file.parent.name}: {fixture['name']}")
        for file in sorted(FIXTURES.glob("*/fixtures.json"))
        for fixture in json.loads(file.read_text())["fixtures"]
    ]


def marked_up(value: Any, key: str = "") -> Any:
    """What the fixtures give as HTML is meant as HTML."""
    if isinstance(value, dict):
        return {name: marked_up(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [marked_up(inner, key) for inner in value]
    return Markup(value) if isinstance(value, str) and key.lower().endswith("html") else value


def test_all_fixtures_are_there():
    if not FIXTURES.is_dir():
        pytest.skip(NO_FIXTURES)
    assert len(fixtures()) == EXPECTED


def test_macros_give_what_the_design_system_says(env):
    """One test for all 657, as each takes a fraction of a millisecond; every one that differs is named."""
    if not FIXTURES.is_dir():
        pytest.skip(NO_FIXTURES)
    different = []
    for case in fixtures():
        component, fixture = case.values
        made = env.globals["govuk"].macro(component.replace("-", "_"))(marked_up(fixture["options"]))
        if normal(str(made)) != normal(fixture["html"]):
            different.append(case.id)
    assert different == []


def test_text_given_as_markup_is_escaped():
    made = govuk("inset_text", html="<b>typed</b>")
    assert "&lt;b&gt;typed" in made
    assert "<b>" in govuk("inset_text", html=Markup("<b>ours</b>"))


def test_items_deep_inside_are_escaped_too():
    made = govuk("radios", name="x", items=[{"value": "1", "html": "<i>typed</i>", "hint": {"html": "<u>h</u>"}}])
    assert "<i>" not in made
    assert "<u>" not in made


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_macros_with_crown_or_inline_script_are_refused(env, name):
    with pytest.raises(AttributeError):
        getattr(env.globals["govuk"], name)


def test_every_macro_that_is_named_exists(env):
    for names in MACROS.values():
        for name in names:
            assert callable(getattr(env.globals["ui"], name)), name


def test_the_signatures_that_the_documentation_gives_are_those_of_the_macros(env):
    text = components.__doc__
    for name in (name for names in MACROS.values() for name in names):
        assert f"ui.{name}" in text, name
        given = re.search(rf"ui\.{name}\(([^)]*)\)", text)
        if given:
            arguments = [argument.split("=")[0].strip() for argument in given[1].split(",")]
            assert arguments == list(getattr(env.globals["ui"], name).arguments), name


def test_an_unknown_component_is_an_error(env):
    with pytest.raises(AttributeError, match="no component"):
        _ = env.globals["ui"].nothing


@pytest.mark.parametrize(
    "source",
    ["{{ absent }}", "{% if absent %}x{% endif %}", "{% for a in absent %}x{% endfor %}", "{{ thing.absent }}"],
)
def test_a_name_that_nobody_passed_is_loud(env, source):
    with pytest.raises(UndefinedError):
        env.from_string(source).render(thing=object())


def test_an_optional_key_is_quiet(env):
    assert env.from_string("{{ item.note }}").render(item={}) == ""


def test_text_is_escaped_in_pages(env):
    assert env.from_string("{{ x }}").render(x="<script>") == "&lt;script&gt;"


def test_status_says_its_word(env):
    ui = env.globals["ui"]
    assert "In review" in ui.status_tag("IN_REVIEW")
    assert "Something else" in ui.status_tag("something", text="Something else")
    assert "High" in ui.severity_tag("high")


def test_an_absent_value_is_never_shown_as_nothing(env):
    ui = env.globals["ui"]
    assert "not recorded" in ui.definition([("NHS role", None)])
    assert "not recorded" in ui.data_table("T", [{"text": "A"}, {"text": "B"}], [["x", ""]])
    assert "not recorded" in ui.money(None)


def test_table_can_be_reached_and_named(env):
    made = env.globals["ui"].data_table("Flags", [{"text": "Flag", "sorted": "descending", "sort": "?s"}], [["a"]])
    assert 'tabindex="0"' in made
    assert 'aria-labelledby="table-caption"' in made
    assert 'aria-sort="descending"' in made


def test_page_numbers_leave_dots_where_some_are_left_out():
    shown = [item.get("number", "...") for item in page_items(7, 24, lambda n: f"?page={n}")]
    assert shown == [1, "...", 6, 7, 8, "...", 24]
    assert [item["number"] for item in page_items(1, 3, str)] == [1, 2, 3]


def test_no_inline_script_or_style_in_the_page_frame():
    page = render_to_string("errors/500.html", {"request_id": "abc"})
    assert "style=" not in page
    assert "<style" not in page
    assert all("src=" in piece[:120] for piece in page.split("<script")[1:])
    assert page.count("<h1") == 1
    assert "<title>" in page


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (display.date(dt.date(2026, 11, 23)), "23 November 2026"),
        (display.date(dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)), "2 July 2026"),
        (display.datetime(dt.datetime(2026, 7, 1, 16, 30, tzinfo=dt.UTC)), "1 July 2026, 5:30pm"),
        (display.time(dt.datetime(2026, 1, 1, 12, 0, tzinfo=dt.UTC)), "midday"),
        (display.time(dt.datetime(2026, 1, 1, 0, 0, tzinfo=dt.UTC)), "midnight"),
        (display.time(dt.datetime(2026, 1, 1, 0, 5, tzinfo=dt.UTC)), "12:05am"),
        (display.time(dt.datetime(2026, 1, 1, 9, 0, tzinfo=dt.UTC)), "9am"),
        (display.money(Decimal("4800000000")), "£4.8bn"),
        (display.money(Decimal("220000000.00")), "£220m"),
        (display.money(Decimal("450000")), "£450,000"),
        (display.money(Decimal("-2500000")), "-£2.5m"),
        (display.money(Decimal("999960000")), "£1bn"),
        (display.money(0), "£0"),
        (display.money_exact(Decimal("4800000000.50")), "£4,800,000,000.50"),
        (display.number(1204), "1,204"),
        (display.number(Decimal("1000.50")), "1,000.5"),
        (display.number(100), "100"),
        (display.percent(0.453), "45%"),
        (display.period(dt.date(2021, 3, 1), "MONTH"), "March 2021"),
        (display.period(dt.date(2021, 1, 1), "year"), "2021"),
        (display.period(dt.date(2021, 2, 1), "financial_year"), "2020 to 2021"),
        (display.period(dt.date(2021, 5, 1), "quarter"), "April to June 2021"),
        (display.pluralise(1, "flag", "flags"), "1 flag"),
        (display.pluralise(1204, "flag", "flags"), "1,204 flags"),
        (display.date(None), "not recorded"),
        (display.money(None), "not recorded"),
        (display.number(None), "not recorded"),
    ],
)
def test_how_values_are_shown(made, shown):
    assert made == shown


def test_paragraphs_takes_nothing_as_markup():
    made = display.paragraphs("One <b>\n\nTwo\nlines")
    assert made.count("<p ") == 2
    assert "&lt;b&gt;" in made
    assert "Two<br>lines" in made
