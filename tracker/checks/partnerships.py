"""PAR: who sits at the table of partnerships between national and local bodies?"""

from django.db.models import Case, F, Q, TextField, Value, When

from policies.models import Form, Initiative, Sector
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import sentence
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
