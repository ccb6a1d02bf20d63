"""A form field as a design system component: `{{ form.title }}` prints label, hint, error and input.

Which component follows from the field's widget; what Django has no place for (width, prefix, hints of
single choices, revealed fields) stands in the form's `design`, as one Look for each field.
"""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markupsafe import Markup, escape

from tracker.web.components import govuk
from tracker.web.forms.fields import PARTS, DatePartsWidget

# A CheckboxSelectMultiple is a RadioSelect to Django, so the question is always this one.
SEVERAL = (forms.CheckboxSelectMultiple, forms.SelectMultiple)


@dataclass(frozen=True)
class Look:
    """How one field looks. Sizes are the design system's: width 2, 3, 4, 5, 10, 20, or "one-half"."""

    name: str = ""  # what error messages call it, when the label is a question
    width: int | str = ""
    rows: int = 5
    prefix: str = ""
    suffix: str = ""
    heading: bool = False  # the label is the page's h1: for pages with one question
    label_size: str = ""  # s, m, l
    inline: bool = False
    small: bool = False
    count: bool = True  # a textarea with max_length shows how much is left
    autocomplete: str = ""
    hints: dict[Any, str] = field(default_factory=dict)  # choice value: its hint
    reveals: dict[Any, tuple[str, ...]] = field(default_factory=dict)  # choice value: names of fields
    required_when_shown: tuple[str, ...] = ()  # of the revealed fields, those that must be answered
    alone: tuple[str, ...] = ()  # of checkboxes, the choices that go with no other, such as "No"


class DesignBoundField(BoundField):
    """Prints itself as a whole form group."""

    @property
    def look(self) -> Look:
        """The field's entry in the form's `design`, or the plain one."""
        return getattr(self.form, "design", {}).get(self.name, Look())

    def render(self, template_name: Any = None, context: Any = None, renderer: Any = None) -> SafeString:
        """Label, hint, error and input, as the design system marks them up."""
        if self.is_hidden:
            return self.as_hidden()
        for widget, component in COMPONENTS:
            if isinstance(self.field.widget, widget) and not isinstance(self.field.widget, REFUSED):
                return mark_safe(component(self))  # noqa: S308  escaped by the macros
        raise TypeError(
            f"The field {self.name!r} has the widget {type(self.field.widget).__name__}, for which there is no "
            "design system component: see COMPONENTS in tracker.web.forms.bound."
        )

    as_field_group = __str__ = __html__ = render

    @property
    def attributes(self) -> dict[str, Any]:
        """HTML attributes of the widget that its component has no parameter for."""
        taken = {"rows", "cols", "maxlength", "type", "id", "name", "required", "class"}
        return {key: value for key, value in self.field.widget.attrs.items() if key not in taken}


def heading(bound: DesignBoundField) -> dict[str, Any]:
    """Label or legend: an h1 when the page asks one question, else in the size that the form asks for."""
    kind = "fieldset__legend" if grouped(bound) else "label"
    size = bound.look.label_size or ("l" if bound.look.heading else "s")
    return {
        "text": f"{bound.label}{gettext(' (optional)') if may_be_skipped(bound) else ''}",
        "isPageHeading": bound.look.heading,
        "classes": f"govuk-{kind}--{size}",
    }


def may_be_skipped(bound: DesignBoundField) -> bool:
    """Whether the label has to say that no answer is needed; in a filter that is plain."""
    must_when_shown = any(bound.name in look.required_when_shown for look in bound.form.design.values())
    return not (bound.field.required or bound.look.heading or bound.form.is_filter or must_when_shown)


def grouped(bound: DesignBoundField) -> bool:
    """Whether several inputs stand under one legend."""
    return isinstance(
        bound.field.widget,
        forms.RadioSelect | forms.CheckboxSelectMultiple | DatePartsWidget | forms.SelectMultiple,
    )


def is_lone_checkbox(bound: DesignBoundField) -> bool:
    """Whether the field is one box for yes."""
    return isinstance(bound.field.widget, forms.CheckboxInput)


