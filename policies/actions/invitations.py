"""Inviting people by email. What is kept is a digest: only whoever reads the mail has the link."""

import datetime
import hashlib
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.organisations import refuse_ended
from policies.models import Invitation, InvitationState, Membership, MembershipRole, User
from policies.models.invitation import DAYS_TO_ACCEPT

# Between two mails about one invitation, so that nobody's mailbox is filled.
SECONDS_BETWEEN_MAILS = 60


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


def find(token):
    """The invitation of a link, whatever its state; None for a link that none has, or no longer."""
    return Invitation.objects.select_related("organisation", "by").filter(digest=_digest(token)).first()


def _require(by, organisation, role):
    if not permissions.may_invite(by, organisation, role):
        raise NotAllowedError(f"{by} may not invite {role}s of {organisation}")


@action
def invite(*, by, email, name, organisation, role):
    """Invite somebody; returns the invitation and the secret of its link, which is kept nowhere.

    What comes back is the same whether or not the address has an account, so that nobody can find that out.
    """
    _require(by, organisation, role)
    refuse_ended(organisation)
    if Membership.objects.filter(organisation=organisation, user__email__iexact=email).exists():
        raise RuleError(f"{email} acts for {organisation.name} already.")
    token, now = secrets.token_urlsafe(32), timezone.now()
    waiting = Invitation.objects.filter(
        email__iexact=email, organisation=organisation, accepted_at=None, revoked_at=None
    )
    if any(one.state == InvitationState.OPEN for one in waiting.select_for_update()):
        raise RuleError(f"An invitation of {email} to {organisation.name} waits already. Send it again instead.")
    waiting.update(revoked_at=now, revoked_by=by)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=User.objects.normalize_email(email),
                name=name,
                organisation=organisation,
                role=role,
                digest=_digest(token),
                by=by,
                at=now,
                expires_at=now + datetime.timedelta(days=DAYS_TO_ACCEPT),
            )
    except IntegrityError as error:
        raise RuleError(f"Somebody else has just invited {email}.") from error
    return invitation, token


def _locked(by, invitation):
    invitation = Invitation.objects.select_for_update(of=["self"]).select_related("organisation").get(pk=invitation.pk)
    _require(by, invitation.organisation, invitation.role)
    if invitation.state in (InvitationState.ACCEPTED, InvitationState.REVOKED):
        raise RuleError("This invitation was accepted or taken back. Invite the person again if need be.")
    return invitation


@action
def resend(*, by, invitation):
    """A new link for another week; the old one no longer works. Returns the invitation and the secret."""
    invitation = _locked(by, invitation)
    refuse_ended(invitation.organisation)
    now = timezone.now()
    if (now - invitation.at).total_seconds() < SECONDS_BETWEEN_MAILS:
        raise RuleError("The invitation was sent less than a minute ago. Wait a minute before you send it again.")
    token = secrets.token_urlsafe(32)
    invitation.digest, invitation.at, invitation.by = _digest(token), now, by
    invitation.expires_at = now + datetime.timedelta(days=DAYS_TO_ACCEPT)
    invitation.save(update_fields=["digest", "at", "by", "expires_at"])
    return invitation, token


@action
def revoke(*, by, invitation):
    """Take an invitation back: its link no longer works."""
    invitation = _locked(by, invitation)
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    return invitation


def usable(invitation):
    """Whether a link still does what it says: in time, unused, and of somebody who may still invite."""
    return (
        invitation is not None
        and invitation.state == InvitationState.OPEN
        and not invitation.organisation.has_ended
        and permissions.may_invite(invitation.by, invitation.organisation, invitation.role)
    )


@action
def accept(*, by, token, name="", password=None):
    """Whoever has the link joins: with a new account, or with the one that the address has. Returns the person.

    `by` is the person who invited: on their word the account is made. An account that is there keeps its name and
    password, and the higher of two roles.
    """
    invitation = Invitation.objects.select_for_update(of=["self"]).filter(digest=_digest(token)).first()
    if not usable(invitation) or invitation.by_id != by.pk:
        raise RuleError("This link no longer works. Ask the person who invited you to send another one.")
    person = User.objects.filter(email__iexact=invitation.email).first()
    if person is None:
        person = User.objects.create_user(invitation.email, password, name=name)
    elif not person.is_active:
        raise RuleError("Your account is switched off. Ask an administrator to switch it on.")
    _join(person, invitation)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return person


def _join(person, invitation):
    ranks = list(MembershipRole.values)
    membership, made = Membership.objects.get_or_create(
        user=person, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    if not made and ranks.index(membership.role) < ranks.index(invitation.role):
        membership.role = invitation.role
        membership.save(update_fields=["role"])
