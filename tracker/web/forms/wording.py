"""The words of every error message of a form field, made from the field's label.

Django's own messages ("This field is required.") do not say which field they are about when they stand in
an error summary. Here each is replaced by one that repeats the label: "Enter the title". A message that
the form's author gave is kept.
"""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, override

from tracker.web.forms.fields import MoneyField

CHOICES = (forms.ChoiceField, forms.ModelChoiceField)  # the multiple ones are subclasses of these
NOT_LOWERED = re.compile(r"^\w*[A-Z0-9].*|^I\b", re.DOTALL)
HAS_ARTICLE = re.compile(r"^(the|a|an|your|this|which|what|who|how|any|each)\b", re.IGNORECASE)


class Wording(str):
    """A message that is complete as it stands, and also takes Django's parameters with `%`.

    A label may hold a percent sign, so the label is put in together with the parameters, never before.
    """

    pattern: str
    label: dict[str, str]

    def __new__(cls, pattern: str, label: dict[str, str]) -> "Wording":
        """Pattern: may use %(the)s and %(The)s for the label, and Django's own parameter names."""
        needs_more = set(re.findall(r"%\((\w+)\)", pattern)) - set(label)
        made = super().__new__(cls, pattern if needs_more else pattern % label)
        made.pattern, made.label = pattern, label
        return made

    def __mod__(self, params: Any) -> str:
        return self.pattern % {**(params if isinstance(params, dict) else {}), **self.label}


def spoken(label: str) -> str:
    """The label as it stands in the middle of a sentence: "the due date", "the NHS body", "your name"."""
    label = label.strip().rstrip("?:")
    first_word = label.split(" ", 1)[0]
    if not NOT_LOWERED.match(first_word[1:]) and first_word != "I":
        label = label[:1].lower() + label[1:]
    return label if HAS_ARTICLE.match(label) else gettext("the %(label)s") % {"label": label}


def patterns(field: forms.Field) -> dict[str, str]:
    """The message pattern for each error code that a field of this kind can raise."""
    enter = gettext("Enter %(the)s")
    found = {
        "required": enter,
        "blank": enter,
        "null": enter,
        "incomplete": gettext("%(The)s must be complete"),
        "max_length": gettext("%(The)s must be %(limit_value)s characters or fewer"),
        "min_length": gettext("%(The)s must be %(limit_value)s characters or more"),
        "max_value": gettext("%(The)s must be %(limit_value)s or less"),
        "min_value": gettext("%(The)s must be %(limit_value)s or more"),
        "step_size": gettext("%(The)s must be a multiple of %(limit_value)s"),
        "max_digits": gettext("%(The)s must have no more than %(max)s digits"),
        "max_decimal_places": gettext("%(The)s must have no more than %(max)s digits after the decimal point"),
        "max_whole_digits": gettext("%(The)s must have no more than %(max)s digits before the decimal point"),
        "null_characters_not_allowed": gettext("%(The)s must not have hidden control characters in it"),
        "hidden_characters": gettext(
            "%(The)s must have words in it and no hidden characters. Type it again instead of pasting it"
        ),
        "surrogate_characters_not_allowed": gettext("%(The)s must not have broken characters in it"),
        "unique": gettext("%(The)s is already used by another record"),
        "invalid_extension": gettext("%(The)s must be a file that ends in %(allowed_extensions)s"),
        "incomplete_date": gettext("%(The)s must include %(missing)s"),
        "year": gettext("%(The)s must have 4 numbers in its year"),
        "invalid": gettext("%(The)s must be in the format shown"),
    }
    found.update(particular_patterns(field))
    return found


def particular_patterns(field: forms.Field) -> dict[str, str]:
    """What only this kind of field says differently."""
    if isinstance(field, CHOICES):
        select = gettext("Select %(the)s")
        listed = gettext("Select %(the)s from the list")
        return {
            "required": select,
            "blank": select,
            "null": select,
            **dict.fromkeys(("invalid", "invalid_choice", "invalid_list", "invalid_pk_value"), listed),
        }
    if isinstance(field, forms.BooleanField):
        return {"required": gettext("Select the box “%(label)s”")}
    if isinstance(field, forms.FileField):
        return {
            "required": gettext("Select %(the)s"),
            "invalid": gettext("%(The)s did not arrive: select it again"),
            "missing": gettext("%(The)s did not arrive: select it again"),
            "empty": gettext("%(The)s is empty"),
            "max_length": gettext("The name of the file must be %(max)s characters or fewer"),
            "contradiction": gettext("Select a file or the box that removes it, not both"),
        }
    kinds = (
        (forms.EmailField, gettext("Enter %(the)s in the correct format, like name@example.gov.uk")),
        (
            forms.URLField,
            gettext("%(The)s must be a full web address, like https://www.example.gov.uk/paper"),
        ),
        (forms.SlugField, gettext("%(The)s must be only letters, numbers, hyphens and underscores")),
        (
            forms.UUIDField,
            gettext("%(The)s must be a code of 32 letters and numbers, as shown on the record"),
        ),
        (forms.DateField, gettext("%(The)s must be a real date")),
        (forms.DateTimeField, gettext("%(The)s must be a real date and time")),
        (forms.TimeField, gettext("%(The)s must be a real time, like 5:30pm")),
        (MoneyField, gettext("%(The)s must be an amount in pounds, like 1,500,000 or 2.5m")),
        (forms.DecimalField, gettext("%(The)s must be a number, like 12.5")),
        (forms.FloatField, gettext("%(The)s must be a number, like 12.5")),
        (forms.IntegerField, gettext("%(The)s must be a whole number, like 12")),
    )
    return next(({"invalid": text} for kind, text in kinds if isinstance(field, kind)), {})


def is_authors_own(text: Any, default: Any) -> bool:
    """Whether a message was written by the form's author, rather than taken over from Django or made here."""
    if isinstance(text, Wording):
        return False
    with override("en"):
        return text is not None and str(text) != str(default) and not re.search(r"\b(in)?valid\b", str(text))


def own_codes(field: forms.Field) -> set[str]:
    """The error codes for which the form's author gave words, on the field or on a validator."""
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults.update(getattr(kind, "default_error_messages", {}))
    own = {c for c, text in field.error_messages.items() if is_authors_own(text, defaults.get(c))}
    for validator in field.validators:
        code, text = getattr(validator, "code", None), getattr(validator, "message", None)
        if code and is_authors_own(text, getattr(type(validator), "message", None)):
            own.add(code)
    return own


def reword(field: forms.Field, label: str) -> None:
    """Give the field messages that repeat its label. Label: as shown, or the short name for a question."""
    the = spoken(label)
    words = {"the": the, "The": the[:1].upper() + the[1:], "label": label}
    for code in set(found := patterns(field)) - own_codes(field):
        field.error_messages[code] = Wording(found[code], words)
