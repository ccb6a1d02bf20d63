"""From the text of a cell to its value. Each function returns the value or raises CellError."""

import datetime
import re
from decimal import Decimal, InvalidOperation

from policies.models.words import hides_something
from policies.workbook.problems import CellError
from policies.workbook.sheets import Cell

YES, NO = ("true", "yes", "1"), ("false", "no", "0")


def read(column, text, model, lookups):
    """The value of a cell; the column's default, or an empty value of its kind, if there is nothing in it."""
    if "\x00" in text:
        raise CellError(
            "The text holds a character that cannot be kept.",
            "It is not part of any word.",
            "Type the text again.",
        )
    if text.strip() and hides_something(text):  # spaces alone are an empty cell
        raise CellError(
            "The text holds characters that nobody can see.",
            "They hide or turn other words.",
            "Type the text again instead of pasting it.",
        )
    text = text.strip() if column.cell is Cell.LONG_TEXT else " ".join(text.split())
    if not text:
        return _empty(column)
    if column.cell is Cell.CODE:
        return lookups.find(column.lookup, text)
    if column.cell is Cell.CODES:
        return [lookups.find(column.lookup, code.strip()) for code in text.split(";") if code.strip()]
    return READERS[column.cell](column, text, model)


def _empty(column):
    if column.required:
        raise CellError(
            f"The {column.title.lower()} is empty.", "Every row needs it.", f"Fill it in: {column.guidance}."
        )
    if column.default is not None:
        return column.default
    if column.cell is Cell.CODES:
        return []
    return "" if column.cell in (Cell.TEXT, Cell.LONG_TEXT, Cell.ADDRESS) else None


def _text(column, text, model):
    longest = model._meta.get_field(column.field or column.name).max_length
    if longest and len(text) > longest:
        raise CellError(
            f"The {column.title.lower()} has {len(text)} characters.",
            f"There is room for {longest}.",
            f"Shorten it by {len(text) - longest}.",
        )
    return text


def _address(column, text, model):
    if not re.fullmatch(r"https?://\S+", text):
        raise CellError(
            f"“{text}” is not a web address.",
            "Readers follow it to check.",
            "Begin it with https:// and leave out spaces.",
        )
    return _text(column, text, model)


def _date(column, text, model):
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    raise CellError(
        f"“{text}” is not a date.",
        "Days and months are confused in other forms.",
        "Write year, month and day, such as 2027-03-31.",
    )


def _decimal(text, example):
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise CellError(
            f"“{text}” is not a number.",
            "It is added up and compared.",
            f"Write digits only, such as {example}.",
        )
    return number


def _number(column, text, model):
    number = _decimal(text, "12.5")
    field = model._meta.get_field(column.field or column.name)
    if column.name == "weight_percent" and not 0 <= number <= 100:
        raise CellError(
            f"“{text}” is not between 0 and 100.", "A weight is a share of the whole.", "Give the percentage."
        )
    _fits(number, field, text)
    return number


def _money(column, text, model):
    number = _decimal(text.removeprefix("£"), "4800000000")
    if number < 0:
        raise CellError(
            f"“{text}” is below zero.",
            "A value is what is spent or invested.",
            "Give the amount without a sign.",
        )
    _fits(number, model._meta.get_field(column.field or column.name), text)
    return number


def _fits(number, field, text):
    if abs(number) >= Decimal(10) ** (field.max_digits - field.decimal_places):
        raise CellError(f"“{text}” is too large.", "No programme is that size.", "Count its digits.")
    if number != round(number, field.decimal_places):
        raise CellError(
            f"“{text}” has too many decimal places.", f"{field.decimal_places} are kept.", "Round it to that."
        )


def _year(column, text, model):
    if not re.fullmatch(r"(199\d|20\d\d|2100)", text):
        raise CellError(
            f"“{text}” is not a year between 1990 and 2100.",
            "Values are compared in its prices.",
            "Write four digits, such as 2021.",
        )
    return int(text)


def _whole(column, text, model):
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise CellError(
            f"“{text}” is not a whole number.",
            "It shows which state of the record the row was made from.",
            "Put back what the downloaded workbook had, or empty the cell.",
        )
    return int(text)


def _yes_no(column, text, model):
    if text.lower() in YES + NO:
        return text.lower() in YES
    raise CellError(
        f"“{text}” is neither true nor false.",
        "Rows are counted by it.",
        "Write true or false.",
        ("true", "false"),
    )


def _choice(column, text, model):
    wanted = text.lower()
    for choice in column.choices:
        if wanted in (choice, choice.replace("_", " "), choice.replace("-", " ")):
            return int(choice) if choice.isdigit() else choice
    raise CellError(
        f"“{text}” is not one of the choices for {column.title.lower()}.",
        "Rows are counted by it.",
        "Write one of those that are accepted.",
        column.choices,
    )


READERS = {
    Cell.TEXT: _text,
    Cell.LONG_TEXT: _text,
    Cell.ADDRESS: _address,
    Cell.DATE: _date,
    Cell.NUMBER: _number,
    Cell.MONEY: _money,
    Cell.YEAR: _year,
    Cell.WHOLE: _whole,
    Cell.YES_NO: _yes_no,
    Cell.CHOICE: _choice,
}
