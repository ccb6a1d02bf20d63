"""What is wrong with the forms of a page, as the lines of its error summary."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BoundField


def error_target(bound: BoundField) -> str:
    """The id of the input that an error of this field is about: of a date, the first wrong part."""
    for error in bound.errors.as_data():
        parts = (error.params or {}).get("parts") if isinstance(error.params, dict) else None
        if parts:
            return f"{bound.auto_id}-{parts[0]}"
    return bound.field.widget.id_for_label(bound.auto_id) or bound.auto_id


def form_problems(form: BaseForm) -> list[dict[str, str]]:
    """One line for each error: in the order of the form's fields, those of the whole form first."""
    fields = {bound.name: bound for bound in form if not bound.is_hidden}
    first = next(iter(fields.values()), None)
    lines = []
    for name in (NON_FIELD_ERRORS, *form.fields):
        bound = fields.get(name) or first
        for message in form.errors.get(name, ()):
            lines.append({"text": str(message), **({"href": f"#{error_target(bound)}"} if bound else {})})
    return lines


def problems(forms: Iterable[Any]) -> list[dict[str, str]]:
    """The lines of all forms and formsets of a page; an empty list when all is well or nothing was sent."""
    lines: list[dict[str, str]] = []
    for form in forms:
        if hasattr(form, "forms"):  # a formset
            lines += [{"text": str(message)} for message in form.non_form_errors()] if form.is_bound else []
            lines += problems(form.forms)
        elif form.is_bound:
            lines += form_problems(form)
    return lines
