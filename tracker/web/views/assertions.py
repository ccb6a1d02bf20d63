"""An organisation named in a record says, in its own name, which way the record moves an outcome."""

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
from policies.actions.action import NotAllowedError, RuleError
from policies.actions.assertions import assert_link, withdraw_link
from policies.models import Initiative, Outcome, OutcomeLink
from tracker.web import kept, links
from tracker.web.forms.assertions import AssertionForm, ChooseOutcomeForm
from tracker.web.page import page

NOT_NAMED = (
    "Only editors and approvers of organisations that a published record names can say what they see in it. Its lead"
    " says it in the record itself."
)


def _record(request, kind, reference):
    """The record, and the organisations in whose name the user may speak about it."""
    if "\0" in reference:
        raise Http404
    found = Initiative.objects.visible_to(request.user).filter(reference=reference.upper(), kind=kind)
    initiative = found.prefetch_related("responsibilities").first()
    if initiative is None:
        raise Http404
    speakers = list(permissions.speaks_for(request.user, initiative).by_name())
    if not speakers:
        raise PermissionDenied(_(NOT_NAMED))
    return initiative, speakers


def _shared(initiative):
    return {
        "initiative": initiative,
        "caption": f"{initiative.reference}: {initiative.title}",
        "back": links.record(initiative),
    }


def to(initiative, link):
    """Where an organisation changes what it said."""
    where = {"reference": initiative.reference, "organisation": link.asserted_by.code, "outcome": link.outcome.code}
    return reverse(f"{initiative.kind}_link", kwargs=where)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request, kind, reference):
    """What is said so far, and of which outcome one wants to speak."""
    initiative, speakers = _record(request, kind, reference)
    form = ChooseOutcomeForm(kept.typed(request), organisations=speakers, outcomes=Outcome.objects.all())
    if request.method == "POST" and form.is_valid():
        return redirect(reverse(f"{kind}_link", kwargs={"reference": initiative.reference, **form.cleaned_data}))
    said = OutcomeLink.objects.filter(initiative=initiative).select_related("outcome", "asserted_by")
    mine = {body.pk for body in speakers}
    context = {
        "title": _("What your organisation sees in it"),
        "form": form,
        "rows": [
            (link, to(initiative, link) if link.asserted_by_id in mine else "")
            for link in said.order_by("outcome__position", "pk")
        ],
        **_shared(initiative),
    }
    return page(request, "assertions/list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request, kind, reference, organisation, outcome):
    """One organisation's word on one outcome: say it, change it, or take it back."""
    initiative, speakers = _record(request, kind, reference)
    speaker = next((body for body in speakers if body.code == organisation), None)
    if speaker is None:
        raise PermissionDenied(_(NOT_NAMED))
    outcome = Outcome.objects.filter(code=outcome).first()
    if outcome is None:
        raise Http404
    said = OutcomeLink.objects.filter(initiative=initiative, outcome=outcome).select_related(
        "asserted_by", "initiative"
    )
    mine = next((link for link in said if link.asserted_by_id == speaker.pk), None)
    initial = {name: getattr(mine, name) for name in AssertionForm.base_fields} if mine else {}
    form = AssertionForm(kept.typed(request), initial=initial)
    try:
        if request.method == "POST" and "remove" in request.POST:
            return _take_back(request, initiative, mine)
        if request.method == "POST" and form.is_valid():
            assert_link(
                by=request.user, initiative=initiative, organisation=speaker, outcome=outcome, **form.cleaned_data
            )
            messages.success(request, _("What you said stands beside the record’s own words."))
            return redirect(f"{links.record(initiative)}#outcomes")
    except RuleError as error:
        form.add_error(None, str(error))
    except NotAllowedError as error:
        raise PermissionDenied(_(NOT_NAMED)) from error
    context = {
        "title": _("%(outcome)s, according to %(name)s") % {"outcome": outcome.name, "name": speaker.name},
        "form": form,
        "outcome": outcome,
        "others": [link for link in said if link is not mine],
        "mine": mine,
        **_shared(initiative),
        "back": reverse(f"{kind}_links", kwargs={"reference": initiative.reference}),
    }
    return page(request, "assertions/one.html", context)


def _take_back(request, initiative, mine):
    if mine is not None:
        withdraw_link(by=request.user, link=mine)
        messages.success(request, _("What you said is taken back. The history keeps it."))
    return redirect(f"{links.record(initiative)}#outcomes")
