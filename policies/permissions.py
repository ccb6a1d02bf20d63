"""Who may do what: the one place that web, API and actions ask.

Reading is a condition in SQL (`Initiative.objects.visible_to`); writing is asked record by record, here.
"""

import rules

from policies.models import Initiative, MembershipRole, Role

WRITERS = [MembershipRole.EDITOR, MembershipRole.APPROVER]
APPROVERS = [MembershipRole.APPROVER]


def organisations_of(user, roles=tuple(MembershipRole.values)):
    """Ids of the organisations for which a user has one of the roles."""
    if user is None or not user.is_authenticated or not user.is_active:
        return set()
    return set(user.memberships.filter(role__in=roles).values_list("organisation_id", flat=True))


def _leads(initiative):
    return {r.organisation_id for r in initiative.responsibilities.all() if r.role == Role.LEAD}


@rules.predicate
def may_read(user, initiative):
    """The record is among those that the user can see."""
    return Initiative.objects.visible_to(user).filter(pk=initiative.pk).exists()


@rules.predicate
def is_administrator(user, _initiative=None):
    """Administrators may do everything."""
    return bool(user and user.is_authenticated and user.is_active and user.is_administrator)


@rules.predicate
def writes_for_lead(user, initiative):
    """An editor or approver of the lead organisation; of a record without a lead, its author."""
    leads = _leads(initiative)
    if not leads:
        return bool(organisations_of(user, WRITERS)) and initiative.created_by_id == user.pk
    return bool(leads & organisations_of(user, WRITERS))


@rules.predicate
def approves_for_lead(user, initiative):
    """An approver of the lead organisation."""
    return bool(_leads(initiative) & organisations_of(user, APPROVERS))


@rules.predicate
def writes_for_somebody(user, _initiative=None):
    """An editor or approver of any organisation."""
    return bool(organisations_of(user, WRITERS))


@rules.predicate
def approves_for_somebody(user, _initiative=None):
    """An approver of any organisation."""
    return bool(organisations_of(user, APPROVERS))


RULES = {
    "policies.read_initiative": is_administrator | may_read,
    "policies.create_initiative": is_administrator | writes_for_somebody,
    "policies.edit_initiative": is_administrator | writes_for_lead,
    "policies.publish_initiative": is_administrator | approves_for_lead,
    "policies.end_initiative": is_administrator | approves_for_lead,
}
for name, predicate in RULES.items():
    rules.add_perm(name, predicate)


def allowed(user, verb, initiative=None):
    """Whether a user may `verb` a record: read, create, edit, publish or end."""
    return rules.has_perm(f"policies.{verb}_initiative", user, initiative)


def may_decide(user, initiative):
    """Whether a user may approve what is in review or ask for changes: an approver who did not send it."""
    return allowed(user, "publish", initiative) and initiative.submitted_by_id != user.pk


def sees_drafts_of(user, initiative):
    """Whether a user could read a record while it was a draft: what it said then is shown to nobody else."""
    if is_administrator(user) or (user.is_authenticated and user.is_active and initiative.created_by_id == user.pk):
        return True
    named = {r.organisation_id for r in initiative.responsibilities.all()}
    return bool(named & organisations_of(user))


def may_answer(user, responsibility):
    """Whether a user may say what the organisation thinks of a role: its editors and approvers."""
    return is_administrator(user) or responsibility.organisation_id in organisations_of(user, WRITERS)


def may_lead_for(user):
    """Organisations in whose name a user may create records; None means all of them."""
    return None if is_administrator(user) else organisations_of(user, WRITERS)


def people_of(user):
    """Organisations whose people a user may see and invite; None means all of them."""
    return None if is_administrator(user) else organisations_of(user, APPROVERS)


def may_invite(user, organisation, role):
    """Whether a user may invite somebody to act for an organisation: approvers make readers and editors."""
    if is_administrator(user):
        return True
    return role in (MembershipRole.READER, MembershipRole.EDITOR) and organisation.pk in people_of(user)
