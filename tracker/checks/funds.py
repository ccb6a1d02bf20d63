"""FND: does money go by health?"""

from django.db.models import Case, F, OuterRef, Q, When

from policies.models import AllocationCriterion, Form, Initiative, Stage
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.wording import choice, counted, proof, sentence
from tracker.models import Severity


def criteria():
    """An initiative's allocation criteria, in a fixed order."""
    return AllocationCriterion.objects.filter(initiative=OuterRef("pk")).order_by("round", "stage", "pk")


@register
class NoCriteria(Check):
    """Flags: a fund for which no allocation criterion is recorded.

    Why: without its criteria nobody can tell whether the money goes where health is worst.

    Do: record the published criteria with their weights.

    Source: Health Foundation, The government's levelling up agenda (2021): criteria of the levelling-up funds.
    """

    code = "FND001"
    title = "No allocation criteria"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live())
            .filter(~Q(facts.has_criteria()), form=Form.FUND)
            .annotate(
                sentence=sentence("No allocation criteria are recorded for “", F("title"), "”."),
                proof=proof({"Criteria recorded": counted(criteria())}),
            )
        )


@register
class NoHealthCriterion(Check):
    """Flags: an initiative with allocation criteria, none of which is a measure of health.

    Why: the briefing found no measure of health in the criteria of the levelling-up funds, so money passed by
    places with the worst health.

    Do: add a measure of health to the criteria of the next round, or record why need is judged without it.

    Source: Health Foundation, The government's levelling up agenda (2021): no health measure in allocation.
    """

    code = "FND002"
    title = "No health measure in allocation"
    severity = Severity.HIGH

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live())
            .filter(Q(facts.has_criteria()) & ~Q(facts.has_health_criterion()))
            .annotate(
                number=counted(criteria()),
            )
            .annotate(
                sentence=Case(
                    When(
                        number=1,
                        then=sentence("The one allocation criterion of “", F("title"), "” is not a measure of health."),
                    ),
                    default=sentence(
                        "None of the ",
                        F("number"),
                        " allocation criteria of “",
                        F("title"),
                        "” is a measure of health.",
                    ),
                ),
                proof=proof(
                    {"Criteria recorded": counted(criteria()), "Measures of health among them": 0},
                    criteria(),
                    {
                        "Round": F("round"),
                        "Stage": choice("stage", Stage),
                        "Criterion": F("criterion"),
                        "Weight, %": F("weight_percent"),
                        "Type": F("measure_type"),
                    },
                ),
            )
        )
