"""LOC: does local government have a part?"""

from django.db.models import Case, CharField, F, Q, Value, When

from policies.models import Sector
from tracker.checks import facts
from tracker.checks.base import Check, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import listed, sentence
from tracker.models import Severity


@register
class NoLocalRole(Check):
    """Flags: a policy or commitment in which no role is recorded for local government; high where it names
    places smaller than a country.

    Why: councils hold public health, housing, planning, transport and social care; a policy for places cannot
    be delivered around them.

    Do: ask which councils or combined authorities should lead, deliver or support it, and record their roles.

    Source: Health Foundation, The government's levelling up agenda (2021): the role of local government is
    underplayed.
    """

    code = "LOC001"
    title = "No local government role"
    severity = Severity.MEDIUM

    def severity_expression(self):
        if self.severity_set:
            return super().severity_expression()
        return Case(
            When(facts.names_places(), then=Value(Severity.HIGH)),
            default=Value(self.severity),
            output_field=CharField(),
        )

    def breaches(self, scope):
        return (
            facts.judged(scope)
            .filter(~Q(facts.has_local_role()))
            .annotate(
                sentence=sentence("No role is recorded for local government in “", F("title"), "”."),
                proof=who_has_a_role((Sector.LOCAL_GOVERNMENT, "local government")),
            )
        )


@register
class LocalUnderplayed(Check):
    """Flags: a policy or commitment in which local government has roles, and all are to bid, to receive or to
    be consulted.

    Why: competing for money and answering consultations give no say in what a policy does.

    Do: agree a role in design or delivery with the councils concerned, and record it.

    Source: Health Foundation, The government's levelling up agenda (2021): the role of local government is
    underplayed.
    """

    code = "LOC002"
    title = "Local government underplayed"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope)
            .filter(facts.only_shallow(Sector.LOCAL_GOVERNMENT))
            .annotate(
                sentence=sentence(
                    "In “",
                    F("title"),
                    "” local government only bids, receives or is consulted (",
                    listed(facts.roles(Sector.LOCAL_GOVERNMENT), "organisation__name"),
                    ").",
                ),
                proof=who_has_a_role(sector=Sector.LOCAL_GOVERNMENT),
            )
        )
