"""The base classes of every form in the service: looks from the design system, words that name the field."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from policies.models.words import hides_something
from tracker.web.forms.bound import DesignBoundField, Look
from tracker.web.forms.wording import reword


def nothing_hidden(text: Any) -> None:
    """Raise ValidationError for text that hides something, or in which there is nothing to see."""
    if isinstance(text, str) and hides_something(text):
        raise ValidationError("", code="hidden_characters")


def refuse_hidden(field: forms.Field) -> None:
    """Let a field of text take nothing that its reader cannot see; a password may hold anything."""
    if type(field) is forms.CharField and not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput):
        field.validators = [*field.validators, nothing_hidden]


class DesignForm(forms.BaseForm):
    """What ServiceForm, ServiceModelForm and FilterForm share.

    `design` maps a field's name to its Look. `{{ form }}` prints all fields, those that a choice reveals
    inside it; `{{ form.title }}` prints one. The page writes the <form> tag, always with `novalidate`.
    """

    bound_field_class = DesignBoundField
    use_required_attribute = False
    design: dict[str, Look] = {}
    is_filter = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        if not self.is_filter:
            for field in self.fields.values():
                refuse_hidden(field)
        self.reword()

    def reword(self) -> None:
        """Make the messages name the fields; call it again after changing a label or adding a field."""
        for name, field in self.fields.items():
            reword(field, self.spoken_name(name))

    def spoken_name(self, name: str) -> str:
        """What error messages call this field."""
        field = self.fields[name]
        label = field.label if field.label is not None else forms.utils.pretty_name(name)
        return str(self.design.get(name, Look()).name or label)

    def revealed(self) -> dict[str, tuple[str, str]]:
        """Name of each revealed field: the field and the choice that reveal it."""
        return {
            inner: (name, str(value))
            for name, look in self.design.items()
            for value, names in look.reveals.items()
            for inner in names
        }

    def shown_fields(self) -> Iterator[DesignBoundField]:
        """The fields to print one below the other; revealed ones come inside their choice."""
        inside = self.revealed()
        return (bound for bound in self.visible_fields() if bound.name not in inside)

    def render(self, template_name: Any = None, context: Any = None, renderer: Any = None) -> SafeString:
        """All fields as markup, hidden ones first."""
        parts = [
            *(bound.as_hidden() for bound in self.hidden_fields()),
            *(bound.render() for bound in self.shown_fields()),
        ]
        return format_html_join("\n", "{}", ((part,) for part in parts))

    __str__ = __html__ = render

    def _clean_form(self) -> None:
        self._settle_revealed()
        super()._clean_form()

    def _settle_revealed(self) -> None:
        """Drop the answer to what was not shown; ask for what was shown and must be answered."""
        for inner, (name, value) in self.revealed().items():
            if inner not in self.fields:
                continue
            picked = self.cleaned_data.get(name)
            values = picked if isinstance(picked, list | tuple | set) else [picked]
            if value not in {str(getattr(v, "pk", v)) for v in values}:
                self._errors.pop(inner, None)
                self.cleaned_data[inner] = getattr(self.fields[inner], "empty_value", None)
            elif inner in self.design[name].required_when_shown and inner not in self._errors:
                field = self.fields[inner]
                if self.cleaned_data.get(inner) in field.empty_values:
                    self.add_error(inner, ValidationError(field.error_messages["required"], code="required"))


class ServiceForm(DesignForm, forms.Form):
    """A form that is sent with POST."""


class ServiceModelForm(DesignForm, forms.ModelForm):
    """The same, with fields taken from a model. It parses; it does not save: actions write."""

    def save(self, commit: bool = True) -> Any:
        """Refused: hand `cleaned_data` to an action."""
        raise TypeError("A form does not write: hand its cleaned_data to an action.")


class FilterForm(DesignForm, forms.Form):
    """The form of a list's filters, sent with GET; for `FilterSet.Meta.form`. Nothing in it is required."""

    is_filter = True
