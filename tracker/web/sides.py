"""What a reader of a record's page can do about it from the other side: answer a role, reply, say what they see."""

from collections import defaultdict

from django.urls import reverse

from policies import permissions
from policies.models import NEEDS_WORDS, Role


def contested(links):
    """Ids of outcomes that are said to go different ways by different speakers."""
    directions = defaultdict(set)
    for link in links:
        directions[link.outcome_id].add(link.direction)
    return {outcome for outcome, said in directions.items() if len(said) > 1}


def offer_answers(initiative, roles, user):
    """Give each role the addresses where this user answers it, or replies to its answer; elsewhere they are empty."""
    signed_in = user.is_authenticated
    mine = permissions.organisations_of(user, permissions.WRITERS) if signed_in else set()
    settles = signed_in and permissions.may_settle(user, initiative)
    for role in roles:
        names = {"reference": initiative.reference, "organisation": role.organisation.code, "role": role.role}
        answers = role.organisation_id in mine and role.role != Role.LEAD
        replies = settles and role.answer in NEEDS_WORDS
        role.answer_address = reverse("answer_role", kwargs=names) if answers else ""
        role.settle_address = reverse("settle_role", kwargs=names) if replies else ""


def where_to_speak(initiative, user):
    """Where the user's organisation says what it sees in the record; empty for those who may not."""
    if not user.is_authenticated or not permissions.speaks_for(user, initiative).exists():
        return ""
    return reverse(f"{initiative.kind}_links", kwargs={"reference": initiative.reference})
