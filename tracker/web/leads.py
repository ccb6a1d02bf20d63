"""Which organisations a person can name as the lead of a new record."""

from django.db.models import Q
from django.utils import timezone

from policies import permissions
from policies.models import Organisation


def leads_for(user):
    """Those for which they write and that have not ended; for an administrator the departments of today."""
    allowed = permissions.may_lead_for(user)
    standing = Q(active_to=None) | Q(active_to__gt=timezone.localdate())
    leads = Organisation.objects.by_name().filter(standing)
    return leads.filter(kind="department") if allowed is None else leads.filter(pk__in=allowed)
