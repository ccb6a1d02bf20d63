"""Invitations by email: who may join for which organisation, and until when the link in the mail works."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from .organisation import Organisation
from .recorded import recorded
from .sourced import both_or_neither, one_of
from .user import MembershipRole

# How long the link in the mail works.
DAYS_TO_ACCEPT = 7


class InvitationState(models.TextChoices):
    """Derived from the columns, never stored."""

    OPEN = "open", "Waits for an answer"
    EXPIRED = "expired", "Its link has run out"
    ACCEPTED = "accepted", "Accepted"
    REVOKED = "revoked", "Taken back"


@recorded(exclude=["digest"])
class Invitation(models.Model):
    """A person is asked to act for an organisation. The secret of the link is in the mail and nowhere else."""

    email = models.EmailField("email address", max_length=254)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=MembershipRole)
    digest = models.CharField("SHA-256 of the secret, hexadecimal", max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("last sent at", default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_waits_once",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="invitation_name_filled"),
            one_of("invitation", "role", MembershipRole),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="invitation_digest_sha256"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("at"))
                & Q(expires_at__lte=F("at") + datetime.timedelta(days=DAYS_TO_ACCEPT)),
                name="invitation_expires_within_a_week",
            ),
            both_or_neither("invitation_accepted_by_somebody", "accepted_at", "accepted_by"),
            both_or_neither("invitation_revoked_by_somebody", "revoked_at", "revoked_by"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_ends_once"
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.get_role_display()} of {self.organisation}"

    @property
    def state(self):
        """How it stands now."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.OPEN if self.expires_at > timezone.now() else InvitationState.EXPIRED
