"""CAP: do initiatives build all four capitals, or only bricks?"""

from django.db.models import F, Q

from policies.models import CapitalWeight
from tracker.checks import facts
from tracker.checks.base import Check, Threshold, register
from tracker.checks.wording import choice, counted, pounds, proof, sentence
from tracker.models import Severity


@register
class NoCapital(Check):
    """Flags: an initiative that is linked to none of the four capitals.

    Why: nobody can say whether a portfolio is balanced while the capital that its parts build is unknown.

    Do: link the capital that it mainly builds, and any others that it adds to. A judgement is enough, marked
    as one.

    Source: Health Foundation, The government's levelling up agenda (2021): attention to all four capitals.
    """

    code = "CAP001"
    title = "No capital linked"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope, partnerships=True)
            .filter(~Q(facts.has_capital()))
            .annotate(
                sentence=sentence("No capital is linked to “", F("title"), "”."),
                proof=proof(
                    {
                        "Capitals linked": counted(facts.capital_links()),
                        "Outcomes linked": counted(facts.outcome_links()),
                    }
                ),
            )
        )


@register
class BricksAlone(Check):
    """Flags: a large initiative whose primary capital is financial and physical and that is linked to no other.

    Why: buildings and roads improve health through people, places and nature; nothing here says how.

    Do: link what else it builds, or record that it is meant to build nothing else.

    Source: Health Foundation, The government's levelling up agenda (2021): initiatives tilted to financial and
    physical capital.
    """

    code = "CAP004"
    title = "Bricks alone"
    severity = Severity.LOW
    thresholds = {"value": Threshold(100_000_000, "pounds", "ours: the size of a major fund")}

    def breaches(self, scope):
        others = Q()
        for code in facts.CAPITALS:
            if code != facts.FINANCIAL_PHYSICAL:
                others |= Q(facts.has_capital(code))
        return (
            facts.judged(scope, partnerships=True)
            .filter(~others, value_gbp__gte=self.limit("value"), pk__in=facts.primary_of(facts.FINANCIAL_PHYSICAL))
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” is worth ",
                    pounds(F("value_gbp")),
                    " and is linked to financial and physical capital alone.",
                ),
                proof=proof(
                    {"Value, pounds": F("value_gbp")},
                    facts.capital_links().order_by("capital__position"),
                    {
                        "Capital": F("capital__name"),
                        "Weight": choice("weight", CapitalWeight),
                        "Rationale": F("rationale"),
                    },
                ),
            )
        )
