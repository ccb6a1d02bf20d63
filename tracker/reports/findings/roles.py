"""Who has a part in the policies: the NHS, and local government."""

from django.utils.translation import gettext as _

from policies.models import Kind, Role, Sector
from tracker.reports import words
from tracker.reports.base import COUNT, DOTS, MONEY, SHARES, TEXT, Finding, Picture, Table, count, money, text

NAMED = 4  # policies that a sentence can name without becoming a list


def nhs_role(portfolio):
    """In how many policies a role of the NHS is recorded, and in which."""
    totals, rows = portfolio.totals, _holders(portfolio, Sector.NHS)
    policies, held = totals["policies"], totals["nhs_role"]
    titles = list(dict.fromkeys(row["initiative__title"] for row in rows))
    if not policies:
        sentence = _("There is no live policy in this portfolio.")
    else:
        sentence = _("A role for the NHS is recorded in %(policies)s%(names)s.") % {
            "policies": words.out_of_policies(held, policies),
            "names": f": {words.listed(titles)}" if 0 < held <= NAMED else "",
        }
    lines = [
        _line(portfolio, _("A role recorded"), held, totals["nhs_role_pounds"], nhs_role="recorded"),
        _line(
            portfolio,
            _("No role recorded"),
            policies - held,
            totals["pounds"] - totals["nhs_role_pounds"],
            nhs_role="none",
        ),
    ]
    tables = [_summary(_("Policies by role of the NHS"), lines)]
    if rows:
        tables.append(_who(_("Roles of the NHS"), rows))
    return Finding(
        code="nhs-role",
        title=_("The part of the NHS"),
        sentence=sentence,
        picture=_dots(held, policies),
        tables=tuple(tables),
        note=_not_involved(),
        source=_(
            "Health Foundation, The government’s levelling up agenda (2021): a greater role for the NHS in improving "
            "population health."
        ),
    )


def local_role(portfolio):
    """In how many policies local government shapes or delivers, only bids, or has no role on record."""
    totals = portfolio.totals
    policies, deep, shallow = totals["policies"], totals["local_deep"], totals["local_shallow"]
    none = policies - deep - shallow
    none_pounds = totals["pounds"] - totals["local_deep_pounds"] - totals["local_shallow_pounds"]
    lines = [
        _line(
            portfolio,
            _("Leads, delivers, supports or funds"),
            deep,
            totals["local_deep_pounds"],
            local_role="beyond_depth_1",
        ),
        _line(
            portfolio,
            _("Only bids, receives or is consulted"),
            shallow,
            totals["local_shallow_pounds"],
            local_role="depth_1_only",
        ),
        _line(portfolio, _("No role recorded"), none, none_pounds, local_role="none"),
    ]
    tables = [_summary(_("Policies by role of local government"), lines)]
    rows = _holders(portfolio, Sector.LOCAL_GOVERNMENT)
    if rows:
        tables.append(_who(_("Roles of local government"), rows))
    return Finding(
        code="local-government-role",
        title=_("The part of local government"),
        sentence=_local_sentence(policies, deep, shallow, none, totals["local_shallow_pounds"]),
        picture=_shares(deep, shallow, none),
        tables=tuple(tables),
        note=_not_involved(),
        source=_(
            "Health Foundation, The government’s levelling up agenda (2021): the role of local government is "
            "underplayed."
        ),
    )


def _local_sentence(policies, deep, shallow, none, pounds):
    if not policies:
        return _("There is no live policy in this portfolio.")
    worth = _(", worth %(pounds)s,") % {"pounds": words.pounds(pounds)} if pounds else ""
    return words.sentences(
        _("Local government leads, delivers, supports or funds %(deep)s.")
        % {"deep": words.out_of_policies(deep, policies)},
        _("In %(shallow)s%(worth)s it only bids, receives or is consulted.") % {"shallow": shallow, "worth": worth}
        if shallow
        else _("There is none in which it only bids, receives or is consulted."),
        _("In %(none)s no role is recorded.") % {"none": none} if none else "",
    )


def _not_involved():
    return _("“No role recorded” means that the text that was read names none. It does not mean “not involved”.")


def _holders(portfolio, sector):
    return [row for row in portfolio.roles if row["organisation__sector"] == sector]


def _line(portfolio, name, number, pounds, **filters):
    rows = portfolio.rows(number, **filters)
    return text(name), count(number, rows), money(pounds, rows)


def _summary(caption, lines):
    return Table(caption, ((_("Role"), TEXT), (_("Policies"), COUNT), (_("Value"), MONEY)), lines)


def _who(caption, rows):
    return Table(
        caption,
        ((_("Policy"), TEXT), (_("Organisation"), TEXT), (_("Role"), TEXT)),
        [
            (
                text(row["initiative__title"], Kind.POLICY.value, row["initiative__reference"]),
                text(row["organisation__name"]),
                text(str(Role(row["role"]).label)),
            )
            for row in rows
        ],
    )


def _dots(held, policies):
    if not policies:
        return None
    shown = _("A role for the NHS is recorded in %(held)s of %(all)s.") % {"held": held, "all": policies}
    return Picture(
        DOTS,
        _("Policies by role of the NHS"),
        shown,
        {"done": held, "total": policies, "filled": _("A role recorded"), "empty": _("No role recorded")},
    )


def _shares(deep, shallow, none):
    if not deep + shallow + none:
        return None
    parts = [
        (_("Leads, delivers, supports or funds"), deep),
        (_("Only bids, receives or is consulted"), shallow),
        (_("No role recorded"), none),
    ]
    shown = _("Of %(all)s policies, local government has a role beyond bidding in %(deep)s.")
    return Picture(
        SHARES,
        _("Policies by role of local government"),
        shown % {"all": deep + shallow + none, "deep": deep},
        {"parts": parts, "what": _("Role")},
    )
