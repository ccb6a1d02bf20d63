"""What the pages of sign-off show: who can decide, what was said before, and what a revision changes."""

from collections import Counter

from policies import permissions
from policies.models import MembershipRole, Role, SignOff, SignOffStep, Status, User
from tracker.web import answers


def trail(initiative):
    """The steps of this draft or revision, first one first, each with who took it."""
    record = initiative.revises_id or initiative.pk
    steps = SignOff.objects.filter(initiative=record, revision=initiative.revision_number)
    return list(steps.select_related("by").order_by("pk"))


def asked_for(initiative):
    """What the approver asked to be changed, while that stands; None otherwise."""
    if initiative.status != Status.CHANGES_REQUESTED:
        return None
    return next((step for step in reversed(trail(initiative)) if step.step == SignOffStep.CHANGES_REQUESTED), None)


def approvers(initiative, sender):
    """Names of the people who can decide on what `sender` sends for review."""
    people = User.objects.filter(
        is_active=True,
        memberships__role=MembershipRole.APPROVER,
        memberships__organisation__responsibilities__initiative=initiative.revises_id or initiative.pk,
        memberships__organisation__responsibilities__role=Role.LEAD,
    )
    return list(people.exclude(pk=sender.pk).order_by("name").values_list("name", flat=True).distinct())


def may_decide(user, initiative):
    """Whether the page offers the decision."""
    return permissions.may_decide(user, initiative)


def differences(initiative, user):
    """What a revision changes: (part, question, as it is public, as it would be); empty for a first draft."""
    if not initiative.revises_id:
        return []
    public, revised = (
        {step.title: step.rows for step in answers.steps(record, user, whole=True)}
        for record in (initiative.revises, initiative)
    )
    found = []
    # A part may be on one side only: what is no fund any more has no criteria to fill in.
    for title in dict.fromkeys([*revised, *public]):
        before, after = public.get(title, []), revised.get(title, [])
        gone = Counter(before) - Counter(after)
        new = Counter(after) - Counter(before)
        for question in dict.fromkeys(question for question, _answer in [*before, *after]):
            old = [answer for asked, answer in gone if asked == question]
            now = [answer for asked, answer in new if asked == question]
            for i in range(max(len(old), len(now))):
                pair = (old[i] if i < len(old) else "", now[i] if i < len(now) else "")
                found.append((title, question, *pair))
    return found
