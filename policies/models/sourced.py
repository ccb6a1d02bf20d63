"""Where a fact comes from: shared columns, and the ways in which dates are only partly known."""

from django.db import models
from django.db.models import Q


class Basis(models.TextChoices):
    """Whether a source says it, or somebody judged it."""

    STATED = "stated", "Stated in the source"
    JUDGED = "judged", "Judged by an analyst"


class Precision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", "Day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


class Sourced(models.Model):
    """A row that names its source."""

    source_title = models.CharField("source", max_length=300, blank=True)
    source_url = models.CharField("source address", max_length=500, blank=True)

    class Meta:
        abstract = True


def url_is_http(name):
    """A source's address is a web address or empty."""
    return models.CheckConstraint(
        condition=Q(source_url="") | Q(source_url__regex=r"^https?://\S+$"), name=f"{name}_source_url_http"
    )


def one_of(name, field, choices):
    """A coded column holds one of its codes."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(choices.values)}), name=f"{name}_{field}_known")


def both_or_neither(name, *fields):
    """Columns that are filled together or not at all: who did it, and when."""
    filled = Q(**{f"{field}__isnull": False for field in fields})
    empty = Q(**{f"{field}__isnull": True for field in fields})
    return models.CheckConstraint(condition=filled | empty, name=name)


def date_with_precision(name, field):
    """A date has a precision, and a precision has a date."""
    date, precision = f"{field}_date", f"{field}_precision"
    return models.CheckConstraint(
        condition=Q(**{f"{date}__isnull": True, precision: ""})
        | Q(**{f"{date}__isnull": False, f"{precision}__in": Precision.values}),
        name=f"{name}_{field}_precision",
    )


def ordered(name, first, last):
    """`last` is not before `first`; either may be unknown."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{last}__gte": models.F(first)}),
        name=name,
    )
