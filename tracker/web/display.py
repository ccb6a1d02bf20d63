"""How dates, money and numbers are shown to people. Every function is a template filter of its own name.

A value that is None is shown as "not recorded": an empty field is never shown as nothing or as "none".
Dates and times are shown for London, months in the reader's language.
"""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS
from django.utils.translation import gettext
from markupsafe import Markup, escape

LONDON = ZoneInfo("Europe/London")
# From which amount, divided by what, with which letters. What would round to £1,000m is £1bn already.
SCALES = (
    (Decimal("999950000000"), Decimal(10) ** 12, "tn"),
    (Decimal("999950000"), Decimal(10) ** 9, "bn"),
    (Decimal(10) ** 6, Decimal(10) ** 6, "m"),
)
MIDDAY = 12


def not_recorded() -> str:
    """The words for a value that nobody has given."""
    return gettext("not recorded")


def in_london(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    """An aware time moved to London; a date or a naive time as it is."""
    return value.astimezone(LONDON) if isinstance(value, dt.datetime) and value.tzinfo else value


def date(value: dt.date | dt.datetime | None) -> str:
    """23 November 2026."""
    if value is None:
        return not_recorded()
    value = in_london(value)
    return f"{value.day} {MONTHS[value.month]} {value.year}"


def time(value: dt.datetime | None) -> str:
    """5:30pm, 9am, midday, midnight; London time."""
    if value is None:
        return not_recorded()
    value = in_london(value)
    if value.minute == 0 and value.hour in (0, MIDDAY):
        return gettext("midday") if value.hour else gettext("midnight")
    minutes = f":{value.minute:02d}" if value.minute else ""
    return f"{(value.hour - 1) % MIDDAY + 1}{minutes}{'am' if value.hour < MIDDAY else 'pm'}"


def datetime(value: dt.datetime | None) -> str:
    """23 November 2026, 5:30pm; London time."""
    return not_recorded() if value is None else f"{date(value)}, {time(value)}"


def period(value: dt.date | None, precision: str = "day") -> str:
    """A date no more exactly than it is known: "2021", "March 2021", "2021 to 2022", "5 March 2021".

    Precision is one of day, month, quarter, year and financial_year, in either case.
    """
    if value is None:
        return not_recorded()
    start = value.year if value.month >= 4 else value.year - 1
    shown = {
        "day": date,
        "month": lambda v: f"{MONTHS[v.month]} {v.year}",
        "quarter": lambda v: (
            gettext("%(first)s to %(last)s %(year)s")
            % {
                "first": MONTHS[(v.month - 1) // 3 * 3 + 1],
                "last": MONTHS[(v.month - 1) // 3 * 3 + 3],
                "year": v.year,
            }
        ),
        "year": lambda v: str(v.year),
        "financial_year": lambda _v: gettext("%(start)s to %(end)s") % {"start": start, "end": start + 1},
    }
    return shown[precision.lower()](value)


def number(value: int | float | Decimal | None) -> str:
    """12,345 or 12.5: thousands apart, no zeros at the end of a fraction."""
    if value is None:
        return not_recorded()
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float | Decimal | None, places: int = 0) -> str:
    """A share between 0 and 1 as 45%."""
    return not_recorded() if share is None else f"{Decimal(str(share)) * 100:.{places}f}%"


def money_exact(value: Decimal | int | None) -> str:
    """£4,800,000,000, with pence only where there are some."""
    if value is None:
        return not_recorded()
    amount = Decimal(value)
    sign = "-" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.2f}".removesuffix(".00")


def money(value: Decimal | int | None) -> str:
    """£4.8bn, £220m, £450,000: at most one place after the point, so that columns can be compared."""
    if value is None:
        return not_recorded()
    amount = Decimal(value)
    for least, scale, letters in SCALES:
        if abs(amount) >= least:
            shown = f"{abs(amount) / scale:,.1f}".removesuffix(".0")
            return f"{'-' if amount < 0 else ''}£{shown}{letters}"
    return money_exact(amount)


def pluralise(count: int, one: str, many: str) -> str:
    """ "1 flag", "1,204 flags": the number with the word that goes with it."""
    return f"{number(count)} {one if count == 1 else many}"


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs, cut at empty lines; nothing in it is taken as markup."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Markup("").join(
        Markup('<p class="govuk-body">{}</p>').format(Markup("<br>").join(escape(line) for line in part.split("\n")))
        for part in parts
    )


FILTERS = {
    function.__name__: function
    for function in (date, time, datetime, period, number, percent, money, money_exact, pluralise, paragraphs)
}
