"""PAR: who sits at the table of partnerships between national and local bodies?"""

from django.db.models import Case, F, Q, TextField, Value, When

from policies.models import Form, Initiative, Sector
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import date, last_day, listed, on_date, proof, sentence
from tracker.models import Severity


def partnerships(scope):
    """Live partnerships in scope."""
    return scope.over(Initiative.objects.live().partnerships())


@register
class SideMissing(Check):
    """Flags: a partnership without a national member, or without a member from local government.

    Why: a partnership of one side is not one.

    Do: record who takes part for the missing side, or record it as something else than a partnership.

    Source: Health Foundation, The government's levelling up agenda (2021): a real partnership between national and
    local government.
    """

    code = "PAR001"
    title = "A side is missing"
    severity = Severity.HIGH

    def breaches(self, scope):
        national, local = Q(facts.has_role(Sector.NATIONAL)), Q(facts.has_local_role())
        missing = Case(
            When(~national & ~local, then=Value("no national member and no member from local government")),
            When(~national, then=Value("no national member")),
            default=Value("no member from local government"),
            output_field=TextField(),
        )
        return (
            partnerships(scope)
            .filter(~national | ~local)
            .annotate(
                sentence=sentence("“", F("title"), "” has ", missing, " on record."),
                proof=who_has_a_role(),
            )
        )


@register
class HealthWithoutNhs(Check):
    """Flags: a partnership that has health in its scope and no NHS body among its members.

    Why: health cannot be pursued in a place without those who provide its care.

    Do: ask the integrated care board of the place to join, or record which NHS body already takes part.

    Source: Health Foundation, The government's levelling up agenda (2021): a greater role for the NHS.
    """

    code = "PAR002"
    title = "Health in scope, no NHS member"
    severity = Severity.HIGH

    def breaches(self, scope):
        return (
            partnerships(scope)
            .filter(~Q(facts.has_nhs_role()), health_in_scope=True)
            .annotate(
                sentence=sentence("“", F("title"), "” has health in its scope and no NHS member on record."),
                proof=who_has_a_role((Sector.NHS, "the NHS")),
            )
        )


@register
class DealWithoutHealth(Check):
    """Flags: a devolution deal with no NHS member.

    Why: deals move power over transport, housing and skills, which shape health; the NHS was at the table of none.

    Do: bring the integrated care board into the deal's governance, or record why not.

    Source: Health Foundation, The government's levelling up agenda (2021): devolution and health.
    """

    code = "PAR003"
    title = "Devolution deal without the NHS"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            partnerships(scope)
            .filter(~Q(facts.has_nhs_role()), form=Form.DEVOLUTION_DEAL)
            .annotate(
                sentence=sentence("No NHS body is on record as a member of the devolution deal “", F("title"), "”."),
                proof=who_has_a_role((Sector.NHS, "the NHS")),
            )
        )


@register
class Unequal(Check):
    """Flags: a partnership in which every member from local government only bids, receives or is consulted.

    Why: who only bids or is asked is no partner, and carries neither the decision nor the delivery.

    Do: agree what the local members lead, deliver, support or fund, and record it.

    Source: Health Foundation, The government's levelling up agenda (2021): a real partnership between national and
    local government.
    """

    code = "PAR004"
    title = "Unequal partnership"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            partnerships(scope)
            .filter(facts.only_shallow(Sector.LOCAL_GOVERNMENT))
            .annotate(
                sentence=sentence(
                    "In the partnership “",
                    F("title"),
                    "” local government only bids, receives or is consulted (",
                    listed(facts.roles(Sector.LOCAL_GOVERNMENT), "organisation__name"),
                    ").",
                ),
                proof=who_has_a_role(sector=Sector.LOCAL_GOVERNMENT),
            )
        )


@register
class Lapsed(Check):
    """Flags: a partnership on the register as live whose term has ended, or whose review date has passed. Of a date
    of which only the month or the year is known, the whole of it must have passed.

    Why: a partnership past its term holds nobody to anything, and people go on counting on it.

    Do: renew it with a new date, record the review, or close it.

    Source: this tracker's own: an agreement names the day on which it is looked at again.
    """

    code = "PAR005"
    title = "Lapsed partnership"
    severity = Severity.LOW

    def breaches(self, scope):
        ended = Q(ended_on__lt=scope.today)
        return (
            partnerships(scope)
            .annotate(ended_on=last_day("end"))
            .filter(ended | Q(review_date__lt=scope.today))
            .annotate(
                sentence=Case(
                    When(ended, then=sentence("The term of “", F("title"), "” ended ", on_date("end"), ".")),
                    default=sentence("The review of “", F("title"), "” was due on ", date(F("review_date")), "."),
                    output_field=TextField(),
                ),
                proof=proof(
                    {"Term ends": F("end_date"), "Known to the": F("end_precision"), "Review due": F("review_date")}
                ),
            )
        )
