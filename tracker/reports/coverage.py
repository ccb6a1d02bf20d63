"""How much of the record is filled in: every report opens with it, since a gap in the record is not an answer."""

from django.utils.translation import gettext as _

from tracker.filters.initiatives import PARTS
from tracker.reports import words
from tracker.reports.base import BARS, COUNT, PERCENT, TEXT, Finding, Picture, Table, count, percent, text

# Those of the parts without which the findings cannot be answered; the others need not be there.
NEEDED = ("capital", "outcome", "lead", "second_role", "measure", "value", "source")


def coverage(portfolio):
    """For how many of the portfolio's policies each part of the record is filled in."""
    totals = portfolio.totals
    policies = totals["policies"]
    shares = [(name, str(PARTS[name][0]), totals[name]) for name in NEEDED]
    return Finding(
        code="coverage",
        title=_("How much of the record is filled in"),
        sentence=_sentence(policies, shares),
        picture=_picture(policies, shares),
        tables=(_table(portfolio, policies, shares),),
        note=_("What is not recorded is not known. It is never counted as “none” or as “aligned”."),
    )


def _sentence(policies, shares):
    if not policies:
        return _("There is no live policy in this portfolio, so there is nothing to judge.")
    full = [words.lowered(name) for _code, name, number in shares if number == policies]
    gaps = [(name, number) for _code, name, number in shares if number < policies]
    parts = []
    if full:
        parts.append(
            _("All of the %(policies)s have on record: %(parts)s.")
            % {"policies": words.policies(policies), "parts": words.listed(full)}
            if policies > 1
            else _("The one policy has on record: %(parts)s.") % {"parts": words.listed(full)}
        )
    parts += [
        _("%(part)s: %(policies)s.") % {"part": name, "policies": words.out_of_policies(number, policies)}
        for name, number in gaps
    ]
    return words.sentences(*parts)


def _picture(policies, shares):
    if not policies:
        return None
    least = min(shares, key=lambda line: line[2])
    shown = _("Of %(policies)s, the fewest have this on record: %(part)s, %(number)s.")
    values = {"policies": words.policies(policies), "part": words.lowered(least[1]), "number": least[2]}
    bars = [(name, number) for _code, name, number in shares]
    data = {"bars": bars, "what": _("On record"), "unit": _("Policies")}
    return Picture(BARS, _("Policies by what is on record"), shown % values, data)


def _table(portfolio, policies, shares):
    lines = []
    for code, name, number in shares:
        rows, lacking = portfolio.rows(number, recorded=code), policies - number
        lines.append(
            (
                text(name),
                count(number, rows),
                percent(words.share(number, policies), rows),
                count(lacking, portfolio.rows(lacking, missing=code)),
            )
        )
    return Table(
        _("Policies by what is on record"),
        ((_("On record"), TEXT), (_("Policies"), COUNT), (_("Share"), PERCENT), (_("Not recorded"), COUNT)),
        lines,
    )
