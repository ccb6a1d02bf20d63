"""The daily email: getting it or not, on a page of one's own or by the link in the email."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from policies.actions.people import want_digest
from tracker.actions import digests
from tracker.actions.stop_links import ExpiredLinkError
from tracker.web import kept
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.page import page
from tracker.web.views.watching import expired


class EmailsForm(ServiceForm):
    """One question."""

    wanted = forms.ChoiceField(
        label=gettext_lazy("Do you want an email when something waits for you?"),
        help_text=gettext_lazy(
            "At most one a day, on working days, and only when something is new or has waited long."
        ),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    design = {"wanted": Look(name=gettext_lazy("Your answer"))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wanted"].error_messages["required"] = _("Select yes if you want the email")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request):
    """Whether the person who is signed in gets the email."""
    now = {"wanted": "yes" if request.user.wants_digest else "no"}
    form = EmailsForm(kept.typed(request), initial=now)
    if request.method == "POST" and form.is_valid():
        want_digest(by=request.user, person=request.user, wanted=form.cleaned_data["wanted"] == "yes")
        messages.success(request, _("Your answer is saved."))
        return redirect("my_work")
    context = {"title": _("Emails"), "form": form, "back": reverse("my_work"), "as_of": None, "last_checked": None}
    return page(request, "my_work/emails.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, token):
    """Stop the emails of whoever got this link. Mail programs send the POST by themselves (RFC 8058), without our
    cookie, so the signature in the address stands for it; opening the link changes nothing, since programs that
    look for harmful links open them too.
    """
    try:
        person = digests.user_of(token)
    except ExpiredLinkError:
        return expired(request)
    if person is None:
        raise Http404
    if request.method == "POST":
        want_digest(by=person, person=person, wanted=False)
    stopped = request.method == "POST" or not person.wants_digest
    context = {"title": _("Stop the emails"), "stopped": stopped, "as_of": None, "last_checked": None}
    return page(request, "my_work/stop.html", context)
