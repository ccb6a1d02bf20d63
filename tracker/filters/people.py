"""The filters of people and of invitations."""

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies import permissions
from policies.models import Invitation, InvitationState, Membership, MembershipRole, Organisation, User
from tracker.filters.base import Choice, FilterSet, Record, Search, Sort, yes_no


def _organisation(**more):
    return Record(
        _("Organisation"),
        lambda user: Organisation.objects.all(),
        noun=_("organisation with the code"),
        help_text=_("Its code, such as nhs-england"),
        **more,
    )


class PeopleFilter(FilterSet):
    """People by name, by what they may do and for whom. Of memberships only those count that the user may see."""

    q = Search(lambda _queryset, words: Q(name__icontains=words) | Q(email__icontains=words))
    organisation = _organisation(method="by_organisation")
    role = Choice(_("Role"), MembershipRole.choices, method="by_role")
    active = yes_no(_("May sign in"), lambda: Q(is_active=True))
    administrator = yes_no(_("Administrator"), lambda: Q(is_administrator=True))
    sort = Sort(
        {
            "name": (_("Name, A to Z"), _("Name, Z to A"), lambda f: Lower("name")),
            "email": (_("Email address, A to Z"), _("Email address, Z to A"), lambda f: Lower("email")),
            "joined": (_("Joined, first first"), _("Joined, last first"), lambda f: F("date_joined")),
        },
        tie=(Lower("name"), "pk"),
    )

    class Meta:
        model = User
        fields = ()

    def _memberships(self, **wanted):
        found = Membership.objects.filter(user=OuterRef("pk"), **wanted)
        seen = permissions.people_of(self.user)
        return found if seen is None else found.filter(organisation__in=seen)

    def by_organisation(self, queryset, _name, organisation):
        """They act for it; with a role too, in that role."""
        role = self.form.cleaned_data.get("role")
        more = {"role": role} if role else {}
        return queryset.filter(Exists(self._memberships(organisation=organisation, **more)))

    def by_role(self, queryset, _name, role):
        """They have it somewhere; where is `by_organisation`'s to say."""
        if self.form.cleaned_data.get("organisation"):
            return queryset
        return queryset.filter(Exists(self._memberships(role=role)))


def _waiting():
    return Q(accepted_at__isnull=True, revoked_at__isnull=True)


class InvitationFilter(FilterSet):
    """Invitations by whom, for whom and how they stand."""

    q = Search(lambda _queryset, words: Q(name__icontains=words) | Q(email__icontains=words))
    state = Choice(
        _("State"),
        InvitationState.choices,
        {
            InvitationState.OPEN: lambda: _waiting() & Q(expires_at__gt=timezone.now()),
            InvitationState.EXPIRED: lambda: _waiting() & Q(expires_at__lte=timezone.now()),
            InvitationState.ACCEPTED: lambda: Q(accepted_at__isnull=False),
            InvitationState.REVOKED: lambda: Q(revoked_at__isnull=False),
        },
    )
    organisation = _organisation(condition=lambda organisation: Q(organisation=organisation))
    sort = Sort(
        {
            "sent": (_("Sent, longest ago first"), _("Sent, last first"), lambda f: F("at")),
            "name": (_("Name, A to Z"), _("Name, Z to A"), lambda f: Lower("name")),
        },
        tie=("-at", "pk"),
    )

    class Meta:
        model = Invitation
        fields = ()