def common(bound: DesignBoundField) -> dict[str, Any]:
    """Hint and error, alike for every component."""
    params: dict[str, Any] = {}
    if bound.help_text:
        params["hint"] = {"text": bound.help_text}
    if bound.errors:
        lines = [escape(message) for message in bound.errors]
        params["errorMessage"] = {"html": Markup("<br>").join(lines), "visuallyHiddenText": gettext("Error")}
    if bound.form.is_filter:
        params["formGroup"] = {"classes": "app-filter__group"}
    return params


def single(bound: DesignBoundField) -> dict[str, Any]:
    """Parameters of a component with one input."""
    value = bound.value()
    return {
        "id": bound.auto_id,
        "name": bound.html_name,
        "label": heading(bound),
        "value": "" if value is None else str(value),
        "attributes": bound.attributes,
        **common(bound),
    }


def text_input(bound: DesignBoundField) -> str:
    """Text, email, web address and whole numbers."""
    look, widget = bound.look, bound.field.widget
    numeric = isinstance(bound.field, forms.IntegerField | forms.DecimalField | forms.FloatField)
    input_type = "text" if numeric else getattr(widget, "input_type", "text")
    params = single(bound) | {"type": input_type, "spellcheck": False if input_type != "text" else None}
    if look.width:
        prefix = "govuk-input--width" if str(look.width).isdecimal() else "govuk-!-width"
        params["classes"] = f"{prefix}-{look.width}"
    if numeric:
        params["inputmode"] = "numeric" if type(bound.field) is forms.IntegerField else "decimal"
    sign = look.prefix or ("£" if type(bound.field).__name__ == "MoneyField" else "")
    if sign == "£":
        params["inputmode"] = "text"  # "4.8bn" needs letters
    for name, words in (("prefix", sign), ("suffix", look.suffix)):
        if words:
            params[name] = {"text": words}
    auto = look.autocomplete or bound.field.widget.attrs.get("autocomplete", "")
    params["attributes"] = {
        k: v for k, v in params["attributes"].items() if k not in ("autocomplete", "step", "min", "max")
    }
    return govuk("input", **params, autocomplete=auto)


def password_input(bound: DesignBoundField) -> str:
    """A password with a Show button; what was typed is not sent back."""
    auto = bound.look.autocomplete or bound.field.widget.attrs.get("autocomplete", "current-password")
    params = single(bound) | {"value": "", "attributes": {}, "autocomplete": auto}
    return govuk(
        "password_input",
        **params,
        showPasswordText=gettext("Show"),
        hidePasswordText=gettext("Hide"),
        showPasswordAriaLabelText=gettext("Show password"),
        hidePasswordAriaLabelText=gettext("Hide password"),
    )


def textarea(bound: DesignBoundField) -> str:
    """Long text; with a count of what is left when it has a limit."""
    limit = getattr(bound.field, "max_length", None)
    params = single(bound) | {"rows": bound.look.rows}
    # As characters of the text, not of the page: what a choice reveals is indented, line by line.
    lines = escape(params["value"].replace("\r\n", "\n"))
    params["value"] = lines.replace("\n", Markup("&#10;"))
    if not (limit and bound.look.count):
        return govuk("textarea", **params)
    return govuk(
        "character_count",
        **params,
        maxlength=limit,
        threshold=0,
        textareaDescriptionText=gettext("You can enter up to %(limit)s characters") % {"limit": "%{count}"},
    )


def choices(bound: DesignBoundField) -> list[tuple[str, str]]:
    """(value, words) of every choice, groups laid out flat."""
    found: list[tuple[str, str]] = []
    for value, words in bound.field.widget.choices:
        pairs = words if isinstance(words, list | tuple) else [(value, words)]
        found += [("" if v is None else str(v), str(w)) for v, w in pairs]
    return found


def chosen(bound: DesignBoundField) -> set[str]:
    """The values that are selected, as text."""
    value = bound.value()
    several = hasattr(value, "__iter__") and not isinstance(value, str)
    values = value if several else [value]
    return {"" if v is None else str(v) for v in values}


