"""Where the money goes: value and number of policies by primary capital, and how far that can be trusted."""

from decimal import Decimal

from django.db.models import Case, Count, DecimalField, ExpressionWrapper, F, Q, Subquery, Sum, Value, When
from django.db.models.expressions import OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.models import Basis, Capital, CapitalLink, CapitalWeight
from tracker.checks.wording import counted
from tracker.reports import words
from tracker.reports.base import (
    COUNT,
    MONEY,
    PERCENT,
    SHARES,
    TEXT,
    Finding,
    Picture,
    Table,
    count,
    money,
    percent,
    text,
)

# What the picture counts in: the largest unit of which there is one.
UNITS = (
    (Decimal(10) ** 9, gettext_lazy("Value by primary capital, in billions of pounds")),
    (Decimal(10) ** 6, gettext_lazy("Value by primary capital, in millions of pounds")),
    (Decimal("0.01"), gettext_lazy("Value by primary capital, in pounds")),
)


def tilt(portfolio):
    """Share of pounds, and of policies, by primary capital."""
    rows, largest = _by_capital(portfolio), _largest(portfolio)
    pounds = sum(row["pounds"] for row in rows)
    return Finding(
        code="tilt",
        title=_("How far the money is tilted to one of the four capitals"),
        sentence=_sentence(portfolio, rows, pounds),
        picture=_picture(rows, pounds),
        tables=(_main(portfolio, rows, pounds), _sensitivity(rows, pounds, largest)),
        note=_note(portfolio, rows, pounds),
        source=_source(),
    )


def _source():
    return _(
        "Health Foundation, The government’s levelling up agenda (2021): initiatives tilted to financial and "
        "physical capital."
    )


def _by_capital(portfolio):
    """The four capitals in order, each with its numbers. Pounds are of policies whose primary capital it is."""
    primary = CapitalLink.objects.filter(weight=CapitalWeight.PRIMARY, initiative__in=portfolio.policies.values("pk"))
    found = {
        row.pop("capital"): row
        for row in primary.order_by()
        .values("capital")
        .annotate(
            policies=Count("pk"),
            pounds=Sum("initiative__value_gbp"),
            unvalued=Count("pk", filter=Q(initiative__value_gbp__isnull=True)),
            judged=Count("pk", filter=Q(basis=Basis.JUDGED)),
            judged_pounds=Sum("initiative__value_gbp", filter=Q(basis=Basis.JUDGED)),
        )
    }
    split = _split(portfolio)
    names = ("policies", "pounds", "unvalued", "judged", "judged_pounds")
    return [
        {
            "code": capital.code,
            "name": capital.name,
            "split": split.get(capital.pk) or Decimal(0),
            **{name: found.get(capital.pk, {}).get(name) or 0 for name in names},
        }
        for capital in Capital.objects.order_by("position")
    ]


def _split(portfolio):
    """Pounds of each capital when half of a value goes to the primary one and half, in equal parts, to the
    secondary ones; without secondary links all goes to the primary one. As the check CAP002 has it."""
    links = CapitalLink.objects.filter(initiative=OuterRef("initiative"))
    value, half = F("initiative__value_gbp"), Decimal("0.5")
    part = Case(
        When(weight=CapitalWeight.PRIMARY, secondaries=0, then=value),
        When(weight=CapitalWeight.PRIMARY, then=value * Value(half)),
        default=value * Value(half) / F("secondaries"),
        output_field=DecimalField(max_digits=24, decimal_places=6),
    )
    rows = (
        CapitalLink.objects.filter(initiative__in=portfolio.policies.values("pk"))
        .annotate(
            primaries=counted(links.filter(weight=CapitalWeight.PRIMARY)),
            secondaries=counted(links.filter(weight=CapitalWeight.SECONDARY)),
        )
        .filter(primaries=1)
        .order_by()
        .values("capital")
        .annotate(pounds=Sum(ExpressionWrapper(part, DecimalField(max_digits=24, decimal_places=6))))
    )
    return {row["capital"]: row["pounds"] for row in rows}


def _largest(portfolio):
    """The policy with the largest value that has a primary capital, or None."""
    primary = CapitalLink.objects.filter(initiative=OuterRef("pk"), weight=CapitalWeight.PRIMARY)
    return (
        portfolio.policies.annotate(main=Subquery(primary.values("capital__code")[:1]))
        .filter(value_gbp__gt=0, main__isnull=False)
        .order_by("-value_gbp", "reference")
        .values("reference", "title", "value_gbp", "main")
        .first()
    )


def _sentence(portfolio, rows, pounds):
    total = portfolio.totals["policies"]
    if not total:
        return _("There is no live policy in this portfolio.")
    linked = sum(row["policies"] for row in rows)
    if not linked:
        return _("No primary capital is recorded for %(policies)s.") % {"policies": words.out_of_policies(total, total)}
    if not pounds:
        return _("No value in pounds is recorded, so only policies can be counted: %(list)s.") % {
            "list": words.listed(f"{row['name']} {row['policies']}" for row in rows)
        }
    some = sorted((row for row in rows if row["pounds"]), key=lambda row: -row["pounds"])
    first, *others = some
    goes = [
        _("%(share)s goes to %(capital)s capital") % _goes(first, pounds),
        *(_("%(share)s to %(capital)s") % _goes(row, pounds) for row in others),
    ]
    return words.sentences(
        _("Of %(pounds)s in %(policies)s with a value, %(goes)s.")
        % {
            "pounds": words.pounds(pounds),
            "policies": words.policies(linked - sum(row["unvalued"] for row in rows)),
            "goes": words.listed(goes),
        },
        *_without_pounds(rows),
    )


