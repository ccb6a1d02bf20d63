"""Handing over what an organisation held when it ended: its roles in records, and its people."""

from django.db.models import F
from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.organisations import refuse_ended
from policies.models import (
    UNPUBLISHED,
    Answer,
    FormerRole,
    Initiative,
    Membership,
    MembershipRole,
    Responsibility,
    Status,
)

# Records whose roles are handed over. What is closed or withdrawn stays under the old name for good.
HANDED_OVER = (*UNPUBLISHED, Status.PUBLISHED)
# What was said between the old body and the lead, none of which the successor has said.
UNANSWERED = {
    "answer": Answer.PROPOSED,
    "answer_words": "",
    "answered_by": None,
    "answered_at": None,
    "proposed_role": "",
    "reply": "",
    "replied_by": None,
    "replied_at": None,
}
BATCH = 500


def _require(by, organisation, successor):
    if not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} is not an administrator")
    if not organisation.has_ended:
        raise RuleError(f"{organisation.name} has not ended. End it before you hand over what it holds.")
    if successor.pk == organisation.pk:
        raise RuleError("Choose another organisation than the one that has ended.")
    refuse_ended(successor)


@action
def hand_over(*, by, organisation, successor, on, records):
    """Give the roles that an ended body holds in records to its successor, from a day on; returns how many.

    The role keeps its row, note and source; that the old body held it, and until when, is kept as a FormerRole.
    An answer stands on if the successor is of the same lineage, that is the same body under another name;
    another body has said nothing yet and is asked. A role that the successor had already is not doubled. An open
    revision of a record goes with it. A fixed number of statements, however many records.
    """
    _require(by, organisation, successor)
    if organisation.active_from and on < organisation.active_from:
        raise RuleError("The day must not be before the organisation began.")
    chosen = Initiative.objects.filter(pk__in=[record.pk for record in records], status__in=HANDED_OVER, revises=None)
    ids = list(chosen.order_by("pk").select_for_update().values_list("pk", flat=True))
    copies = list(Initiative.objects.filter(revises__in=ids).order_by("pk").select_for_update())
    rows = Responsibility.objects.filter(
        organisation=organisation, initiative__in=[*ids, *(copy.pk for copy in copies)]
    ).select_for_update()
    held = list(rows)
    of_records = [role for role in held if role.initiative_id in set(ids)]
    if not of_records:
        raise RuleError(f"{organisation.name} holds no role in these records any more. Choose others.")
    _remember(by, of_records, successor, on)
    _give(held, successor, keeps_answer=organisation.lineage == successor.lineage)
    _rebase(copies, organisation, successor)
    touched = {role.initiative_id for role in held}
    Initiative.objects.filter(pk__in=touched).update(version=F("version") + 1, updated_at=timezone.now())
    return len(of_records)


def _rebase(copies, organisation, successor):
    """Let working copies think that the successor had the roles from the start, so that they do not bring them back."""
    for copy in copies:
        for row in copy.revision_base["parts"].get("roles", ()):
            if row["organisation_id"] == organisation.pk:
                row["organisation_id"] = successor.pk
    Initiative.objects.bulk_update(copies, ["revision_base"], batch_size=BATCH)


def _remember(by, held, successor, on):
    FormerRole.objects.bulk_create(
        [
            FormerRole(
                initiative_id=role.initiative_id,
                organisation_id=role.organisation_id,
                role=role.role,
                until=on,
                successor=successor,
                by=by,
            )
            for role in held
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def _give(held, successor, *, keeps_answer):
    its_own = Responsibility.objects.filter(
        organisation=successor, initiative__in={role.initiative_id for role in held}
    )
    taken = set(its_own.values_list("initiative_id", "role"))
    moved = [role for role in held if (role.initiative_id, role.role) not in taken]
    doubled = [role.pk for role in held if (role.initiative_id, role.role) in taken]
    Responsibility.objects.filter(pk__in=doubled).delete()
    changes = {"organisation": successor}
    if not keeps_answer:
        changes |= {**UNANSWERED, "given_at": timezone.now()}
    for role in moved:
        for name, value in changes.items():
            setattr(role, name, value)
    Responsibility.objects.bulk_update(moved, list(changes), batch_size=BATCH)


@action
def move_members(*, by, organisation, successor, people):
    """Let people of an ended body act for its successor, in the role that they had; returns how many.

    Who acts for the successor already keeps the higher of the two roles.
    """
    _require(by, organisation, successor)
    ranks = list(MembershipRole.values)
    old = list(
        Membership.objects.select_for_update().filter(
            organisation=organisation, user__in=[person.pk for person in people]
        )
    )
    users = [membership.user_id for membership in old]
    there = {m.user_id: m for m in Membership.objects.filter(organisation=successor, user__in=users)}
    raised = []
    for membership in old:
        present = there.get(membership.user_id)
        if present and ranks.index(present.role) < ranks.index(membership.role):
            present.role = membership.role
            raised.append(present)
    Membership.objects.bulk_update(raised, ["role"])
    Membership.objects.filter(pk__in=[m.pk for m in old if m.user_id in there]).delete()
    Membership.objects.filter(pk__in=[m.pk for m in old if m.user_id not in there]).update(organisation=successor)
    return len(old)
