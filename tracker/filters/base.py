"""The kinds of filter that the lists are made of.

A filter that is not understood is an error in the form, and then nothing is found: an empty answer must never
be mistaken for "there is none". No filter joins rows, so none multiplies them, and any go together.
"""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.choices import normalize_choices
from django.utils.translation import gettext_lazy as _

NOT_A_CHOICE = _("“%(value)s” is not one of the answers")
YES_NO = (("yes", _("Yes")), ("no", _("No")))


class FilterSet(django_filters.FilterSet):
    """The base of every list's filters.

    `user` (or the request's) decides which records a reference may name. `form` is the base class of the
    form, for pages that print it their own way.
    """

    def __init__(self, data=None, queryset=None, *, request=None, prefix=None, user=None, form=None):
        super().__init__(data, queryset, request=request, prefix=prefix)
        self.user = user if user is not None else getattr(request, "user", None)
        self.form_base = form or self._meta.form

    def get_form_class(self):
        """A form with one field a filter."""
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        return type(f"{type(self).__name__}Form", (self.form_base,), fields)

    def filter_queryset(self, queryset):
        """The rows that every filter lets through; none while one of them is not understood."""
        if self.form.errors:
            return queryset.none()
        return super().filter_queryset(queryset)


class Choice(django_filters.ChoiceFilter):
    """One of a few answers. `conditions` maps each to a function that makes its SQL condition."""

    def __init__(self, label, choices, conditions=None, **more):
        more.setdefault("error_messages", {"invalid_choice": NOT_A_CHOICE})
        super().__init__(label=label, choices=choices, **more)
        self.conditions = conditions

    def filter(self, qs, value):
        """The rows for which the answer holds."""
        if not value:
            return qs
        condition = self.conditions[value]() if self.conditions else Q(**{self.field_name: value})
        return qs.filter(condition)


def yes_no(label, condition, **more):
    """A condition that holds or does not."""
    return Choice(label, YES_NO, {"yes": condition, "no": lambda: ~Q(condition())}, **more)


class Choices(django_filters.MultipleChoiceFilter):
    """Several answers at once, each in a parameter of its own. `condition` makes SQL of the list of them."""

    def __init__(self, label, choices, condition, **more):
        more.setdefault("error_messages", {"invalid_choice": NOT_A_CHOICE})
        super().__init__(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **more)
        self.condition = condition

    @property
    def field(self):
        """The form's field; choices from the database are looked up once a list."""
        parent = getattr(self, "parent", None)
        if parent is None:
            return self.field_class(label=self.label, **self.extra)
        if not hasattr(self, "_field"):
            choices = self.extra["choices"]
            fixed = {**self.extra, "choices": choices() if callable(choices) else choices}
            self._field = self.field_class(label=self.label, **fixed)
        return self._field

    def filter(self, qs, value):
        """The rows for which the answers hold."""
        return qs.filter(self.condition(value)) if value else qs


class RecordField(forms.CharField):
    """The code of a record. Cleans to the record; a code that nothing has is an error that says so."""

    def __init__(self, *, records, to_field_name, noun, options=None, **more):
        more.setdefault("max_length", 120)
        super().__init__(**more)
        self.records, self.to_field_name, self.noun = records, to_field_name, noun
        if options:
            self.widget = forms.Select()
            self.widget.choices = normalize_choices(lambda: [("", "---------"), *options()])

    @property
    def queryset(self):
        """The records that may be named; made when it is needed."""
        return self.records()

    def to_python(self, value):
        """The record, or None for nothing."""
        code = super().to_python(value)
        return self.find(code) if code else None

    def clean(self, value):
        """Its validators are about the text, not the record."""
        text = super().to_python(value)
        self.validate(text)
        self.run_validators(text)
        return self.to_python(value)

    def find(self, code):
        """The record of a code, in either case. Raises ValidationError."""
        found = self.queryset.filter(**{f"{self.to_field_name}__iexact": code}).first()
        if found is None:
            message = _("There is no %(noun)s “%(value)s” on the register")
            raise ValidationError(message, code="unknown", params={"noun": self.noun, "value": code})
        return found


class Record(django_filters.CharFilter):
    """A record by its code. `records` makes the queryset of those that a user may name."""

    field_class = RecordField

    def __init__(self, label, records, *, key="code", noun, condition=None, options=None, **more):
        super().__init__(label=label, **more)
        self.records, self.condition = records, condition
        self.extra.update(to_field_name=key, noun=noun, options=options)

    @property
    def field(self):
        """The form's field, made for the user of the list."""
        parent = getattr(self, "parent", None)
        user = getattr(parent, "user", None)
        made = getattr(self, "_field", None) or self.field_class(
            label=self.label, records=lambda: self.records(user), **self.extra
        )
        if parent is not None:
            self._field = made
        return made

    def filter(self, qs, value):
        """The rows that go with the record."""
        return qs.filter(self.condition(value)) if value else qs


class Search(django_filters.CharFilter):
    """Words. `condition` makes SQL of them and the queryset."""

    def __init__(self, condition):
        super().__init__(label=_("Search"), max_length=200)
        self.condition = condition

    def filter(self, qs, value):
        """The rows with the words."""
        return qs.filter(self.condition(qs, value)) if value else qs


class Sort(django_filters.ChoiceFilter):
    """The order of a list. `keys` maps each key that is allowed to its words, up and down, and to a function
    that makes its expression; `-` before a key turns it round.

    Unknown values come last; rows that are alike are in the order of `tie`, as are all when none is asked for.
    """

    def __init__(self, keys, *, tie):
        choices = []
        for key, (up, down, _expression) in keys.items():
            choices += [(key, up), (f"-{key}", down)]
        messages = {"invalid_choice": _("The list cannot be sorted by “%(value)s”")}
        super().__init__(label=_("Sort by"), choices=choices, error_messages=messages)
        self.keys, self.tie = keys, tie

    def filter(self, qs, value):
        """The same rows in order."""
        if not value:
            return qs if qs.ordered else qs.order_by(*self.tie)
        expression = self.keys[value.removeprefix("-")][2](self.parent)
        ordered = expression.desc(nulls_last=True) if value.startswith("-") else expression.asc(nulls_last=True)
        return qs.order_by(ordered, *self.tie)
