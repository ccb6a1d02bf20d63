"""DEP: do the organisations that an initiative names agree to their roles, and act on them?"""

from django.db.models import Case, CharField, Exists, F, OuterRef, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Greatest, TruncDate

from policies import working_days
from policies.models import Answer, Initiative, Kind, Responsibility, Role, Sensitivity, Status
from tracker.checks.base import NOTHING, Check, Threshold, register
from tracker.checks.facts import NATIONAL_BODIES
from tracker.checks.wording import choice, counted, date, listed, proof, sentence
from tracker.models import Severity


class RoleCheck(Check):
    """A check on roles: one flag for each role of each organisation."""

    def identify(self, breaches):
        """The role is named by its initiative, its organisation and what it is."""
        return breaches.annotate(
            fingerprint=Concat(
                Value(f"{self.code}:"), "initiative__kind", Value(":"), "initiative__reference", Value(":"),
                "organisation__code", Value(":"), "role", output_field=TextField(),
            ),
            found_severity=Value(self.severity, output_field=CharField()),
            found_subject=F("initiative__kind"),
            found_initiative=F("initiative_id"),
            found_other=NOTHING,
            found_outcome=NOTHING,
            found_organisation=F("organisation_id"),
            found_area=NOTHING,
        )  # fmt: skip


@register
class RoleNotAgreed(RoleCheck):
    """Flags: an organisation that a live initiative names, other than its lead, and that has neither accepted nor
    disputed its role for longer than the threshold. Time runs from the day on which the role was recorded, or on
    which the initiative was published on the register if that is later. Classes of bodies, such as "local
    authorities", and bodies that have ended cannot answer and are left out.

    Why: a role that only one side knows of is a hope, not an agreement.

    Do: ask the organisation to answer on My work: it can accept the role, accept it with conditions or dispute it.

    Source: this tracker's own: four weeks are enough to ask a director and get an answer.
    """

    code = "DEP004"
    title = "Role not agreed"
    severity = Severity.MEDIUM
    thresholds = {"days": Threshold(20, "working days in England", "this tracker's own: four weeks to answer")}

    def breaches(self, scope):
        roles = Responsibility.objects.filter(
            answer=Answer.PROPOSED, initiative__status=Status.PUBLISHED, organisation__is_collective=False
        )
        return (
            scope.over(roles.exclude(role=Role.LEAD), "initiative")
            .exclude(organisation__active_to__lte=scope.today)
            .annotate(waits_since=Greatest(TruncDate("given_at"), TruncDate("initiative__published_at")))
            .filter(waits_since__lt=working_days.before(scope.today, self.limit("days")))
            .annotate(
                sentence=sentence(
                    F("organisation__name"), " has not answered its role in “", F("initiative__title"), "” (",
                    choice("role", Role), ") since ", date(F("waits_since")), ".",
                ),
                proof=proof(
                    {
                        "Organisation": F("organisation__name"),
                        "Role": choice("role", Role),
                        "Recorded or published on": F("waits_since"),
                    }
                ),
            )
        )  # fmt: skip


@register
class RoleDisputed(RoleCheck):
    """Flags: an organisation that a live initiative names and that disputes its role. One that proposes another role
    instead is in talks, and is not flagged.

    Why: a plan that counts on somebody who has refused will not be carried out as it is written.

    Do: talk to the organisation, reply to it on My work, and change or take away the role. It can then accept what
    you agreed on.

    Source: Public Accounts Committee (2024): it is not always clear which departments are involved in a
    cross-cutting policy.
    """

    code = "DEP005"
    title = "Role disputed"
    severity = Severity.HIGH

    def breaches(self, scope):
        disputed = Responsibility.objects.filter(answer=Answer.DISPUTED, initiative__status=Status.PUBLISHED)
        return (
            scope.over(disputed, "initiative")
            .annotate(said_on=TruncDate("answered_at"))
            .annotate(
                sentence=sentence(
                    F("organisation__name"), " disputes its role in “", F("initiative__title"), "” (",
                    choice("role", Role), "), as it said on ", date(F("said_on")), ".",
                ),
                proof=proof(
                    {
                        "Organisation": F("organisation__name"),
                        "Role": choice("role", Role),
                        "In its words": F("answer_words"),
                        "Said on": F("said_on"),
                    }
                ),
            )
        )  # fmt: skip


# What makes a commitment an organisation's own: depth 3 and more.
CARRIES = (Role.LEAD, Role.CO_LEAD, Role.ACCOUNTABLE, Role.DELIVERY)


def _carried():
    """Roles by which somebody leads or delivers a live commitment of the policy, of those that everybody may read."""
    return Responsibility.objects.filter(
        role__in=CARRIES,
        initiative__parent=OuterRef("initiative"),
        initiative__kind=Kind.COMMITMENT,
        initiative__status=Status.PUBLISHED,
        initiative__sensitivity=Sensitivity.OFFICIAL,
    )


def _commitments():
    """Live commitments of the policy that everybody may read."""
    return Initiative.objects.live().public().commitments().filter(parent=OuterRef("initiative"))


@register
class NamedWithoutCommitment(RoleCheck):
    """Flags: a department, agency or NHS England that supports or co-leads a live policy, and leads or delivers none
    of the commitments under it. Former names count as the same body. Only published commitments that everybody may
    read are counted. A disputed role is left to DEP005. Where nobody is on record as leading or delivering any of the
    commitments, it is not known who carries them, and nothing is flagged.

    Why: support that no commitment carries is a name on a cover.

    Do: agree what the department will do and record it as a commitment of its own, or as a role in one; or take its
    name off the policy.

    Source: Public Accounts Committee (2024): it is not always clear which departments are involved in a
    cross-cutting policy.
    """

    code = "DEP006"
    title = "Named, no commitment"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        named = Responsibility.objects.filter(
            role__in=[Role.CO_LEAD, Role.SUPPORTING],
            organisation__kind__in=NATIONAL_BODIES,
            organisation__is_collective=False,
            initiative__kind=Kind.POLICY,
            initiative__status=Status.PUBLISHED,
        )
        own = _carried().filter(organisation__lineage=OuterRef("organisation__lineage"))
        return (
            scope.over(named.exclude(answer=Answer.DISPUTED), "initiative")
            .filter(Exists(_carried()), ~Exists(own))
            .annotate(commitments=counted(_commitments()))
            .annotate(
                sentence=sentence(
                    F("organisation__name"), _stands(), F("initiative__title"), "” and ",
                    Case(
                        When(commitments=1, then=Value("does not lead or deliver the one published commitment")),
                        default=sentence("leads or delivers none of the ", F("commitments"), " published commitments"),
                        output_field=TextField(),
                    ),
                    " under it.",
                ),
                proof=proof(
                    {"Organisation": F("organisation__name"), "Role": choice("role", Role)},
                    _commitments().order_by("reference"),
                    {"Commitment": F("reference"), "Title": F("title"), "Led or delivered by": _carriers()},
                ),
            )
        )  # fmt: skip


def _carriers():
    """Who leads or delivers a commitment, or that nobody is on record."""
    roles = Responsibility.objects.filter(initiative=OuterRef("pk"), role__in=CARRIES)
    return Coalesce(listed(roles, "organisation__name"), Value("Nobody on record"))


def _stands():
    """How an organisation stands behind a policy, in the middle of a sentence."""
    return Case(
        When(role=Role.CO_LEAD, then=Value(" co-leads “")), default=Value(" supports “"), output_field=TextField()
    )