def _without_pounds(rows):
    """What is not in the shares: capitals that no policy mainly builds, and those whose policies have no value."""
    none = [words.lowered(row["name"]) for row in rows if not row["policies"]]
    if none:
        yield _("No policy mainly builds %(capitals)s capital.") % {"capitals": words.listed(none, _("or"))}
    for row in rows:
        if row["policies"] and not row["pounds"]:
            values = {"policies": words.policies(row["policies"]), "capital": words.lowered(row["name"])}
            yield (
                ngettext(
                    "No value is recorded for the %(policies)s that mainly builds %(capital)s capital.",
                    "No value is recorded for the %(policies)s that mainly build %(capital)s capital.",
                    row["policies"],
                )
                % values
            )


def _goes(row, pounds):
    return {"share": _share(row["pounds"], pounds), "capital": words.lowered(row["name"])}


def _share(part, whole):
    return words.percentage(words.share(part, whole))


def _picture(rows, pounds):
    if not any(row["policies"] for row in rows):
        return None
    if pounds:
        unit, title = next((unit, title) for unit, title in UNITS if pounds >= unit)
        parts, what = [(row["name"], round(row["pounds"] / unit, 2)) for row in rows], _("Capital")
        most = max(rows, key=lambda row: row["pounds"])
        share = _share(most["pounds"], pounds)
    else:
        parts = [(row["name"], row["policies"]) for row in rows]
        title, what = _("Policies by primary capital"), _("Capital")
        most = max(rows, key=lambda row: row["policies"])
        share = _share(most["policies"], sum(row["policies"] for row in rows))
    shown = _("The largest part is %(capital)s: %(share)s.")
    return Picture(
        SHARES,
        str(title),
        shown % {"capital": words.lowered(most["name"]), "share": share},
        {
            "parts": parts,
            "what": what,
        },
    )


def _main(portfolio, rows, pounds):
    policies = sum(row["policies"] for row in rows)
    lines = [_line(portfolio, row["name"], row, pounds, policies, primary_capital=row["code"]) for row in rows]
    both = {name: sum(row[name] for row in rows) for name in ("policies", "pounds", "unvalued", "judged")}
    lines.append(_line(portfolio, _("All with a primary capital"), both, pounds, policies, recorded="primary_capital"))
    left = portfolio.totals["policies"] - policies
    if left:
        rest = portfolio.rows(left, missing="primary_capital")
        gone = portfolio.totals["pounds"] - portfolio.totals["primary_capital_pounds"]
        lines.append(
            (
                text(_("No primary capital recorded")),
                money(gone, rest),
                percent(None),
                count(left, rest),
                percent(None),
                text(""),
                text(""),
            )
        )
    columns = (
        (_("Primary capital"), TEXT),
        (_("Value"), MONEY),
        (_("Share of value"), PERCENT),
        (_("Policies"), COUNT),
        (_("Share of policies"), PERCENT),
        (_("Without a value"), COUNT),
        (_("Judged by an analyst"), COUNT),
    )
    return Table(_("Value and policies by primary capital"), columns, lines)


def _line(portfolio, name, row, pounds, policies, **filters):
    rows = portfolio.rows(row["policies"], **filters)
    return (
        text(name),
        money(row["pounds"], rows),
        percent(words.share(row["pounds"], pounds), rows),
        count(row["policies"], rows),
        percent(words.share(row["policies"], policies), rows),
        count(row["unvalued"], portfolio.rows(row["unvalued"], has_value="no", **filters)),
        count(row["judged"], portfolio.rows(row["judged"], primary_basis=Basis.JUDGED.value, **filters)),
    )


def _sensitivity(rows, pounds, largest):
    """The same shares by other ways of counting."""
    policies = sum(row["policies"] for row in rows)
    without = {
        row["code"]: row["pounds"] - (largest["value_gbp"] if largest and largest["main"] == row["code"] else 0)
        for row in rows
    }
    split = sum(row["split"] for row in rows)
    columns = [(_("Primary capital"), TEXT), (_("Share of value"), PERCENT)]
    if largest:
        columns.append((_("Without the largest, %(title)s") % {"title": largest["title"]}, PERCENT))
    columns += [(_("Split over secondary capitals too"), PERCENT), (_("By number of policies"), PERCENT)]
    lines = []
    for row in rows:
        line = [text(row["name"]), percent(words.share(row["pounds"], pounds))]
        if largest:
            line.append(percent(words.share(without[row["code"]], sum(without.values()))))
        line += [percent(words.share(row["split"], split)), percent(words.share(row["policies"], policies))]
        lines.append(line)
    return Table(_("How far the answer depends on the way of counting"), columns, lines)


def _note(portfolio, rows, pounds):
    linked = sum(row["policies"] for row in rows)
    if not linked:
        return ""
    judged = sum(row["judged"] for row in rows)
    resting = sum(row["judged_pounds"] for row in rows)
    unvalued = sum(row["unvalued"] for row in rows)
    return words.sentences(
        _("Each policy counts for its primary capital, the one that it mainly builds."),
        _("The primary capital of %(judged)s was judged by an analyst, not stated in the source.")
        % {"judged": words.out_of_policies(judged, linked)},
        _("%(share)s of the value rests on that judgement.") % {"share": _share(resting, pounds)} if pounds else "",
        _("No value is recorded for %(unvalued)s, which count only by number.")
        % {"unvalued": words.out_of_policies(unvalued, linked)}
        if unvalued
        else "",
        _("Split: half of a value to the primary capital and half, in equal parts, to the secondary ones."),
    )
