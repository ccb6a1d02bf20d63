"""Sentences and evidence, built in SQL.

Evidence is a JSON object: `facts` (label and value), and `rows` (objects) with the order of their `columns`.
It holds dates and not numbers of days, since a flag counts as changed when its evidence does.
"""

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Func, IntegerField, JSONField, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, Lower, Substr
from django.db.models.lookups import GreaterThanOrEqual


def sentence(*parts):
    """Join words and expressions into one text; whatever is unknown is left out."""
    return Func(
        *(Value(part) if isinstance(part, str) else part for part in parts),
        function="CONCAT",
        output_field=TextField(),
    )


def date(expression):
    """A date as people read it: 31 December 2025."""
    return Func(expression, Value("FMDD FMMonth YYYY"), function="TO_CHAR", output_field=TextField())


def pounds(expression):
    """An amount as people read it: £4.8bn, £220m, £950,000."""
    return Case(
        When(
            GreaterThanOrEqual(expression, Value(1_000_000_000)),
            then=_scaled(expression, 1_000_000_000, "bn"),
        ),
        When(GreaterThanOrEqual(expression, Value(1_000_000)), then=_scaled(expression, 1_000_000, "m")),
        default=Concat(
            Value("£"),
            Func(expression, Value("FM999,999,999"), function="TO_CHAR", output_field=TextField()),
            output_field=TextField(),
        ),
        output_field=TextField(),
    )


def _scaled(expression, unit, letters):
    # trim_scale drops the zeros that nobody says: 4.80 is 4.8, 22.00 is 22.
    rounded = Func(
        expression,
        Value(unit),
        template="trim_scale(round(%(expressions)s, 2))",
        arg_joiner=" / ",
        output_field=TextField(),
    )
    return Concat(Value("£"), Cast(rounded, TextField()), Value(letters), output_field=TextField())


def if_filled(field, words):
    """Words that are said only when a text column has something in it."""
    return Case(When(**{f"{field}__gt": ""}, then=Value(words)), default=Value(""), output_field=TextField())


def choice(field, choices):
    """A coded column in words."""
    return Case(
        *(When(**{field: code}, then=Value(str(label))) for code, label in choices.choices),
        default=Value(""),
        output_field=TextField(),
    )


def listed(queryset, column):
    """The values of a column over the rows of a correlated queryset, as a list with commas; for a sentence."""
    names = (
        queryset.order_by()
        .values(_group=Value(1))
        .annotate(names=StringAgg(column, delimiter=", ", distinct=True))
        .values("names")
    )
    return Subquery(names, output_field=TextField())


def outcome_names(queryset):
    """The outcomes of correlated links, as a list that goes on in a sentence."""
    name = "outcome__name"
    return listed(queryset, Concat(Lower(Substr(name, 1, 1)), Substr(name, 2), output_field=TextField()))


def counted(queryset):
    """How many rows a correlated queryset has."""
    number = queryset.order_by().values(_group=Value(1)).annotate(number=Count("*")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def proof(facts=None, rows=None, columns=None):
    """The evidence of a breach: labelled facts, and the rows of a correlated queryset."""
    parts = {
        "facts": Func(
            *(
                JSONObject(label=Value(label), value=Value(value) if isinstance(value, str) else value)
                for label, value in (facts or {}).items()
            ),
            function="JSONB_BUILD_ARRAY",
            output_field=JSONField(),
        )
    }
    if rows is not None:
        parts["columns"] = Value(list(columns), output_field=JSONField())
        parts["rows"] = Func(
            ArraySubquery(rows.annotate(_row=JSONObject(**columns)).values("_row")),
            function="TO_JSONB",
            output_field=JSONField(),
        )
    return JSONObject(**parts)
