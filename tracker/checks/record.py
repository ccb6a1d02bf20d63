"""REC: is the record itself fit for use?"""

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from policies.models import Initiative, Organisation, Role
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import date, if_filled, joined, listed, proof, sentence
from tracker.models import Severity


def lead():
    """The lead role of an initiative."""
    return facts.roles().filter(role=Role.LEAD)


@register
class NoLead(Check):
    """Flags: a published initiative without a lead organisation.

    Why: what belongs to all departments is done by none.

    Do: record who leads it. For a plan of the whole government, that is the department that answers for it.

    Source: Public Accounts Committee (2024): it is not always clear which departments are involved in a
    cross-cutting policy.
    """

    code = "REC001"
    title = "No lead organisation"
    severity = Severity.HIGH

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live())
            .filter(~Exists(lead()))
            .annotate(
                sentence=sentence("No lead organisation is recorded for “", F("title"), "”."),
                proof=who_has_a_role(),
            )
        )


@register
class LeadGone(Check):
    """Flags: an initiative whose lead organisation has ended; it names the successor.

    Why: a promise outlives the department that made it only if somebody takes it over by name.

    Do: hand it to the successor, or close it.

    Source: this tracker's own, after the renamings of departments in the landscape of 2021.
    """

    code = "REC002"
    title = "Lead organisation has ended"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        gone = lead().filter(organisation__active_to__lte=scope.today)
        successors = Organisation.objects.filter(
            succeeds__predecessor__responsibilities__initiative=OuterRef("pk"),
            succeeds__predecessor__responsibilities__role=Role.LEAD,
        )
        return (
            facts.with_lead(scope.over(Initiative.objects.live()))
            .filter(Exists(gone))
            .annotate(
                ended_on=F("lead_role__organisation__active_to"),
                followed_by=listed(successors, "name"),
            )
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” is led by ",
                    F("lead_name"),
                    ", which ended on ",
                    date(F("ended_on")),
                    if_filled("followed_by", "; its work passed to "),
                    F("followed_by"),
                    ".",
                ),
                proof=proof(
                    {"Lead": F("lead_name"), "Ended": F("ended_on"), "Successors": F("followed_by")},
                ),
            )
        )


@register
class NoSource(Check):
    """Flags: a published initiative for which neither a document nor an address is recorded as its source.

    Why: nobody can check a record that does not say where it comes from.

    Do: record the document in which it was set out, with its address.

    Source: this tracker's own, after audit practice: evidence names its origin.
    """

    code = "REC003"
    title = "No source"
    severity = Severity.LOW

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live())
            .filter(~facts.has_source())
            .annotate(
                sentence=sentence("No source is recorded for “", F("title"), "”."),
                proof=proof({"Source document": F("source_title"), "Address": F("source_url")}),
            )
        )


@register
class HardToMeasure(Check):
    """Flags: a commitment without an owner, a date by which it is due, a place or a measure. It has a place where
    it, or the policy above it, names one.

    Why: who will do what, where and by when can be asked only of a commitment that says so.

    Do: record what is missing. What cannot be said is better recorded as an aim in the policy's text.

    Source: this tracker's own, after audit practice: a commitment is specific, measurable and dated.
    """

    code = "REC004"
    title = "Hard to measure"
    severity = Severity.LOW

    def breaches(self, scope):
        parts = {
            "an owner": Q(Exists(lead())),
            "a due date": Q(due_date__isnull=False),
            "a place": facts.acts_somewhere(),
            "a measure": Q(facts.has_measure()),
        }
        return (
            scope.over(Initiative.objects.live().commitments())
            .annotate(lacking=joined(*(Case(When(~there, then=Value(part))) for part, there in parts.items())))
            .filter(lacking__gt="")
            .annotate(
                sentence=sentence("The commitment “", F("title"), "” lacks ", F("lacking"), "."),
                proof=proof({"Missing on the record": F("lacking")}),
            )
        )
