"""REC: is the record itself fit for use?"""

from django.db.models import Exists, F, OuterRef

from policies.models import Initiative, Organisation, Role
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import date, if_filled, listed, proof, sentence
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
