"""Keyset order: where a row stands in an order, and the rows after or before it, as one SQL condition.

Unlike an offset, a position does not move when rows are added or deleted, and is as quick to find at the end as
at the start.
"""

import datetime
import decimal
from dataclasses import dataclass

from django.db.models import F, FloatField, Q
from django.db.models.expressions import OrderBy
from django.db.models.functions import Cast


@dataclass(frozen=True)
class Key:
    """One term of an order. `name` is the column under which the queryset carries its value."""

    name: str
    descending: bool
    nulls_last: bool
    nullable: bool

    def reversed(self):
        """The same term read from the other end."""
        return Key(self.name, not self.descending, not self.nulls_last, self.nullable)

    def ordering(self):
        """The term for order_by; the place of nulls is only said where there can be any, for the index's sake."""
        if not self.nullable:
            return OrderBy(F(self.name), descending=self.descending)
        nulls = {"nulls_last": True} if self.nulls_last else {"nulls_first": True}
        return OrderBy(F(self.name), descending=self.descending, **nulls)

    def beyond(self, value):
        """Rows that come after the value in this term; None where there can be none."""
        if value is None:
            return None if self.nulls_last else Q(**{f"{self.name}__isnull": False})
        further = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.nullable and self.nulls_last else further

    def level(self, value):
        """Rows that have the same value."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


class Order:
    """The total order of a queryset: its own order_by, and at last a unique column that breaks ties."""

    def __init__(self, queryset, tie_break):
        terms = [_term(term) for term in queryset.query.order_by or queryset.query.get_meta().ordering]
        if not any(term.expression == F(tie_break) for term in terms):
            terms.append(OrderBy(F(tie_break)))
        self.keys, columns = [], {}
        for number, term in enumerate(terms):
            name = f"page_key_{number}"
            columns[name] = _comparable(queryset, term.expression)
            self.keys.append(
                Key(
                    name,
                    term.descending,
                    bool(term.nulls_last or (not term.nulls_first and not term.descending)),
                    _nullable(queryset, term.expression),
                )
            )
        self.rows = queryset.annotate(**columns)

    def position(self, row):
        """Where a row stands, as plain JSON values."""
        return [_plain(getattr(row, key.name)) for key in self.keys]

    def from_position(self, position, *, backwards=False):
        """Rows that come after a position, nearest first; backwards, those before it; all rows without one."""
        keys = [key.reversed() for key in self.keys] if backwards else self.keys
        rows = self.rows
        if position is not None:
            rows = rows.filter(_after(keys, position))
        return rows.order_by(*(key.ordering() for key in keys))


def _after(keys, position):
    found, level = Q(pk__in=[]), Q()
    for key, value in zip(keys, position, strict=True):
        beyond = key.beyond(value)
        if beyond is not None:
            found |= level & beyond
        level &= key.level(value)
    first, start = keys[0], position[0]
    if not first.nullable and len(keys) > 1:
        # Says nothing new, but is a plain range on the leading column, which an index can begin at.
        found &= Q(**{f"{first.name}__{'lte' if first.descending else 'gte'}": start})
    return found


def _term(term):
    if isinstance(term, OrderBy):
        return term
    if hasattr(term, "resolve_expression"):
        return OrderBy(term)
    return OrderBy(F(term.lstrip("-")), descending=term.startswith("-"))


def _output_field(queryset, expression):
    return expression.resolve_expression(queryset.query.clone()).output_field


def _comparable(queryset, expression):
    """The value as it can be sent away and compared again: a rank has 4 bytes, whose decimals are not exact."""
    if isinstance(_output_field(queryset, expression), FloatField):
        return Cast(expression, FloatField())
    return expression


def _nullable(queryset, expression):
    """Whether the term can be null: only a column of the model itself is known not to be."""
    if not isinstance(expression, F) or expression.name in queryset.query.annotations:
        return True
    names = {field.name: field for field in queryset.model._meta.get_fields() if hasattr(field, "null")}
    field = queryset.model._meta.pk if expression.name == "pk" else names.get(expression.name)
    return field is None or field.null


def _plain(value):
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, decimal.Decimal) else value
