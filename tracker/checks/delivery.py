"""DLV: is it happening?"""

import datetime

from django.db.models import DateField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from policies.models import Initiative, Kind, Rag, Update
from tracker.checks.base import Check, Threshold, register
from tracker.checks.wording import counted, date, proof, sentence
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


def _updates():
    return Update.objects.filter(initiative=OuterRef("pk")).order_by("-reported_on")


@register
class RedTwice(Check):
    """Flags: an initiative whose last two updates are both red.

    Why: one red report is news; two in a row say that what was done about the first did not help.

    Do: say in the next update what is done differently, or move, close or withdraw it with a reason.

    Source: this tracker's own, after the practice of delivery reports that escalate what stays red.
    """

    code = "DLV003"
    title = "Red twice"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        reported = _updates()
        return (
            scope.over(Initiative.objects.live())
            .annotate(
                last_rag=Subquery(reported.values("rag")[:1]),
                before_rag=Subquery(reported.values("rag")[1:2]),
                last_on=Subquery(reported.values("reported_on")[:1]),
                before_on=Subquery(reported.values("reported_on")[1:2]),
            )
            .filter(last_rag=Rag.RED, before_rag=Rag.RED)
            .annotate(
                sentence=sentence(
                    "“", F("title"), "” was red on ", date(F("before_on")), " and again on ", date(F("last_on")), "."
                ),
                proof=proof({"Last update": F("last_on"), "The update before": F("before_on")}),
            )
        )


@register
class DateMoved(Check):
    """Flags: an initiative whose date has been moved as often as the threshold, or more. Only moves that a second
    person approved count; what was proposed, declined or replaced moved nothing.

    Why: a date that keeps moving is not a plan; partners who wait for it cannot make theirs.

    Do: set a date that the evidence bears out, and say in the update what will hold it.

    Source: this tracker's own: one move may be bad luck.
    """

    code = "DLV004"
    title = "Date moved"
    severity = Severity.MEDIUM
    thresholds = {"moves": Threshold(2, "moves", "this tracker's own: one move may be bad luck")}

    def breaches(self, scope):
        moves = Update.objects.with_move_made().filter(initiative=OuterRef("pk"))
        return (
            scope.over(Initiative.objects.live())
            .annotate(
                moves=counted(moves),
                moved_last=Subquery(moves.order_by("-reported_on").values("moved_to")[:1]),
            )
            .filter(moves__gte=self.limit("moves"))
            .annotate(
                sentence=sentence(
                    "The date of “", F("title"), "” has been moved ", F("moves"), " times, last to ",
                    date(F("moved_last")), ".",
                ),
                proof=proof({"Times moved": F("moves"), "Last moved to": F("moved_last")}),
            )
        )  # fmt: skip
