"""Inviting people by email: the list, a new one, sending again, taking back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from policies import permissions
from policies.actions import invitations
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Invitation, Organisation
from tracker.filters import InvitationFilter
from tracker.web import mailing
from tracker.web.administering import ONLY_APPROVERS, FormPage, crumbs, require_people, show
from tracker.web.forms import people as forms
from tracker.web.listing import Listing, tidied

SENT = gettext_lazy("The invitation is sent to %(email)s. Its link works for 7 days.")
NOT_SENT = gettext_lazy("The invitation is kept, but the mail could not be sent. Send it again later.")


def _visible(seen):
    found = Invitation.objects.select_related("organisation", "by")
    return found if seen is None else found.filter(organisation__in=seen)


@login_required
@never_cache
@require_safe
def listing(request):
    """All invitations; for approvers, those to their organisations."""
    seen = require_people(request.user)
    if address := tidied(request):
        return redirect(address)
    found = Listing(request, InvitationFilter, _visible(seen))
    rows = list(found.page.object_list)
    whole, own = permissions.is_administrator(request.user), seen or ()
    for row in rows:
        row.mine = whole or (row.role != "approver" and row.organisation_id in own)
    context = {
        "title": _("Invitations"),
        "breadcrumbs": crumbs(),
        "listing": found,
        "form": found.form,
        "rows": rows,
    }
    return show(request, "administration/invitations.html", context)


def _say(request, invitation, token):
    sent = mailing.send_invitation(request, invitation, token)
    words = SENT % {"email": invitation.email} if sent else str(NOT_SENT)
    (messages.success if sent else messages.warning)(request, words)


class Invite(FormPage):
    """A new invitation."""

    title = gettext_lazy("Invite somebody")
    button = gettext_lazy("Send the invitation")

    def allow(self):
        self.seen = require_people(self.request.user)

    def back(self):
        return reverse("invitations")

    def make_form(self, data=None):
        if self.seen is None:
            return forms.InviteForm(data, user=self.request.user)
        own = Organisation.objects.filter(pk__in=self.seen).by_name()
        return forms.OwnInviteForm(data, organisations=own, initial={"organisation": own.first()})

    def save(self, form):
        names = ("name", "email", "organisation", "role")
        told = {name: form.cleaned_data[name] for name in names}
        _say(self.request, *invitations.invite(by=self.request.user, **told))


def _acted_on(request, pk, act):
    """Call an action on one invitation, and go back to the list with what came of it."""
    seen = require_people(request.user)
    invitation = _visible(seen).filter(pk=pk).first()
    if invitation is None:
        raise Http404
    try:
        act(invitation)
    except NotAllowedError as error:
        raise PermissionDenied(ONLY_APPROVERS) from error
    except RuleError as error:
        messages.warning(request, str(error))
    return redirect("invitations")


@login_required
@never_cache
@require_POST
def resend(request, pk):
    """A new link by mail; the old one no longer works."""

    def act(invitation):
        _say(request, *invitations.resend(by=request.user, invitation=invitation))

    return _acted_on(request, pk, act)


@login_required
@never_cache
@require_POST
def revoke(request, pk):
    """Take an invitation back."""

    def act(invitation):
        invitations.revoke(by=request.user, invitation=invitation)
        messages.success(request, _("The invitation of %(name)s is taken back.") % {"name": invitation.name})

    return _acted_on(request, pk, act)
