"""Logging an initiative: the start and the task list."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies import permissions
from policies.actions import initiatives
from policies.actions.action import NotAllowedError, RuleError
from policies.models import WRITABLE, Form, Initiative, Kind, Organisation, Status
from tracker.web import answers, kept, links, signing
from tracker.web.forms import initiative as forms
from tracker.web.similar import similar
from tracker.web.stepping import NOT_A_WRITER, editable, step_page, to


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """A title, the policy above it and who leads it make a draft."""
    if not permissions.allowed(request.user, "create"):
        raise PermissionDenied(_("Only editors and approvers of an organisation can log a commitment."))
    allowed = permissions.may_lead_for(request.user)
    leads = Organisation.objects.by_name()
    leads = leads.filter(kind="department", active_to=None) if allowed is None else leads.filter(pk__in=allowed)
    initial = {"parent": _parent_in_words(request), "lead": leads.first() if leads.count() == 1 else None}
    form = forms.StartForm(kept.typed(request), initial=initial, leads=leads, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            draft = initiatives.create(
                by=request.user,
                kind=Kind.COMMITMENT,
                form=Form.COMMITMENT,
                lead=data["lead"],
                title=data["title"],
                parent=data["parent"] or None,
                submission=form.submission(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(NOT_A_WRITER) from error
        else:
            return redirect(to("tasks", draft))
    context = {"title": _("Log a commitment"), "form": form, "back": reverse("commitments")}
    return step_page(request, "journey/start.html", context)


def _parent_in_words(request):
    """The policy that the address names, as its reference and title; nothing for one that the user cannot see."""
    reference = request.GET.get("parent", "").upper()
    if not reference or "\0" in reference:
        return ""
    found = Initiative.objects.visible_to(request.user).exclude(kind=Kind.COMMITMENT).filter(reference=reference)
    parent = found.first()
    return f"{parent.reference} {parent.title}"[: forms.StartForm.base_fields["parent"].max_length] if parent else ""


@login_required
@never_cache
def tasks(request, reference):
    """What there is to fill in, and what is done; a published record and one in review have pages of their own."""
    initiative = editable(request, reference)
    if initiative.status == Status.IN_REVIEW:
        return redirect(to("review", initiative))
    if initiative.status not in WRITABLE:
        return redirect(to("revise", initiative))
    steps = answers.steps(initiative)
    context = {
        "title": initiative.title,
        "caption": f"{initiative.reference}, {initiative.get_status_display().lower()}",
        "initiative": initiative,
        "back": links.record(initiative.revises or initiative),
        "steps": steps,
        "done": sum(step.done for step in steps),
        "asked": signing.asked_for(initiative),
        "similar": [] if initiative.revises else similar(initiative, request.user),
        "record_address": links.record,
    }
    return step_page(request, "journey/tasks.html", context)
