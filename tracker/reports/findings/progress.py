"""Whether anybody would notice if it worked: measures of health among the commitments."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from policies.models import Initiative
from tracker.checks import facts
from tracker.reports import words
from tracker.reports.base import COUNT, DOTS, TEXT, Finding, Picture, Table, count, text


def health_measures(portfolio):
    """Commitments of the portfolio, those with any measure and those with one of health or wellbeing."""
    numbers = {
        "commitments": Count("pk"),
        "measured": Count("pk", filter=Q(facts.has_measure())),
        "health": Count("pk", filter=facts.has_health_measure()),
    }
    totals = portfolio.commitments.aggregate(**numbers)
    readable = Initiative.objects.visible_to(portfolio.user).values("pk")
    rows = list(
        portfolio.commitments.filter(parent__in=readable)
        .order_by()
        .values("parent__kind", "parent__reference", "parent__title")
        .annotate(**numbers)
        .order_by("parent__title", "parent__reference")
    )
    tables = [_summary(portfolio, totals)]
    if rows:
        tables.append(_by_parent(portfolio, rows))
    return Finding(
        code="health-measures",
        title=_("Whether progress for health is measured"),
        sentence=_sentence(totals),
        picture=_picture(totals),
        tables=tuple(tables),
        note=_("A measure counts as one of health when it, or the published indicator that it uses, is marked so."),
        source=_(
            "Health Foundation, The government’s levelling up agenda (2021): short- and longer-term measures of health "
            "and wellbeing."
        ),
    )


def _sentence(totals):
    if not totals["commitments"]:
        return _("No live commitment is recorded under this portfolio.")
    total, nouns = totals["commitments"], (_("commitment"), _("commitments"))
    says = (
        _("%(who)s has a measure of health or wellbeing on record.")
        if words.is_one(totals["health"], total)
        else _("%(who)s have a measure of health or wellbeing on record.")
    )
    return words.sentences(
        says % {"who": words.begun(words.out_of(totals["health"], total, *nouns))},
        _("Any measure at all is on record for %(number)s.") % {"number": totals["measured"]},
    )


def _picture(totals):
    if not totals["commitments"]:
        return None
    shown = _("%(health)s of %(all)s have a measure of health or wellbeing.")
    return Picture(
        DOTS,
        _("Commitments by whether health is measured"),
        shown % {"health": totals["health"], "all": totals["commitments"]},
        {
            "done": totals["health"],
            "total": totals["commitments"],
            "filled": _("A measure of health or wellbeing"),
            "empty": _("None recorded"),
        },
    )


def _summary(portfolio, totals):
    total, measured, health = totals["commitments"], totals["measured"], totals["health"]
    return Table(
        _("Commitments and their measures"),
        ((_("What"), TEXT), (_("Commitments"), COUNT)),
        (
            (text(_("Live commitments")), count(total, portfolio.commitment_rows(total))),
            (
                text(_("With a measure")),
                count(measured, portfolio.commitment_rows(measured, recorded="measure")),
            ),
            (
                text(_("With a measure of health or wellbeing")),
                count(health, portfolio.commitment_rows(health, health_measure="yes")),
            ),
            (
                text(_("No measure of health or wellbeing recorded")),
                count(total - health, portfolio.commitment_rows(total - health, health_measure="no")),
            ),
        ),
    )


def _by_parent(portfolio, rows):
    lines = []
    for row in rows:
        under = {"parent": row["parent__reference"]}
        lines.append(
            (
                text(row["parent__title"], row["parent__kind"], row["parent__reference"]),
                count(row["commitments"], portfolio.commitment_rows(row["commitments"], **under)),
                count(row["measured"], portfolio.commitment_rows(row["measured"], recorded="measure", **under)),
                count(row["health"], portfolio.commitment_rows(row["health"], health_measure="yes", **under)),
            )
        )
    return Table(
        _("Commitments by what they stand under"),
        (
            (_("Under"), TEXT),
            (_("Commitments"), COUNT),
            (_("With a measure"), COUNT),
            (_("With a measure of health or wellbeing"), COUNT),
        ),
        lines,
    )