def select(bound: DesignBoundField) -> str:
    """One of many choices in a list."""
    picked = chosen(bound)
    empty = gettext("Any") if bound.form.is_filter else gettext("Select an option")
    items = [
        {
            "value": value,
            "text": empty if value == "" and set(words) <= {"-"} else words,
            "selected": value in picked,
        }
        for value, words in choices(bound)
    ]
    params = single(bound)
    params.pop("value")
    width = f"govuk-!-width-{bound.look.width}" if bound.look.width else ""
    return govuk("select", **params, items=items, classes=width)


def choice_group(bound: DesignBoundField) -> str:
    """Radios or checkboxes, with hints and revealed fields of single choices."""
    look, picked = bound.look, chosen(bound)
    items = []
    for value, words in choices(bound):
        if value == "" and set(words) <= {"-"}:
            continue
        item: dict[str, Any] = {"value": value, "text": words, "checked": value in picked}
        if value in look.hints:
            item["hint"] = {"text": look.hints[value]}
        if value in look.reveals:
            item["conditional"] = {"html": Markup("").join(bound.form[name].render() for name in look.reveals[value])}
        if value in look.alone:
            if not any(other.get("behaviour") for other in items):
                items.append({"divider": gettext("or")})
            item["behaviour"] = "exclusive"
        items.append(item)
    component = "checkboxes" if isinstance(bound.field.widget, SEVERAL) else "radios"
    classes = [
        f"govuk-{component}--{kind}"
        for kind in ("inline", "small")
        if getattr(look, kind) or (kind == "small" and bound.form.is_filter)
    ]
    return govuk(
        component,
        idPrefix=bound.auto_id,
        name=bound.html_name,
        items=items,
        classes=" ".join(classes),
        fieldset={"legend": heading(bound)},
        **common(bound),
    )


def lone_checkbox(bound: DesignBoundField) -> str:
    """One box: its label is the statement that it makes true."""
    params = common(bound)
    item = {"value": "on", "text": bound.label, "checked": bool(bound.value())}
    if "hint" in params:
        item["hint"] = params.pop("hint")
    small = "govuk-checkboxes--small" if bound.look.small else ""
    return govuk("checkboxes", idPrefix=bound.auto_id, name=bound.html_name, items=[item], classes=small, **params)


def date_input(bound: DesignBoundField) -> str:
    """Day, month and year; the boxes that are wrong are marked."""
    value = bound.value() or {}
    wrong = {p for error in bound.errors.as_data() for p in (error.params or {}).get("parts", ())} or set(PARTS)
    labels = {"day": gettext("Day"), "month": gettext("Month"), "year": gettext("Year")}
    items = [
        {
            "name": part,
            "id": f"{bound.auto_id}-{part}",
            "label": labels[part],
            "value": value.get(part, ""),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if bound.errors and part in wrong else ""),
            "inputmode": "text" if part == "month" else "numeric",
        }
        for part in PARTS
    ]
    params = common(bound)
    params.setdefault("hint", {"text": gettext("For example, 27 3 2027")})
    return govuk(
        "date_input",
        id=bound.auto_id,
        namePrefix=bound.html_name,
        items=items,
        fieldset={"legend": heading(bound)},
        **params,
    )


def file_upload(bound: DesignBoundField) -> str:
    """A file. Not with the design system's drop zone: its button's name is not what it shows."""
    params = single(bound) | {"value": ""}
    return govuk("file_upload", **params)


# The first widget class that fits decides, so subclasses stand before their parents.
COMPONENTS = (
    (DatePartsWidget, date_input),
    (forms.PasswordInput, password_input),
    (forms.RadioSelect, choice_group),
    (forms.CheckboxSelectMultiple, choice_group),
    (forms.SelectMultiple, choice_group),
    (forms.CheckboxInput, lone_checkbox),
    (forms.Select, select),
    (forms.FileInput, file_upload),
    (forms.Textarea, textarea),
    *((widget, text_input) for widget in (forms.TextInput, forms.EmailInput, forms.URLInput, forms.NumberInput)),
)
REFUSED = (forms.DateInput, forms.DateTimeInput)  # one box for a date: use DateField or PeriodField
