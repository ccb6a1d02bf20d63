"""MET: would anybody notice if it worked?"""

from django.db.models import Case, CharField, Count, F, Max, Min, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf

from policies.models import Horizon, Initiative, Kind, Measure, Purpose, Sensitivity, Status
from tracker.checks import facts
from tracker.checks.base import NOTHING, Check, Threshold, register
from tracker.checks.wording import choice, counted, joined, number, outcome_names, proof, sentence
from tracker.models import Severity


def measures():
    """The measures of an initiative and of its commitments, in a fixed order.

    A flag is read by whoever may read its policy, so commitments that are not public are left out.
    """
    below = Q(kind=Kind.COMMITMENT, status=Status.PUBLISHED, sensitivity=Sensitivity.OFFICIAL)
    family = Initiative.objects.filter(Q(pk=OuterRef(OuterRef("pk"))) | Q(parent=OuterRef(OuterRef("pk"))) & below)
    return Measure.objects.filter(initiative__in=family).order_by("initiative__reference", "pk")


def identified(check, breaches):
    """One flag for each measure. Its row keeps its id through revisions, so that its flag stays the same one."""
    return breaches.annotate(
        fingerprint=Concat(
            Value(f"{check.code}:"), "initiative__kind", Value(":"), "initiative__reference", Value(":measure:"), "pk",
            output_field=TextField(),
        ),
        found_severity=Value(check.severity, output_field=CharField()),
        found_subject=F("initiative__kind"),
        found_initiative=F("initiative_id"),
        found_other=NOTHING,
        found_outcome=NOTHING,
        found_organisation=NOTHING,
        found_area=NOTHING,
    )  # fmt: skip


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


@register
class OneHorizon(Check):
    """Flags: an initiative with several measures of progress, its commitments' included, all of which show early, or
    all late. Where it is not known of one how soon it shows, nothing is flagged.

    Why: early measures alone reward what is quick; late ones alone say that it failed when it is too late to change.

    Do: add a measure of the other kind: one that moves soon, or one that shows the lasting effect.

    Source: Health Foundation, The government's levelling up agenda (2021): short- and longer-term measures of
    health and wellbeing.
    """

    code = "MET003"
    title = "One horizon"
    severity = Severity.MEDIUM
    thresholds = {"measures": Threshold(2, "measures", "ours: one measure cannot show both")}

    def breaches(self, scope):
        progress = measures().filter(purpose=Purpose.PROGRESS)
        soon = Coalesce(NullIf("horizon", Value("")), F("indicator__horizon"), Value(""), output_field=TextField())
        several = Q(number__gte=self.limit("measures"), first=F("last"), first__gt="")
        only = (
            progress.order_by()
            .annotate(soon=soon)
            .values(_group=Value(1))
            .annotate(number=Count("*"), first=Min("soon"), last=Max("soon"))
            .values(only=Case(When(several, then=F("first"))))
        )
        return (
            facts.judged(scope, partnerships=True)
            .annotate(only=Subquery(only, output_field=TextField()))
            .filter(only__gt="")
            .annotate(
                sentence=sentence(
                    "The ", counted(progress), " measures of “", F("title"), "” are all ", F("only"), "-term."
                ),
                proof=proof(
                    rows=progress.annotate(soon=soon),
                    columns={
                        "Initiative": F("initiative__reference"),
                        "Indicator": F("indicator__name"),
                        "Measure in words": F("words"),
                        "How soon it shows": Case(
                            *(When(soon=code, then=Value(str(words))) for code, words in Horizon.choices)
                        ),
                    },
                ),
            )
        )


@register
class IncompleteTarget(Check):
    """Flags: a measure with a target and without a baseline, or without a date by which to reach it.

    Why: without where it starts, or when it ends, nobody can say whether a target is ambitious, or missed.

    Do: record the last value before the start as the baseline, and the date that the target is for.

    Source: this tracker's own, after audit practice: a target has a start, a value and a date.
    """

    code = "MET004"
    title = "Incomplete target"
    severity = Severity.LOW

    def breaches(self, scope):
        unmoored, undated = Q(baseline_value=None, baseline_text=""), Q(target_date=None)
        return (
            scope.over(Measure.objects.filter(initiative__status=Status.PUBLISHED), "initiative")
            .filter(unmoored | undated, target_value__isnull=False)
            .annotate(
                sentence=sentence(
                    "The target of “",
                    F("initiative__title"),
                    "” for “",
                    Coalesce(F("indicator__name"), F("words")),
                    "” has ",
                    joined(Case(When(unmoored, then=Value("no baseline"))), Case(When(undated, then=Value("no date")))),
                    ".",
                ),
                proof=proof(
                    {
                        "Measure": Coalesce(F("indicator__name"), F("words")),
                        "Target": sentence(number(F("target_value")), " ", F("unit")),
                        "Target date": F("target_date"),
                        "Baseline": number(F("baseline_value")),
                        "Baseline in words": F("baseline_text"),
                    }
                ),
            )
        )

    def identify(self, breaches):
        return identified(self, breaches)
