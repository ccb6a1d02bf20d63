"""Lists that are pasted, one thing a line: every line that is wrong is named, all at once."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from policies.models import Area, Organisation
from tracker.web.forms.fields import MoneyField

# The name first, the amount last: "E06000001, 25,000,000", "Bristol, City of, £2.5m", or two cells of a sheet.
AMOUNT_LAST = re.compile(r"^(.+?)\s*(?:[,;]\s*|\s+(?=£))(£?\s*-?[\d.][\d,. ]*\s*[a-z]*)$", re.IGNORECASE)
MOST_LINES = 1000
MOST_TOLD = 20


def numbered(text):
    """Lines with something on them, with their numbers as a person would count them."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in lines if line]


class Told:
    """The errors of a list, by line."""

    def __init__(self):
        self.lines = []

    def add(self, number, words):
        """Line 3: what is wrong with it, and what to do."""
        self.lines.append(_("Line %(number)s: %(words)s") % {"number": number, "words": words})

    def raise_if_any(self):
        """Raise what was found as one ValidationError; more than a page can bear is only counted."""
        if len(self.lines) > MOST_TOLD:
            more = len(self.lines) - MOST_TOLD
            self.lines[MOST_TOLD:] = [_("%(number)s more lines have problems") % {"number": more}]
        if self.lines:
            raise ValidationError(self.lines)


class OrganisationLines(forms.CharField):
    """Organisations, one a line, by name, abbreviation or code; cleans to a list of them in that order."""

    widget = forms.Textarea

    def clean(self, value):
        """The organisations. Raises ValidationError with every line that names none or several."""
        lines, told = numbered(super().clean(value)), Told()
        known = _by_words(Organisation.objects.order_by("active_to"), ("code", "abbreviation", "name"), lines)
        found = {}
        for number, line in lines:
            fits = known.get(line.upper(), [])
            current = [body for body in fits if body.active_to is None] or fits
            if not current:
                told.add(number, _nothing(line))
            elif len(current) > 1:
                told.add(number, _several(line, [body.code for body in current]))
            elif current[0].pk in found:
                told.add(number, _("“%(text)s” is in the list twice. Remove one of the two") % {"text": line})
            else:
                found[current[0].pk] = current[0]
        told.raise_if_any()
        return list(found.values())


class AllocationLines(forms.CharField):
    """A place and an amount a line; cleans to pairs of an area and pounds."""

    widget = forms.Textarea

    def clean(self, value):
        """The pairs. Raises ValidationError with every line that is wrong."""
        lines, told = numbered(super().clean(value)), Told()
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("Enter at most %(most)s lines at a time: there are %(number)s")
                % {"most": f"{MOST_LINES:,}", "number": f"{len(lines):,}"}
            )
        split = {number: _place_and_amount(line) for number, line in lines}
        places = [(number, place) for number, (place, _amount) in split.items()]
        known, pairs, first = _by_words(Area.objects.all(), ("gss_code", "name"), places), {}, {}
        for number, (place, amount) in split.items():
            area = self._area(number, place, known, told)
            pounds = self._pounds(number, amount, told)
            if area is None or pounds is None:
                continue
            if area.pk in pairs:
                words = _("%(name)s is already on line %(first)s. Keep one of the two lines")
                told.add(number, words % {"name": area.name, "first": first[area.pk]})
            else:
                pairs[area.pk], first[area.pk] = (area, pounds), number
        told.raise_if_any()
        return list(pairs.values())

    @staticmethod
    def _area(number, place, known, told):
        fits = known.get(place.upper(), [])
        current = [area for area in fits if area.active_to is None] or fits
        if not place:
            told.add(number, _("Enter a place before the amount"))
        elif not current:
            told.add(number, _nothing(place))
        elif len(current) > 1:
            told.add(number, _several(place, [area.gss_code for area in current]))
        else:
            return current[0]
        return None

    @staticmethod
    def _pounds(number, amount, told):
        if not amount:
            told.add(number, _("Enter an amount after the place, like E06000001, 25,000,000"))
            return None
        try:
            pounds = MoneyField(min_value=0).clean(amount)
        except ValidationError:
            words = _("“%(text)s” must be an amount in pounds, like 1,500,000 or 2.5m, and not below 0")
            told.add(number, words % {"text": amount})
            return None
        return Decimal(pounds)


def _place_and_amount(line):
    if "\t" in line:
        place, _tab, amount = line.rpartition("\t")
        return place.strip(), amount.strip()
    if match := AMOUNT_LAST.match(line):
        return match[1].strip(), match[2].strip()
    place, _comma, amount = line.partition(",")
    return place.strip(), amount.strip()


def _by_words(queryset, columns, lines):
    """Rows by each of their words that a line says, in capitals; as many statements as there are columns."""
    wanted, found = {text.upper() for _number, text in lines}, {}
    for column in columns if wanted else ():
        named = queryset.annotate(said=Upper(column)).filter(said__in=wanted)
        for row in named:
            if row not in found.setdefault(row.said, []):
                found[row.said].append(row)
    return found


def _nothing(text):
    return _("Nothing on record is called “%(text)s”. Check the spelling, or enter its code") % {"text": text}


def _several(text, codes):
    return _("“%(text)s” fits %(number)s. Enter one of their codes: %(codes)s") % {
        "text": text, "number": len(codes), "codes": ", ".join(codes[:6]),
    }  # fmt: skip
