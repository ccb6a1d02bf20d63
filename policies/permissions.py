"""Who may do what: the one place that web, API and actions ask.

Reading is a condition in SQL (`Initiative.objects.visible_to`); writing is asked record by record, here.
"""

import rules

from policies.models import Initiative, MembershipRole, Organisation, Responsibility, Role, Status, User

WRITERS = [MembershipRole.EDITOR, MembershipRole.APPROVER]
APPROVERS = [MembershipRole.APPROVER]


def organisations_of(user, roles=tuple(MembershipRole.values)):
    """Ids of the organisations for which a user has one of the roles."""
    if user is None or not user.is_authenticated or not user.is_active:
        return set()
    return {membership.organisation_id for membership in user.memberships.all() if membership.role in roles}


def _leads(initiative):
    """Who leads the record; of a working copy, who leads what is public: a revision does not decide on itself."""
    if initiative.revises_id:
        initiative = initiative.revises
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


def editable_among(user, initiatives):
    """Ids of those records that a user may edit; memberships are looked up once, however many records there are."""
    asking = User.objects.prefetch_related("memberships").filter(pk=user.pk).first()
    return {initiative.pk for initiative in initiatives if allowed(asking, "edit", initiative)}


def sees_drafts_of(user, initiative):
    """Whether a user could read a record while it was a draft: what it said then is shown to nobody else."""
    if is_administrator(user) or (user.is_authenticated and user.is_active and initiative.created_by_id == user.pk):
        return True
    named = {r.organisation_id for r in initiative.responsibilities.all()}
    return bool(named & organisations_of(user))


def may_answer(user, responsibility):
    """Whether a user may say what the organisation thinks of a role: its editors and approvers."""
    return is_administrator(user) or responsibility.organisation_id in organisations_of(user, WRITERS)


def may_settle(user, initiative):
    """Whether a user may reply to what organisations say of their roles: who writes for the lead, at any time."""
    return is_administrator(user) or writes_for_lead(user, initiative)


def speaks_for(user, initiative):
    """Organisations in whose name a user may say what a published record does to an outcome.

    Those named in it or in the policy above it, save for the lead, whose words the record itself holds; a user
    speaks only for those of which they are an editor or approver, an administrator for all of them.
    """
    if initiative.status != Status.PUBLISHED or not allowed(user, "read", initiative):
        return Organisation.objects.none()
    named = Responsibility.objects.filter(initiative__in=[initiative.pk, initiative.parent_id or initiative.pk])
    found = Organisation.objects.filter(pk__in=named.values("organisation")).exclude(pk__in=_leads(initiative))
    return found if is_administrator(user) else found.filter(pk__in=organisations_of(user, WRITERS))


def may_assert(user, initiative, organisation):
    """Whether a user may say it in the name of one organisation. Nobody changes another organisation's words."""
    return speaks_for(user, initiative).filter(pk=organisation.pk).exists()


def may_decide_move(user, update):
    """Whether a user may approve or decline a moved date: an approver of the lead, or an administrator, but never
    the person who proposed it."""
    return user.pk != update.moved_by_id and allowed(user, "publish", update.initiative)


def may_open_round(user, organisation):
    """Whether a user may ask for updates: administrators everybody, approvers what their organisation leads."""
    if is_administrator(user):
        return True
    return organisation is not None and organisation.pk in organisations_of(user, APPROVERS)


def may_open_rounds_for(user):
    """Ids of the organisations for which a user may open a round; None means all, together or one by one."""
    return None if is_administrator(user) else organisations_of(user, APPROVERS)


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


def flag_deciders(initiative, organisation):
    """Ids of the organisations whose people decide on one side of a flag; empty: administrators alone.

    The lead of the record and, where the flag is about one organisation's role in it, that organisation. Of a flag
    about no record it is the organisation that the flag is about, if there is one.
    """
    return (_leads(initiative) if initiative else set()) | ({organisation.pk} if organisation else set())


def acts_on_flag_for(user, initiative, organisation, *, dismissing=False):
    """Those of `flag_deciders` for which a user may decide: editors and approvers; to set aside, approvers only."""
    return flag_deciders(initiative, organisation) & organisations_of(user, APPROVERS if dismissing else WRITERS)


def may_decide_on_flag(user, initiative, organisation, *, dismissing=False):
    """Whether a user may decide on one side of a flag: administrators on any."""
    return is_administrator(user) or bool(acts_on_flag_for(user, initiative, organisation, dismissing=dismissing))


def comments_on_flag_for(user, initiatives, organisation):
    """Ids of the organisations in whose name a user may comment on a flag: their editors and approvers, of any that
    has a role in its records, whatever the role, or that the flag is about."""
    named = {r.organisation_id for initiative in initiatives for r in initiative.responsibilities.all()}
    return (named | ({organisation.pk} if organisation else set())) & organisations_of(user, WRITERS)
