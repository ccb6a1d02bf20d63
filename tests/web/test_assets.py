"""The prepared styles and scripts: no font, no crown, no other file asked for, and our own colour."""

import re
from pathlib import Path

import pytest

from config import assets

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tracker/web/assets"
COLOUR = re.compile(r"#12565a", re.IGNORECASE)


@pytest.fixture(scope="module")
def css():
    file = assets.TARGET / "govuk-frontend.min.css"
    if not file.is_file():
        pytest.skip("The styles are not prepared: run `python -m config.assets`.")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("forbidden", ["url(", "GDS Transport", "@font-face", "crest.svg", "#1d70b8", "sourceMapping"])
def test_prepared_styles_hold_none_of(css, forbidden):
    assert forbidden not in css


def test_prepared_styles_are_whole(css):
    assert len(css) > 100_000
    assert css.count("{") == css.count("}")
    assert "var(--app-font,system-ui,arial,sans-serif)" in css
    assert COLOUR.search(css)


def test_only_the_three_files_are_prepared(css):
    assert {file.name for file in assets.TARGET.iterdir()} == {
        "govuk-frontend.min.css",
        "govuk-frontend.min.js",
        "LICENCE.txt",
    }
    assert "crown" not in (assets.TARGET / "govuk-frontend.min.js").read_text().lower()
    assert "MIT License" in (assets.TARGET / "LICENCE.txt").read_text()


def test_a_sheet_written_differently_is_refused():
    with pytest.raises(assets.AssetsError, match="GDS Transport"):
        assets.prepared_css('p{font-family:"GDS Transport", serif}')


def test_fonts_and_pictures_are_taken_out():
    sheet = "a{font-family:GDS Transport,arial,sans-serif}@font-face{src:url(x)}b{background:url(c.svg)}"
    assert assets.prepared_css(sheet) == "a{font-family:var(--app-font,system-ui,arial,sans-serif)}b{background:none}"


def test_nothing_is_done_when_up_to_date(css, monkeypatch):
    monkeypatch.setattr(assets, "npm_command", lambda: pytest.fail("npm was asked for"))
    assert assets.ensure() is False


def test_a_failed_install_is_told_in_a_sentence(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(assets, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets, "SOURCE", tmp_path / "nowhere")
    monkeypatch.setattr(assets, "npm_command", lambda: ["false"])
    assert assets.main() == 1
    assert "npm could not install" in capsys.readouterr().err


def test_theme_colour_is_the_same_everywhere():
    for file in ("tracker/web/assets/app.css", "templates/base.html", "tracker/web/assets/icon.svg"):
        assert assets.THEME_COLOUR in (ROOT / file).read_text(), file


def test_our_own_files_ask_for_nothing_from_elsewhere():
    for file in OWN.iterdir():
        text = file.read_text()
        assert "url(" not in text, file
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), file


def test_locked_files_name_no_registry():
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_macros_and_styles_are_the_pair_that_belongs_together():
    assert '"govuk-frontend": "6.3.0"' in (ROOT / "package.json").read_text()
    assert "govuk-frontend-jinja==4.1.0" in (ROOT / "requirements.in").read_text()
