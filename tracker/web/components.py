"""The parts that pages are made of: `govuk` (design system macros) and `ui` (our own), in every template.

Both are globals: no import is needed in a page, and macros are compiled once a process.

The design system: `{{ govuk.button(text="Save and continue") }}`; names are those of the package with
underscores (`govuk.summary_list`, `govuk.task_list`, `govuk.warning_text`, ...), parameters are the
package's, by keyword or as one dict. `text` is always escaped; `html` takes markup (a `{% set %}` block,
a macro's result, a SafeString), and a plain string given as `html` is escaped too.
`header`, `footer` and `template` are refused, because they print the crown or an inline script.

Our own, all in templates/components/, where each says what its parameters hold:

    ui.page_heading(title, caption="", size="l")        ui.stats(items, label="")
    ui.definition(rows)                                 ui.actions(items)
    ui.caveat(text), ui.empty(title, text="")           both also as {% call %} with more inside
    ui.filter_panel(form, action="", keep={}, active=0, heading=none, clear="")
    ui.result_count(count, one, many, total=none)       ui.downloads(files, api="")
    ui.data_table(caption, columns, rows, id="table", row_header=true, hide_caption=false, dense=true, stack=false)
    ui.pagination(previous="", next="", page=none, pages=none, href=none)
    ui.status_tag(status, text="", colour="grey")       ui.severity_tag(severity, text="")
    ui.money(value)                                     ui.timeline(events)
    ui.evidence_table(rows, caption="", id="evidence")  ui.flag_card(flag, level=3)
    ui.picture(picture, id, level=2)                    see tracker.web.pictures for what makes one
    ui.plain_table(caption, columns, rows, id)

A list stands in `<div class="app-layout">`, filters in `app-layout__side`, rows in `app-layout__main`. The
frame of a page (ui.account_links, ui.phase, ui.messages, ui.error_summary, ui.site_footer, ui.as_of_line) is
printed by base.html. Filters (date, datetime, period, money, number, percent, pluralise, ...) are those of
tracker.web.display. Forms print themselves: `{{ form }}`, `{{ form.title }}`; see tracker.web.forms.base.
"""

import functools
from typing import Any

from jinja2 import Environment, Undefined
from markupsafe import escape

REFUSED = frozenset({"header", "footer", "template", "cookie_banner", "exit_this_page"})

# Which file of templates/components/ holds which macros.
MACROS = {
    "layout": ("account_links", "phase", "messages", "error_summary", "site_footer"),
    "page": ("page_heading", "stats", "empty", "caveat", "as_of_line", "actions", "definition"),
    "lists": ("filter_panel", "data_table", "pagination", "result_count", "downloads"),
    "status": ("status_tag", "severity_tag", "money"),
    "records": ("timeline", "evidence_table", "flag_card"),
    "pictures": ("picture", "plain_table"),
}


def escaped(value: Any, key: str = "") -> Any:
    """The same parameters with every plain string under a key for markup escaped.

    The package's macros print `html` as it is, so text that somebody typed must never reach one unescaped.
    """
    if isinstance(value, dict):
        return {name: escaped(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [escaped(inner, key) for inner in value]
    if isinstance(value, str) and key.lower().endswith("html"):
        return escape(value)
    return value


class Design:
    """Attribute access to the design system's macros: `govuk.button` is its `govukButton`."""

    def __init__(self, environment: Environment) -> None:
        # The package's macros ask for names that may be absent, so they get an environment that allows it.
        self._environment = environment.overlay(undefined=Undefined)

    def macro(self, name: str) -> Any:
        """The package's own macro, which takes one dict and trusts its `html`."""
        path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
        macro_name = "govuk" + "".join(part.capitalize() for part in name.split("_"))
        return getattr(self._environment.get_template(path).module, macro_name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in REFUSED:
            raise AttributeError(f"govuk.{name} is not to be used here: see tracker.web.components.REFUSED.")
        macro = self.macro(name)

        @functools.wraps(macro)
        def component(params: dict[str, Any] | None = None, /, caller: Any = None, **named: Any) -> Any:
            extra = {"caller": caller} if caller else {}
            return macro(escaped({**(params or {}), **named}), **extra)

        return component


class Interface:
    """Attribute access to the macros of templates/components/."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._files = {name: file for file, names in MACROS.items() for name in names}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._files:
            raise AttributeError(f"There is no component ui.{name}: see tracker.web.components.MACROS.")
        module = self._environment.get_template(f"components/{self._files[name]}.html").module
        return getattr(module, name)


def environment() -> Environment:
    """The environment of the pages, for code that renders a component outside a template."""
    from django.template import engines  # the engines need settings, which are not there at import

    return engines["jinja2"].env


def govuk(name: str, /, **params: Any) -> str:
    """One design system component as markup, for Python code: govuk("button", text="Save")."""
    return getattr(environment().globals["govuk"], name)(params)
