"""Whether money is given out with health in view: measures of health among allocation criteria."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import AllocationCriterion, Kind
from tracker.reports import words
from tracker.reports.base import COUNT, DOTS, TEXT, Finding, Picture, Table, count, text


def health_in_criteria(portfolio):
    """Policies with allocation criteria on record, and those with a measure of health among them."""
    rows = list(
        AllocationCriterion.objects.filter(initiative__in=portfolio.policies.values("pk"))
        .order_by()
        .values("initiative__reference", "initiative__title")
        .annotate(criteria=Count("pk"), health=Count("pk", filter=Q(is_health=True)))
        .order_by("-health", "initiative__title")
    )
    totals = {
        "policies": len(rows),
        "healthy": sum(1 for row in rows if row["health"]),
        "criteria": sum(row["criteria"] for row in rows),
        "health": sum(row["health"] for row in rows),
    }
    return Finding(
        code="health-in-criteria",
        title=_("Health in the criteria by which money is given out"),
        sentence=_sentence(totals),
        picture=_picture(totals),
        tables=(_summary(portfolio, totals), _by_policy(rows)) if rows else (_summary(portfolio, totals),),
        note=_note(portfolio),
        source=_(
            "Health Foundation, The government’s levelling up agenda (2021): no measure of health in the allocation "
            "criteria of the levelling-up funds."
        ),
    )


def _sentence(totals):
    if not totals["policies"]:
        return _("No allocation criteria are recorded for any policy of this portfolio.")
    some, every = totals["healthy"], totals["policies"]
    who = words.out_of(some, every, _("policy with recorded criteria"), _("policies with recorded criteria"))
    says = (
        _("%(who)s for giving out money has a measure of health among them.")
        if words.is_one(some, every)
        else _("%(who)s for giving out money have a measure of health among them.")
    )
    return words.sentences(
        says % {"who": words.begun(who)},
        _("Of all their criteria, %(health)s of %(criteria)s measure health.")
        % {"health": totals["health"], "criteria": totals["criteria"]},
    )


def _picture(totals):
    if not totals["policies"]:
        return None
    title = _("Policies with recorded allocation criteria")
    shown = _("%(health)s of %(all)s have a measure of health among their criteria.")
    return Picture(
        DOTS,
        title,
        shown % {"health": totals["healthy"], "all": totals["policies"]},
        {
            "done": totals["healthy"],
            "total": totals["policies"],
            "filled": _("A measure of health"),
            "empty": _("No measure of health"),
        },
    )


def _summary(portfolio, totals):
    recorded = portfolio.rows(totals["policies"], criteria="recorded")
    healthy = portfolio.rows(totals["healthy"], health_criterion="yes")
    without = totals["policies"] - totals["healthy"]
    return Table(
        _("Measures of health in allocation criteria"),
        ((_("What"), TEXT), (_("Policies"), COUNT), (_("Criteria"), COUNT)),
        (
            (
                text(_("Allocation criteria recorded")),
                count(totals["policies"], recorded),
                count(totals["criteria"], recorded, of="criteria"),
            ),
            (
                text(_("A measure of health among them")),
                count(totals["healthy"], healthy),
                count(totals["health"], healthy, of="criteria"),
            ),
            (
                text(_("No measure of health among them")),
                count(without, portfolio.rows(without, health_criterion="no")),
                count(totals["criteria"] - totals["health"], recorded, of="criteria"),
            ),
        ),
    )


def _by_policy(rows):
    return Table(
        _("Policies with recorded allocation criteria"),
        ((_("Policy"), TEXT), (_("Criteria"), COUNT), (_("Measures of health among them"), COUNT)),
        [
            (
                text(row["initiative__title"], Kind.POLICY.value, row["initiative__reference"]),
                count(row["criteria"], of="criteria"),
                count(row["health"], of="criteria"),
            )
            for row in rows
        ],
    )


def _note(portfolio):
    missing = portfolio.totals["fund_without_criteria"]
    if not missing:
        return ""
    return ngettext(
        "For %(number)s fund no criteria are recorded, so nothing is known of how it gives out its money.",
        "For %(number)s funds no criteria are recorded, so nothing is known of how they give out their money.",
        missing,
    ) % {"number": missing}
