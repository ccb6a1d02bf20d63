"""NHS: does the NHS have a part in what should improve health?"""

from django.db.models import Case, F, Q, TextField, Value, When

from policies.models import Sector
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import listed, sentence
from tracker.models import Severity

HUMAN = "human"


@register
class NoNhsRole(Check):
    """Flags: a policy or commitment that improves a health outcome or builds human capital, in which no role is
    recorded for the NHS.

    Why: the NHS knows who is ill and why, and works in every place; left out, it can neither help nor prepare.

    Do: ask the integrated care boards of the places concerned, or NHS England, what part they should have, and
    record it.

    Source: Health Foundation, The government's levelling up agenda (2021): a greater role for the NHS in
    population health.
    """

    code = "NHS001"
    title = "No NHS role"
    severity = Severity.HIGH

    def breaches(self, scope):
        improves, human = Q(facts.improves_outcome()), Q(facts.has_capital(HUMAN))
        reason = Case(
            When(improves & human, then=Value("improves health outcomes and builds human capital")),
            When(improves, then=Value("improves health outcomes")),
            default=Value("builds human capital"),
            output_field=TextField(),
        )
        return (
            facts.judged(scope)
            .filter((improves | human) & ~Q(facts.has_nhs_role()))
            .annotate(
                sentence=sentence("“", F("title"), "” ", reason, ", and no role is recorded for the NHS."),
                proof=who_has_a_role((Sector.NHS, "the NHS")),
            )
        )


@register
class NhsUnderplayed(Check):
    """Flags: a policy or commitment in which NHS bodies have roles, and all are to bid, to receive or to be
    consulted.

    Why: being asked is not taking part.

    Do: agree a role in design or delivery with the NHS bodies concerned, and record it.

    Source: Health Foundation, The government's levelling up agenda (2021): the role of the NHS is underplayed.
    """

    code = "NHS002"
    title = "NHS underplayed"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope)
            .filter(facts.only_shallow(Sector.NHS))
            .annotate(
                sentence=sentence(
                    "In “",
                    F("title"),
                    "” the NHS only bids, receives or is consulted (",
                    listed(facts.roles(Sector.NHS), "organisation__name"),
                    ").",
                ),
                proof=who_has_a_role(sector=Sector.NHS),
            )
        )
