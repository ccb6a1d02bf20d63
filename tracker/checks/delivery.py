"""DLV: is it happening?"""

import datetime

from django.db.models import DateField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from policies.models import Initiative, Kind, Update
from tracker.checks.base import Check, Threshold, register
from tracker.checks.wording import date, proof, sentence
from tracker.models import Severity


@register
class Overdue(Check):
    """Flags: a commitment whose due date has passed and that is not closed.

    Why: a promise past its date is either kept, broken or moved, and the register should say which.

    Do: close it with its outcome, or move the date with a reason.

    Source: this tracker's own, after audit practice: each commitment ends with a stated outcome.
    """

    code = "DLV001"
    title = "Overdue"
    severity = Severity.HIGH

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live().commitments())
            .filter(due_date__lt=scope.today)
            .annotate(
                sentence=sentence("“", F("title"), "” was due by ", date(F("due_date")), " and has not been closed."),
                proof=proof({"Due by": F("due_date"), "Known to the": F("due_precision")}),
            )
        )


@register
class Silent(Check):
    """Flags: a policy or commitment with no update for longer than the threshold. Time runs from the last update,
    or from its publication on the register where there is none.

    Why: silence is not progress; partners cannot plan on it.

    Do: record an update; "no change" is one.

    Source: this tracker's own: a quarter is the usual reporting period.
    """

    code = "DLV002"
    title = "Silent"
    severity = Severity.MEDIUM
    thresholds = {"days": Threshold(90, "days", "a quarter, the usual reporting period")}

    def breaches(self, scope):
        last = Update.objects.filter(initiative=OuterRef("pk")).order_by("-reported_on").values("reported_on")[:1]
        limit = scope.today - datetime.timedelta(days=self.limit("days"))
        return (
            scope.over(Initiative.objects.live())
            .filter(kind__in=[Kind.POLICY, Kind.COMMITMENT])
            .annotate(
                last_update=Subquery(last, output_field=DateField()),
                published_on=TruncDate("published_at"),
                heard_on=Greatest(Coalesce("last_update", "published_on"), "published_on"),
            )
            .filter(Q(heard_on__lt=limit))
            .annotate(
                sentence=sentence("Nothing has been reported on “", F("title"), "” since ", date(F("heard_on")), "."),
                proof=proof({"Last update": F("last_update"), "Published on the register": F("published_on")}),
            )
        )
