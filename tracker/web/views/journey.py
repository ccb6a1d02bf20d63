"""Logging an initiative: the start, the task list, the answers, and publishing."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies import permissions
from policies.actions import initiatives
from policies.actions.action import NotAllowedError, RuleError, StaleVersionError
from policies.models import UNPUBLISHED, Form, Initiative, Kind, Organisation, Status
from tracker.web import answers, links
from tracker.web.forms import initiative as forms
from tracker.web.similar import similar
from tracker.web.stepping import NOT_A_WRITER, editable, lead_of, step_page, to


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
    form = forms.StartForm(
        request.POST if request.method == "POST" else None, initial=initial, leads=leads, user=request.user
    )
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
    """What there is to fill in, and what is done."""
    initiative = editable(request, reference)
    steps = answers.steps(initiative)
    context = {
        "title": initiative.title,
        "caption": f"{initiative.reference}, {initiative.get_status_display().lower()}",
        "initiative": initiative,
        "back": links.record(initiative),
        "steps": steps,
        "done": sum(step.done for step in steps),
        "is_draft": initiative.status in UNPUBLISHED,
        "similar": similar(initiative, request.user) if initiative.status in UNPUBLISHED else [],
        "record_address": links.record,
        "may_end": initiative.status == Status.PUBLISHED and permissions.allowed(request.user, "end", initiative),
    }
    return step_page(request, "journey/tasks.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request, reference):
    """All answers, with links to change them; an approver publishes here."""
    initiative = editable(request, reference)
    form = forms.VersionForm(
        request.POST if request.method == "POST" else None, initial={"version": initiative.version}
    )
    may_publish = permissions.allowed(request.user, "publish", initiative)
    if request.method == "POST" and form.is_valid():
        if not may_publish:
            raise PermissionDenied(_("Only an approver of the lead organisation can publish this record."))
        try:
            initiatives.publish(by=request.user, initiative=initiative, version=form.cleaned_data["version"])
        except StaleVersionError:
            form.add_error(None, _("Somebody else changed this record. Check the answers again before you publish."))
            initiative = editable(request, reference)
            form.data = {"version": initiative.version}
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(NOT_A_WRITER) from error
        else:
            return redirect(to("published", initiative))
    context = {
        "title": _("Check the answers"),
        "caption": f"{initiative.reference}: {initiative.title}",
        "initiative": initiative,
        "form": form,
        "version": initiative.version,
        "back": to("tasks", initiative),
        "steps": answers.steps(initiative),
        "is_draft": initiative.status in UNPUBLISHED,
        "may_publish": may_publish,
        "lead": lead_of(initiative),
    }
    return step_page(request, "journey/check.html", context)


@login_required
@never_cache
def published(request, reference):
    """It is public; what happens next."""
    initiative = editable(request, reference)
    if initiative.status in UNPUBLISHED:
        raise Http404
    context = {"title": _("Published"), "initiative": initiative, "address": links.record(initiative)}
    return step_page(request, "journey/published.html", context)
