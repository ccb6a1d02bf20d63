"""The lead's side of roles: replying to what an organisation says; and every role of one's organisations."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError
from policies.actions.roles import give_proposed_role, reply_to_answer
from policies.models import NEEDS_WORDS, Initiative, Responsibility
from tracker.web import kept, links
from tracker.web.forms.roles import GIVE, SettleForm
from tracker.web.page import page
from tracker.web.views.my_work import role_at

ONLY_THE_LEAD = "Only people who write for the lead organisation can reply."
PAGE_SIZE = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request, reference, organisation, role):
    """The lead gives the role that an organisation proposes, or keeps the role and says why."""
    held = role_at(request.user, reference, organisation, role)
    if not permissions.may_settle(request.user, held.initiative):
        raise PermissionDenied(_(ONLY_THE_LEAD))
    if held.answer not in NEEDS_WORDS:
        messages.info(request, _("There is nothing to reply to any more."))
        return redirect(links.record(held.initiative))
    initial = {"decision": "keep" if held.reply else None, "reply": held.reply}
    form = SettleForm(kept.typed(request), initial=initial, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            said = _save(request.user, held, form.cleaned_data)
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(_(ONLY_THE_LEAD)) from error
        else:
            messages.success(request, said)
            return redirect(f"{links.record(held.initiative)}#roles")
    context = {
        "title": _("Reply to %(name)s") % {"name": held.organisation.name},
        "caption": f"{held.initiative.reference}: {held.initiative.title}",
        "held": held,
        "form": form,
        "back": reverse("my_work"),
        "address": links.record(held.initiative),
    }
    return page(request, "my_work/settle.html", context)


def _save(user, held, data):
    if data.get("decision") == GIVE:
        give_proposed_role(by=user, responsibility=held, words=data["comment"], proposed_role=data["proposed_role"])
        return _("The role is changed, and counts as accepted.")
    reply_to_answer(by=user, responsibility=held, words=data["reply"])
    return _("Your reply stands beside the answer.")


@login_required
@never_cache
@require_safe
def all_roles(request):
    """Every role that was given to the user's organisations, answered or not."""
    mine = permissions.organisations_of(request.user)
    found = (
        Responsibility.objects.filter(organisation__in=mine, initiative__in=Initiative.objects.visible_to(request.user))
        .select_related("initiative", "organisation")
        .order_by("initiative__reference", "role", "organisation__code")
    )
    pages = Paginator(found, PAGE_SIZE)
    shown = pages.get_page(request.GET.get("page"))
    context = {
        "title": _("Roles of your organisations"),
        "shown": shown,
        "writes_for": permissions.organisations_of(request.user, permissions.WRITERS),
        "record_address": links.record,
        "back": reverse("my_work"),
    }
    return page(request, "my_work/roles.html", context)
