"""How many departments work on the same things, and how often they name each other.

A department is a lineage of lead organisations, so that a rename counts once. It *pursues* an outcome when it
leads a live policy that is linked to the outcome with the direction "improves". A *second department* is a
government department of another lineage than the lead's, in any role of the policy.
"""

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from policies.models import Direction, Outcome, OutcomeLink, Responsibility, Role
from tracker.checks import limits
from tracker.filters.lineages import lineages
from tracker.reports import words
from tracker.reports.base import BARS, COUNT, MONEY, TEXT, Finding, Picture, Table, count, money, text


def fragmentation(portfolio):
    """Lead departments, policies that name a second one, and outcomes that several pursue apart."""
    every = list(Outcome.objects.order_by("position"))
    many = limits.value("DEP002", "departments")  # the check and this finding go by one number
    here = _numbers(portfolio, every, many)
    whole = here if portfolio.is_whole else _numbers(portfolio.whole(), every, many)
    tables = (_summary(portfolio, here, whole), _by_outcome(portfolio, here), _by_department(portfolio, here))
    return Finding(
        code="fragmentation",
        title=_("Departments that pursue the same outcomes"),
        sentence=_sentence(here, whole, portfolio),
        picture=_picture(here),
        tables=tables,
        note=_(
            "A department that was renamed counts once. It pursues an outcome when it leads a live policy that should "
            "improve it. A second department is one in any role beside the lead. A national body "
            "that leads a policy counts as a department; a policy without a lead on record counts for none."
        ),
        source=_("Health Foundation, The government’s levelling up agenda (2021): partial and fragmented policy."),
    )


def _numbers(portfolio, every, many):
    policies = portfolio.policies.values("pk")
    lead = Responsibility.objects.filter(role=Role.LEAD)
    led = (
        lead.filter(initiative__in=policies)
        .order_by()
        .values(lineage=F("organisation__lineage"))
        .annotate(policies=Count("pk"), pounds=Sum("initiative__value_gbp"))
    )
    links = OutcomeLink.objects.filter(initiative__in=policies, direction=Direction.IMPROVES)
    pursuing = lead.filter(initiative=OuterRef("initiative")).values("organisation__lineage")[:1]
    outcomes = {
        row["outcome"]: row
        for row in links.annotate(lineage=Subquery(pursuing))
        .filter(lineage__isnull=False)
        .order_by()
        .values("outcome")
        .annotate(departments=Count("lineage", distinct=True), policies=Count("initiative", distinct=True))
    }
    return {
        "policies": portfolio.totals["policies"],
        "led": sorted(led, key=lambda row: (-row["policies"], row["lineage"])),
        "second": portfolio.totals["second_department"],
        "outcomes": outcomes,
        "crowded": sum(1 for row in outcomes.values() if row["departments"] >= many),
        "many": many,
        "all_outcomes": every,
    }


def _sentence(here, whole, portfolio):
    if not here["policies"]:
        return _("There is no live policy in this portfolio.")
    parts = [
        words.lead_departments(len(here["led"])),
        _("A second department is named in %(policies)s.")
        % {"policies": words.out_of_policies(here["second"], here["policies"])},
        words.crowded(here["crowded"], len(here["all_outcomes"]), here["many"]),
        _most(here),
    ]
    if not portfolio.is_whole:
        parts.append(
            _(
                "On the whole register: %(departments)s lead departments, %(second)s of %(policies)s policies with a "
                "second one, and %(crowded)s of %(outcomes)s outcomes pursued by %(many)s or more."
            )
            % {
                "departments": len(whole["led"]),
                "second": whole["second"],
                "policies": whole["policies"],
                "crowded": whole["crowded"],
                "outcomes": len(whole["all_outcomes"]),
                "many": here["many"],
            }
        )
    return words.sentences(*parts)


def _ranked(here):
    """Outcomes with how many lead departments pursue each, most first."""
    rows = [
        (
            outcome,
            here["outcomes"].get(outcome.pk, {}).get("departments", 0),
            here["outcomes"].get(outcome.pk, {}).get("policies", 0),
        )
        for outcome in here["all_outcomes"]
    ]
    return sorted(rows, key=lambda row: (-row[1], row[0].position))


def _most(here):
    ranked = _ranked(here)
    if not ranked or ranked[0][1] < here["many"]:
        return ""
    top = [outcome.name for outcome, number, _policies in ranked if number == ranked[0][1]]
    return _("Most departments, %(number)s, pursue: %(outcomes)s.") % {
        "number": ranked[0][1],
        "outcomes": words.listed(words.lowered(name) for name in top),
    }


def _picture(here):
    bars = [(outcome.name, number) for outcome, number, _policies in _ranked(here) if number]
    if not bars:
        return None
    return Picture(
        BARS,
        _("Lead departments that pursue each outcome"),
        _("%(outcome)s is pursued by most: %(number)s.") % {"outcome": bars[0][0], "number": bars[0][1]},
        {"bars": bars, "what": _("Outcome"), "unit": _("Lead departments")},
    )


def _summary(portfolio, here, whole):
    columns = [(_("What"), TEXT), (_("This portfolio"), COUNT)]
    sides = [(portfolio, here)]
    if not portfolio.is_whole:
        columns.append((_("Whole register"), COUNT))
        sides.append((portfolio.whole(), whole))
    led = [side.rows(sum(row["policies"] for row in n["led"]), recorded="lead") for side, n in sides]
    return Table(
        _("Departments and outcomes"),
        columns,
        (
            (text(_("Live policies")), *(count(n["policies"], side.rows(n["policies"])) for side, n in sides)),
            (
                text(_("Lead departments")),
                *(count(len(n["led"]), rows, of="departments") for (_side, n), rows in zip(sides, led, strict=True)),
            ),
            (
                text(_("Policies that name a second department")),
                *(count(n["second"], side.rows(n["second"], second_department="yes")) for side, n in sides),
            ),
            (
                text(_("Outcomes pursued by %(many)s or more lead departments") % {"many": here["many"]}),
                *(count(n["crowded"], of="outcomes") for _side, n in sides),
            ),
            (text(_("Outcomes in all")), *(count(len(n["all_outcomes"]), of="outcomes") for _side, n in sides)),
        ),
    )


def _by_outcome(portfolio, here):
    lines = []
    for outcome, departments, policies in _ranked(here):
        rows = portfolio.rows(policies, outcome=outcome.code, direction=Direction.IMPROVES.value, recorded="lead")
        lines.append((text(outcome.name), count(departments, rows, of="departments"), count(policies, rows)))
    return Table(
        _("Who pursues each outcome"),
        ((_("Outcome"), TEXT), (_("Lead departments"), COUNT), (_("Policies"), COUNT)),
        lines,
    )


def _by_department(portfolio, here):
    names = {one.lineage: one.name for one in lineages().filter(lineage__in=[row["lineage"] for row in here["led"]])}
    lines = []
    for row in here["led"]:
        rows = portfolio.rows(row["policies"], lead_lineage=row["lineage"])
        lines.append((text(names[row["lineage"]]), count(row["policies"], rows), money(row["pounds"] or 0, rows)))
    return Table(
        _("Policies by lead department"),
        ((_("Lead department"), TEXT), (_("Policies"), COUNT), (_("Value"), MONEY)),
        lines,
    )
