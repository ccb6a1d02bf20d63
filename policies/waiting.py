"""What waits for a person: the one place that My work and the daily email ask.

Each function is a query of what the person can act on, given what they may do; none of them writes.
"""

from django.db.models import DateTimeField, Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, TruncDate

from policies import permissions, working_days
from policies.models import (
    NEEDS_WORDS,
    UNPUBLISHED,
    Answer,
    Initiative,
    Membership,
    MembershipRole,
    Responsibility,
    Role,
    RoundRequest,
    Status,
    Update,
)

# How long after a deadline a silence goes to the lead's approvers, and then to administrators.
TO_APPROVERS, TO_ADMINISTRATORS = 5, 10  # working days; this tracker's own: a week, and another


def _led_by(organisations, column="initiative"):
    """The record's present lead is one of these."""
    return Exists(
        Responsibility.objects.filter(initiative=OuterRef(column), role=Role.LEAD, organisation__in=organisations)
    )


def _once(requests):
    """One request for each record, that of the earliest deadline; the most pressing first."""
    first = requests.order_by("initiative", "round__deadline", "pk").distinct("initiative")
    return (
        RoundRequest.objects.filter(pk__in=first.values("pk"))
        .select_related("round", "initiative", "organisation")
        .order_by("round__deadline", "initiative__reference")
    )


def updates_due(user, today):
    """Requests for updates that the user could give: of what organisations lead for which they write."""
    organisations = permissions.organisations_of(user, permissions.WRITERS)
    return _once(RoundRequest.objects.outstanding(today).filter(_led_by(organisations)))


def updates_asked_of(user, today):
    """Those that the user is asked for by email: as an editor; as an approver where the lead has no editor."""
    edits = permissions.organisations_of(user, [MembershipRole.EDITOR])
    approves = permissions.organisations_of(user, permissions.APPROVERS)
    edited = Membership.objects.filter(
        role=MembershipRole.EDITOR, user__is_active=True, organisation__in=approves
    ).values_list("organisation", flat=True)
    return _once(RoundRequest.objects.outstanding(today).filter(_led_by(edits | (approves - set(edited)))))


def updates_missed(user, today):
    """Requests whose deadline has passed by so long that they are told to the user: an approver of the lead, or
    after twice as long an administrator."""
    requests = RoundRequest.objects.outstanding(today)
    approves = permissions.organisations_of(user, permissions.APPROVERS)
    told = Q(_led_by(approves), round__deadline__lte=working_days.latest_start(today, TO_APPROVERS))
    if permissions.is_administrator(user):
        told |= Q(round__deadline__lte=working_days.latest_start(today, TO_ADMINISTRATORS))
    return _once(requests.filter(told))


def roles_to_answer(user):
    """Roles that others gave to organisations for which the user writes; each `waits_since` it could be read.

    Who was asked in by a letter answers before publication; others once the record is public.
    """
    organisations = permissions.organisations_of(user, permissions.WRITERS)
    visible = Initiative.objects.visible_to(user)
    asked = Q(initiative__status=Status.PUBLISHED) | Q(initiative__status__in=UNPUBLISHED) & ~Q(invitation="")
    return (
        Responsibility.objects.filter(
            asked, organisation__in=organisations, answer=Answer.PROPOSED, initiative__in=visible
        )
        .exclude(role=Role.LEAD)
        .annotate(waits_since=Greatest("given_at", "initiative__published_at", output_field=DateTimeField()))
        .select_related("initiative", "organisation")
        .order_by(TruncDate("waits_since"), "initiative__reference", "role")
    )


def replies(user):
    """What organisations said against roles of records that the user writes for, and nobody has replied to yet."""
    organisations = permissions.organisations_of(user, permissions.WRITERS)
    return (
        Responsibility.objects.filter(
            _led_by(organisations),
            answer__in=NEEDS_WORDS,
            replied_at=None,
            initiative__in=Initiative.objects.visible_to(user),
        )
        .select_related("initiative", "organisation")
        .order_by("-answered_at")
    )


def moves_to_decide(user):
    """Moved dates that the user may approve or decline: as an approver of the lead, other than who proposed it.

    An administrator is asked where the lead has no second approver.
    """
    mine = Q(_led_by(permissions.organisations_of(user, permissions.APPROVERS)))
    if permissions.is_administrator(user):
        mine |= ~Exists(
            Membership.objects.filter(
                role=MembershipRole.APPROVER,
                user__is_active=True,
                organisation__responsibilities__initiative=OuterRef("initiative"),
                organisation__responsibilities__role=Role.LEAD,
            ).exclude(user=OuterRef("moved_by"))
        )
    return (
        Update.objects.with_move_waiting()
        .filter(mine, initiative__status=Status.PUBLISHED)
        .exclude(moved_by=user)
        .annotate(waits_since=F("at"))
        .select_related("initiative", "moved_by")
        .order_by("at", "initiative__reference")
    )


def reviews(user):
    """Records and revisions that somebody else sent for review, of organisations for which the user approves."""
    organisations = permissions.organisations_of(user, permissions.APPROVERS)
    return (
        Initiative.objects.readable_by(user)
        .filter(
            Q(revises=None) & Q(_led_by(organisations, "pk")) | Q(_led_by(organisations, "revises")),
            status=Status.IN_REVIEW,
        )
        .exclude(submitted_by=user)
        .annotate(waits_since=F("submitted_at"))
        .select_related("submitted_by")
        .order_by("submitted_at", "pk")
    )
