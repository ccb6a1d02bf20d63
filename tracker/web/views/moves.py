"""Deciding on a date that somebody proposed to move."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.actions.updates import decide_move
from policies.models import Initiative, Update
from tracker.web import kept, links
from tracker.web.forms.update import MoveForm
from tracker.web.page import page


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, reference):
    """Approve the new date of a record, or decline it with words."""
    initiative = _found(request.user, reference)
    update = Update.objects.with_move_waiting().filter(initiative=initiative).select_related("moved_by").first()
    if update is None:
        messages.info(request, _("No new date waits for approval."))
        return redirect(f"{links.record(initiative)}#updates")
    update.initiative = initiative
    _require(request.user, update)
    form = MoveForm(kept.typed(request), initial={"version": initiative.version})
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, update, form)
        except StaleVersionError:
            form = _again(request, initiative)
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(_("Only an approver of the lead can decide on this date.")) from error
        else:
            return redirect(f"{links.record(initiative)}#updates")
    context = {
        "title": _("Decide on a new date"),
        "caption": f"{initiative.reference}: {initiative.title}",
        "update": update,
        "form": form,
        "back": reverse("my_work"),
        "address": links.record(initiative),
        "as_of": None,
        "last_checked": None,
    }
    return page(request, "my_work/move.html", context)


def _found(user, reference):
    visible = Initiative.objects.visible_to(user)
    wanted = visible.filter(reference=reference.upper()) if "\0" not in reference else visible.none()
    initiative = wanted.prefetch_related("responsibilities").first()
    if initiative is None:
        raise Http404
    return initiative


def _require(user, update):
    if update.moved_by_id == user.pk:
        raise PermissionDenied(_("You proposed this date, so somebody else decides on it."))
    if not permissions.may_decide_move(user, update):
        raise PermissionDenied(_("Only an approver of the lead can decide on this date."))


def _decide(request, update, form):
    approve = form.cleaned_data["decision"] == "approve"
    decide_move(
        by=request.user,
        update=update,
        version=form.cleaned_data["version"],
        approve=approve,
        words=form.cleaned_data["reasons"] or "",
    )
    messages.success(request, _("The date on record has moved.") if approve else _("The new date is declined."))


def _again(request, initiative):
    """The same answers against the record as it now stands, for the person to look at once more."""
    data = request.POST.copy()
    data["version"] = str(Initiative.objects.get(pk=initiative.pk).version)
    form = MoveForm(data)
    form.add_error(None, _("The record has changed since you opened this page. Read the dates again, then save."))
    return form
