"""Form fields that the design system asks for and Django does not have: a date in three parts, and money."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PARTS = ("day", "month", "year")
YEARS = range(1900, 2201)
SCALES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "tn": 12,
    "trillion": 12,
}
AMOUNT = re.compile(r"^(-?)\s*£?\s*(-?[\d,\s]*\.?\d+)\.?\s*([a-z]*)$", re.IGNORECASE)


class Period(NamedTuple):
    """A date and how exactly it is known: `day`, `month` or `year`; the first day stands for the rest."""

    date: datetime.date
    precision: str


class DatePartsWidget(forms.Widget):
    """Three text boxes, NAME-day, NAME-month and NAME-year; the value is a dict of what was typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str] | None:
        """What was typed, or None when nothing was. One ISO date under NAME itself is taken apart."""
        typed = {part: (data.get(f"{name}-{part}") or "").strip() for part in PARTS}
        if any(typed.values()):
            return typed
        whole = str(data.get(name) or "").strip()
        pieces = whole.split("-")
        if not whole:
            return None
        return dict(zip(reversed(PARTS), pieces, strict=True)) if len(pieces) == 3 else {"day": whole}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether none of the boxes was on the page that was sent."""
        return not any(key in data for key in (name, *(f"{name}-{part}" for part in PARTS)))

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """The id of the first box."""
        return f"{id_}-day" if id_ else id_


def month_number(text: str) -> int | None:
    """The month that a number, a full name or its first three letters stand for, else None."""
    if text.isdecimal():
        return int(text)
    low = text.lower().rstrip(".")
    for number in MONTHS:
        names = {str(MONTHS[number]).lower(), str(MONTHS_3[number]).lower()}
        if low in names or (low == "sept" and number == 9):
            return number
    return None


class DateField(forms.DateField):
    """A date in day, month and year. Cleans to a `datetime.date`; months may be names.

    Errors name what is wrong ("The due date must include a month") and carry `parts`, the boxes concerned,
    so that the error summary's link goes to the first of them.
    """

    widget = DatePartsWidget
    needed = PARTS
    default_error_messages = {
        "incomplete_date": _("The date must include %(missing)s"),
        "year": _("The year must have 4 numbers"),
    }

    def to_python(self, value: Any) -> Any:
        """The date that the typed parts make. Raises ValidationError."""
        if value in self.empty_values or isinstance(value, datetime.date):
            return value or None
        absent = [part for part in self.needed if not value.get(part)]
        if absent:
            self.fail("incomplete_date", absent)
        day, month, year = (value.get(part) or "" for part in PARTS)
        numbers = {
            "day": int(day) if day.isdecimal() else 0 if day else 1,
            "month": month_number(month) or 0 if month else 1,
            "year": int(year) if year.isdecimal() else 0,
        }
        limits = {"day": range(1, 32), "month": range(1, 13), "year": YEARS}
        wrong = [part for part in PARTS if numbers[part] not in limits[part]]
        if len(year) != 4 and "year" in wrong:
            self.fail("year", ["year"]) if year.isdecimal() else self.fail("invalid", wrong)
        if wrong:
            self.fail("invalid", wrong)
        try:
            return datetime.date(**numbers)
        except ValueError:
            self.fail("invalid", ["day"])

    def fail(self, code: str, parts: list[str]) -> None:
        """Raise the error of this code about these boxes."""
        names = {"day": gettext("a day"), "month": gettext("a month"), "year": gettext("a year")}
        listed = [names[part] for part in parts]
        words = gettext(" and ").join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)
        raise ValidationError(self.error_messages[code], code=code, params={"parts": parts, "missing": words})

    def prepare_value(self, value: Any) -> Any:
        """The parts to show: of a date its numbers, of a bad answer what was typed."""
        if isinstance(value, datetime.date):
            return {"day": str(value.day), "month": str(value.month), "year": str(value.year)}
        return value or {}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the parts make another date than the initial one."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class PeriodField(DateField):
    """A date of which only the year must be known. Cleans to a Period, or None."""

    needed = ("year",)

    def to_python(self, value: Any) -> Period | None:
        """The period that the typed parts make. Raises ValidationError."""
        if value in self.empty_values or isinstance(value, Period):
            return value or None
        if isinstance(value, datetime.date):
            return Period(value, "day")
        if value.get("day") and value.get("year") and not value.get("month"):
            self.fail("incomplete_date", ["month"])
        precision = "day" if value.get("day") else "month" if value.get("month") else "year"
        return Period(super().to_python(value), precision)

    def prepare_value(self, value: Any) -> Any:
        """Only the parts that are known."""
        if not isinstance(value, Period):
            return super().prepare_value(value)
        known = {"day": PARTS, "month": PARTS[1:], "year": PARTS[2:]}[value.precision]
        return {part: str(getattr(value.date, part)) for part in known}


class MoneyField(forms.DecimalField):
    """An amount in pounds. Takes "4,800,000", "£4.8bn", "220 million"; cleans to a Decimal in pounds."""

    widget = forms.TextInput

    def __init__(self, *, max_digits: int = 16, decimal_places: int = 2, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """The amount in pounds. Raises ValidationError with code `invalid`."""
        if value in self.empty_values or isinstance(value, Decimal | int):
            return None if value in self.empty_values else Decimal(value)
        match = AMOUNT.match(str(value).strip())
        scale = match and (0 if not match[3] else SCALES.get(match[3].lower()))
        if match is None or scale is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            amount = Decimal(match[1] + re.sub(r"[,\s]", "", match[2])) * Decimal(10) ** scale
        except InvalidOperation as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        # Too many digits to round are left as they are: the field's own limit then says so.
        short = amount.adjusted() < self.max_digits
        return amount.quantize(Decimal("0.01")) if short and amount == round(amount, 2) else amount

    def prepare_value(self, value: Any) -> Any:
        """An amount with commas and without empty pence; a bad answer as typed."""
        return f"{value:,.2f}".removesuffix(".00") if isinstance(value, Decimal | int) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """None of the number input's: commas and words must be typable."""
        return {}
