"""The words that reports put numbers in. Nothing here asks the database."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MILLIONTH = Decimal("0.000001")
SCALES = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"))


def share(part, whole):
    """A part of a whole as a fraction; None when there is no whole."""
    return (Decimal(part or 0) / Decimal(whole)).quantize(MILLIONTH) if whole else None


def percentage(fraction):
    """A fraction with one place after the point: 84.3%."""
    return f"{(fraction * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def pounds(amount):
    """An amount with two places at most: £54.57bn, £220m, £950,000."""
    amount = Decimal(amount or 0)
    for scale, letters in SCALES:
        if amount >= scale:
            shown = (amount / scale).quantize(Decimal("0.01"), ROUND_HALF_UP)
            return f"£{shown.normalize():,f}{letters}"
    return f"£{amount:,.0f}"


def policies(number):
    """1 policy, 17 policies."""
    return ngettext("%(number)s policy", "%(number)s policies", number) % {"number": number}


def out_of(part, whole, one, many):
    """The part of a whole: none of the 7 policies, 1 of the 12 policies, all 13 policies, 1 of 1 policy."""
    values = {"part": part, "whole": whole, "many": many, "one": one}
    if whole == 1:
        return _("%(part)s of 1 %(one)s") % values
    if not part:
        return _("none of the %(whole)s %(many)s") % values
    if part == whole:
        return _("all %(whole)s %(many)s") % values
    return _("%(part)s of the %(whole)s %(many)s") % values


def out_of_policies(part, whole):
    """The same for policies."""
    return out_of(part, whole, _("policy"), _("policies"))


def is_one(part, whole):
    """Whether what `out_of` says takes a verb in the singular: none has, 1 of the 12 has, all have."""
    return part <= 1 and (part != whole or whole == 1)


def begun(words):
    """The words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def listed(names, last=""):
    """A, B and C; with another `last` word than "and"."""
    names = [str(name) for name in names]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last or _('and')} {names[-1]}"


def sentences(*parts):
    """The sentences that there are, one after the other."""
    return " ".join(part for part in parts if part)


def lowered(name):
    """A name as it goes on in a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def lead_departments(number):
    """There are 12 lead departments."""
    if not number:
        return _("No lead department is recorded.")
    return ngettext("There is %(number)s lead department.", "There are %(number)s lead departments.", number) % {
        "number": number
    }


def crowded(part, whole, many):
    """How many of the outcomes several departments pursue."""
    return _("%(many)s or more pursue %(part)s of the %(whole)s outcomes.") % {
        "many": many,
        "part": part or _("none"),
        "whole": whole,
    }
