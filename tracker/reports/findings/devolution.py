"""Whether the NHS is at the table of devolution deals."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from policies.models import Form, Initiative, Status
from tracker.checks import facts
from tracker.reports import words
from tracker.reports.base import COUNT, DOTS, TEXT, Finding, Picture, Rows, Table, count, text


def deals(portfolio):
    """Devolution deals with an NHS member, of all on the register: they belong to no portfolio of policies."""
    rows = list(
        Initiative.objects.visible_to(portfolio.user)
        .live()
        .partnerships()
        .order_by()
        .values("form")
        .annotate(
            partnerships=Count("pk"),
            nhs=Count("pk", filter=Q(facts.has_nhs_role())),
            gap=Count("pk", filter=~Q(facts.has_nhs_role()) & Q(health_in_scope=True)),
        )
    )
    by_form = {row["form"]: row for row in rows}
    empty = {"partnerships": 0, "nhs": 0, "gap": 0}
    deal = by_form.get(Form.DEVOLUTION_DEAL, empty)
    return Finding(
        code="devolution",
        title=_("The NHS in devolution deals"),
        sentence=_sentence(deal["partnerships"], deal["nhs"], by_form.get(Form.HEALTH_DEVOLUTION, empty)),
        picture=_picture(deal["partnerships"], deal["nhs"]),
        tables=(_table(rows),) if rows else (),
        note=_(
            "All live partnerships on the register are counted, whichever portfolio is chosen. An NHS member is an NHS "
            "body with any role on record."
        ),
        source=_("Health Foundation, The government’s levelling up agenda (2021): devolution and health."),
    )


def _sentence(total, nhs, health):
    if not total:
        return _("No live devolution deal is on the register.")
    says = (
        _("%(who)s has an NHS body on record as a member.")
        if words.is_one(nhs, total)
        else _("%(who)s have an NHS body on record as a member.")
    )
    who = words.out_of(nhs, total, _("devolution deal"), _("devolution deals"))
    apart = _("Agreements on health devolution are counted apart: %(nhs)s of %(all)s with an NHS member.")
    return words.sentences(
        says % {"who": words.begun(who)},
        apart % {"nhs": health["nhs"], "all": health["partnerships"]} if health["partnerships"] else "",
    )


def _picture(total, nhs):
    if not total:
        return None
    return Picture(
        DOTS,
        _("Devolution deals by whether an NHS body is a member"),
        _("%(nhs)s of %(all)s have an NHS member on record.") % {"nhs": nhs, "all": total},
        {"done": nhs, "total": total, "filled": _("An NHS member"), "empty": _("No NHS member recorded")},
    )


def _table(rows):
    def listed(number, form, **filters):
        chosen = {"status": Status.PUBLISHED.value, "form": form, **filters}
        return count(number, Rows("partnerships", chosen, number))

    order = list(Form)
    lines = []
    for row in sorted(rows, key=lambda row: order.index(row["form"])):
        form, total = row["form"], row["partnerships"]
        lines.append(
            (
                text(str(Form(form).label)),
                listed(total, form),
                listed(row["nhs"], form, nhs_member="yes"),
                listed(total - row["nhs"], form, nhs_member="no"),
                listed(row["gap"], form, nhs_member="no", health_in_scope="yes"),
            )
        )
    return Table(
        _("Partnerships by form, and the NHS among their members"),
        (
            (_("Form"), TEXT),
            (_("Partnerships"), COUNT),
            (_("With an NHS member"), COUNT),
            (_("No NHS member recorded"), COUNT),
            (_("Of these, health in scope"), COUNT),
        ),
        lines,
    )
