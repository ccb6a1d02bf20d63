"""Answers that name something on record: typed as a code or a name, and picked from a list where several fit.

Works without JavaScript: what was typed stays, and the page that comes back offers what it may mean.
"""

import dataclasses

from django import forms
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import F, Q
from django.utils.translation import gettext as _

from policies.actions.organisations import ended_in_words
from policies.models import Area, Indicator, Initiative, Kind, Organisation
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.wording import reword

MOST = 8


def _nearest(queryset, text, column, *, then=(), **exact):
    """Rows that the text is the code of, else those whose name holds it or nearly so, the nearest first.

    `then` is the order of rows that are as near as each other.
    """
    wanted = Q()
    for name, value in exact.items():
        wanted |= Q(**{name: value})
    if found := list(queryset.filter(wanted)[:MOST]):
        return found
    return list(
        queryset.annotate(nearness=TrigramWordSimilarity(text, column))
        .filter(Q(**{f"{column}__icontains": text}) | Q(nearness__gte=0.6))
        .order_by("-nearness", *then, column)[:MOST]
    )


def organisations(text, user):
    """Bodies by code, abbreviation or name, former names included."""
    found = _nearest(
        Organisation.objects.all(),
        text,
        "name",
        then=[F("active_to").desc(nulls_first=True)],
        code__iexact=text,
        abbreviation__iexact=text,
        name__iexact=text,
        ods_code__iexact=text,
        gss_code__iexact=text,
        aliases__name__iexact=text,
    )
    return list({organisation.pk: organisation for organisation in found}.values())


def alike(name):
    """Bodies whose name, abbreviation or other name is this one, or whose name is written much like it."""
    exact = Q(name__iexact=name) | Q(abbreviation__iexact=name) | Q(aliases__name__iexact=name)
    found = Organisation.objects.annotate(nearness=TrigramSimilarity("name", name))
    found = found.filter(exact | Q(nearness__gte=0.6)).order_by("-nearness", "name")[:MOST]
    return list({organisation.pk: organisation for organisation in found}.values())


def places(text, user):
    """Areas by GSS code or name; those in use before those that ended."""
    found = _nearest(Area.objects.all(), text, "name", gss_code__iexact=text, name__iexact=text)
    in_use = [area for area in found if area.active_to is None]
    return in_use or found


def indicators(text, user):
    """Published indicators by code or name."""
    return _nearest(Indicator.objects.all(), text, "name", code__iexact=text, name__iexact=text)


def initiatives(text, user):
    """Records of any kind that the user can see, by reference, short code or title."""
    return _named(text, Initiative.objects.visible_to(user))


def parents(text, user):
    """Policies and partnerships that the user can see, by reference, short code or title."""
    return _named(text, Initiative.objects.visible_to(user).filter(kind__in=[Kind.POLICY, Kind.PARTNERSHIP]))


def umbrellas(text, user):
    """Policies that a policy can stand under: those that stand alone."""
    return _named(text, Initiative.objects.visible_to(user).filter(kind=Kind.POLICY, parent=None))


def _named(text, visible):
    reference = text.split(" ")[0]
    return _nearest(visible, text, "title", reference__iexact=reference, short_code__iexact=text, title__iexact=text)


def _told_apart(thing):
    """A choice's words: the name, and what tells it from others of that name."""
    if isinstance(thing, Area):
        ended = _(", until %(year)s") % {"year": thing.active_to.year} if thing.active_to else ""
        return f"{thing.name} ({thing.get_kind_display()}, {thing.gss_code}{ended})"
    if isinstance(thing, Organisation):
        ended = _(", ended %(year)s") % {"year": thing.active_to.year} if thing.active_to else ""
        return f"{thing.name} ({thing.get_kind_display()}{ended})"
    if isinstance(thing, Initiative):
        return f"{thing.title} ({thing.reference})"
    return f"{thing.name} ({thing.code})"


class LookupForm(ServiceForm):
    """A form some of whose text fields name a thing on record; `lookups` maps each to its finder.

    Where several fit, a question which one is meant follows the field; `cleaned_data` holds the thing.
    `standing` names those fields whose organisation must not have ended.
    """

    lookups = {}
    standing = ()

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = {}
        for name, finder in self.lookups.items():
            text = self._typed(name) if self.is_bound else ""
            if not text:
                continue
            self.found[name] = finder(text, user)
            if len(self.found[name]) > 1:
                self._ask_which(name)

    def _typed(self, name):
        """What to look up, or nothing where the field itself will say what is wrong with it."""
        try:
            return self.fields[name].clean(self.data.get(self.add_prefix(name)))
        except forms.ValidationError:
            return ""

    def _ask_which(self, name):
        label = _("Which one do you mean?")
        choices = [(str(thing.pk), _told_apart(thing)) for thing in self.found[name]]
        field = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        if len(choices) == MOST:
            field.help_text = _("The nearest are shown. If yours is not among them, enter more of its name above.")
        reword(field, label)
        field.error_messages["required"] = field.error_messages["invalid_choice"] = _("Select which one you mean")
        fields = {}
        for key, present in self.fields.items():
            fields[key] = present
            if key == name:
                fields[f"{name}_pick"] = field
        self.fields = fields
        # Where a choice reveals the field, it reveals this question with it.
        self.design = {key: self._revealing_too(look, name) for key, look in self.design.items()}

    @staticmethod
    def _revealing_too(look, name):
        reveals = {
            value: tuple(each for inner in names for each in ((inner, f"{name}_pick") if inner == name else (inner,)))
            for value, names in look.reveals.items()
        }
        return dataclasses.replace(look, reveals=reveals)

    def clean(self):
        """Put the thing in place of its name."""
        data = super().clean()
        for name in self.lookups:
            if name in self.errors or not data.get(name):
                continue
            found = self.found.get(name, [])
            if not found:
                words = _("Nothing on record is called “%(text)s”. Check the spelling, or enter a part of its name")
                self.add_error(name, words % {"text": data[name]})
            elif len(found) == 1:
                data[name] = found[0]
            elif f"{name}_pick" in data:
                data[name] = next(thing for thing in found if str(thing.pk) == data[f"{name}_pick"])
            if name in self.standing and getattr(data.get(name), "has_ended", False):
                self.add_error(name, ended_in_words(data[name]).rstrip(".") + _(": enter one that exists today"))
        return data
