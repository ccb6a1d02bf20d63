"""MET: would anybody notice if it worked?"""

from django.db.models import F, OuterRef, Q

from policies.models import Initiative, Kind, Measure, Purpose, Sensitivity, Status
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.wording import choice, counted, outcome_names, proof, sentence
from tracker.models import Severity


def measures():
    """The measures of an initiative and of its commitments, in a fixed order.

    A flag is read by whoever may read its policy, so commitments that are not public are left out.
    """
    below = Q(kind=Kind.COMMITMENT, status=Status.PUBLISHED, sensitivity=Sensitivity.OFFICIAL)
    family = Initiative.objects.filter(Q(pk=OuterRef(OuterRef("pk"))) | Q(parent=OuterRef(OuterRef("pk"))) & below)
    return Measure.objects.filter(initiative__in=family).order_by("initiative__reference", "pk")


@register
class NothingMeasuresIt(Check):
    """Flags: a commitment for which no measure is recorded.

    Why: a promise that nothing measures can be neither kept nor broken.

    Do: name a published indicator, or say in words what will be counted, from what baseline, by when.

    Source: Health Foundation, The government's levelling up agenda (2021): too narrow a set of metrics.
    """

    code = "MET001"
    title = "Nothing measures it"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live().commitments())
            .filter(~Q(facts.has_measure()))
            .annotate(
                sentence=sentence("No measure is recorded for the commitment “", F("title"), "”."),
                proof=proof({"Measures recorded": counted(Measure.objects.filter(initiative=OuterRef("pk")))}),
            )
        )


@register
class NoHealthMeasure(Check):
    """Flags: an initiative that improves a health outcome, while none of its measures, nor of its commitments'
    measures, is one of health or wellbeing.

    Why: what is claimed for health and measured only in pounds, homes or trains will be managed for those.

    Do: add a measure of health or wellbeing, one that moves soon and one that shows the lasting effect.

    Source: Health Foundation, The government's levelling up agenda (2021): short- and longer-term measures of
    health and wellbeing.
    """

    code = "MET002"
    title = "No health measure"
    severity = Severity.HIGH

    def breaches(self, scope):
        return (
            facts.judged(scope, partnerships=True)
            .filter(Q(facts.improves_outcome()) & ~facts.has_health_measure())
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” should improve ",
                    outcome_names(facts.outcome_links("improves")),
                    ", and no measure of health or wellbeing tracks it.",
                ),
                proof=proof(
                    {"Measures recorded, its commitments' included": counted(measures())},
                    measures(),
                    {
                        "Initiative": F("initiative__reference"),
                        "Indicator": F("indicator__name"),
                        "Measure in words": F("words"),
                        "Purpose": choice("purpose", Purpose),
                    },
                ),
            )
        )
