"""Sentences and evidence, built in SQL.

Evidence is a JSON object: `facts` (label and value), and `rows` (objects) with the order of their `columns`.
It holds dates and not numbers of days, since a flag counts as changed when its evidence does.
"""

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, DateField, F, Func, IntegerField, JSONField, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, Lower, Substr
from django.db.models.lookups import GreaterThanOrEqual

from policies.models import Precision

# The last comma of a list becomes "and". For names that hold no commas.
AND = r"REGEXP_REPLACE({list}, ', ([^,]*)$', ' and \1')"


def sentence(*parts):
    """Join words and expressions into one text; whatever is unknown is left out."""
    return Func(
        *(Value(part) if isinstance(part, str) else part for part in parts),
        function="CONCAT",
        output_field=TextField(),
    )


def joined(*expressions):
    """Those texts that there are, as a list that goes on in a sentence: a place, a date and a measure."""
    return Func(
        Value(", "),
        *expressions,
        function="CONCAT_WS",
        template=AND.replace("{list}", "%(function)s(%(expressions)s)"),
        output_field=TextField(),
    )


def date(expression):
    """A date as people read it: 31 December 2025."""
    return _as_text(expression, "FMDD FMMonth YYYY")


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


def number(expression):
    """A number as people read it, without the zeros that nobody says: 75, 0.4, 300,000."""
    return Func(
        expression,
        template="RTRIM(TO_CHAR(%(expressions)s, 'FM999,999,999,999,990.999999'), '.')",
        output_field=TextField(),
    )


def last_day(field):
    """The last day of a date of which only the month or the year may be known."""
    template = "(DATE_TRUNC('{0}', %(expressions)s) + INTERVAL '1 {0}' - INTERVAL '1 day')::date"
    day = F(f"{field}_date")
    rounded = (
        When(
            **{f"{field}_precision": known},
            then=Func(day, template=template.format(known), output_field=DateField()),
        )
        for known in (Precision.MONTH, Precision.YEAR)
    )
    return Case(*rounded, default=day, output_field=DateField())


def on_date(field):
    """A date as far as it is known, as it goes on in a sentence: on 31 March 2022, in March 2022, in 2022."""
    day = F(f"{field}_date")
    return Case(
        When(**{f"{field}_precision": Precision.YEAR}, then=_as_text(day, '"in" YYYY')),
        When(**{f"{field}_precision": Precision.MONTH}, then=_as_text(day, '"in" FMMonth YYYY')),
        default=_as_text(day, '"on" FMDD FMMonth YYYY'),
        output_field=TextField(),
    )


def _as_text(expression, form):
    return Func(expression, Value(form), function="TO_CHAR", output_field=TextField())


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
