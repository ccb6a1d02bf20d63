"""Which organisations a person can name as the lead of a new record."""

from policies import permissions
from policies.models import Organisation


def leads_for(user):
    """Those for which they write; for an administrator the departments of today."""
    allowed = permissions.may_lead_for(user)
    leads = Organisation.objects.by_name()
    return leads.filter(kind="department", active_to=None) if allowed is None else leads.filter(pk__in=allowed)
