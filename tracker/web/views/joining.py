"""Joining by the link of an invitation: with a new account, or with the one that is there."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies.actions import invitations
from policies.actions.action import RuleError
from policies.models import InvitationState, User
from tracker.web.forms import people as forms
from tracker.web.page import page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    """Whoever has the link has read the mail, so the page may say whether the address has an account."""
    invitation = invitations.find(token) if "\0" not in token else None
    if not invitations.usable(invitation):
        return _gone(request, invitation)
    known = User.objects.filter(email__iexact=invitation.email).first()
    form = _form(request, invitation, known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = {} if known else {"name": given["name"], "password": given["password1"]}
        try:
            invitations.accept(by=invitation.by, token=token, **told)
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            words = _("You have joined %(name)s. Sign in to begin.")
            messages.success(request, words % {"name": invitation.organisation.name})
            return redirect("account_login")
    context = {
        "title": _("Join %(name)s") % {"name": invitation.organisation.name},
        "invitation": invitation,
        "known": known,
        "form": form,
        "as_of": None,
        "last_checked": None,
    }
    return page(request, "administration/join.html", context)


def _form(request, invitation, known):
    data = request.POST if request.method == "POST" else None
    if known:
        return forms.AcceptForm(data)
    return forms.JoinForm(data, email=invitation.email, initial={"name": invitation.name})


def _gone(request, invitation):
    """Says what to do. Of a link that nobody ever had it says no more than of one that was replaced."""
    state = invitation.state if invitation else None
    used = state == InvitationState.ACCEPTED
    context = {
        "title": _("You have used this link already") if used else _("This link no longer works"),
        "used": used,
        "expired": state == InvitationState.EXPIRED,
    }
    return render(request, "administration/join_gone.html", context, status=410)
