"""The beginning of the journey: what is logged, and the least that it begins with."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies import permissions
from policies.actions import initiatives
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Initiative, Kind
from tracker.web import kept, links
from tracker.web.forms.start import STARTS, KindForm
from tracker.web.leads import leads_for
from tracker.web.stepping import NOT_A_WRITER, step_page, to

TITLES = {
    Kind.POLICY: gettext_lazy("Log a policy"),
    Kind.COMMITMENT: gettext_lazy("Log a commitment"),
    Kind.PARTNERSHIP: gettext_lazy("Log a partnership"),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Ask what is to be logged; then the answers of its first page make a draft.

    `?kind=` names the kind. What comes without one but with a policy, or with answers, is a commitment.
    """
    if not permissions.allowed(request.user, "create"):
        raise PermissionDenied(_("Only editors and approvers of an organisation can log a record."))
    if not leads_for(request.user).exists():
        raise PermissionDenied(
            _("The organisations that you write for have ended. Ask an administrator to move you to the successor.")
        )
    kind = request.GET.get("kind")
    if kind is None and (request.method == "POST" or "parent" in request.GET):
        kind = Kind.COMMITMENT
    if kind not in Kind.values:
        return _which_kind(request)
    kind = Kind(kind)
    form = STARTS[kind](
        kept.typed(request),
        initial=_initial(request, kind),
        leads=leads_for(request.user),
        user=request.user,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(to("tasks", _create(request.user, kind, form)))
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(NOT_A_WRITER) from error
    context = {"title": TITLES[kind], "form": form, "back": reverse(links.LISTS[kind]), "section": links.LISTS[kind]}
    return step_page(request, "journey/start.html", context)


def _which_kind(request):
    """The question what is to be logged. It is asked by GET, so that its answer is an address."""
    form = KindForm(request.GET if "asked" in request.GET or "kind" in request.GET else None)
    context = {"title": _("What do you want to log?"), "form": form, "back": reverse("home")}
    return step_page(request, "journey/kind.html", context)


@transaction.atomic
def _create(user, kind, form):
    lead = form.cleaned_data["lead"]
    told = form.fields_for_record()
    draft = initiatives.create(by=user, kind=kind, lead=lead, submission=form.submission(), **told)
    if kind == Kind.PARTNERSHIP and (rows := form.roles()):
        draft = initiatives.set_parts(by=user, initiative=draft, version=draft.version, part="roles", rows=rows)
    return draft


def _initial(request, kind):
    leads = leads_for(request.user)
    only = leads.first() if leads.count() == 1 else None
    return {
        "parent": _parent_in_words(request, kind),
        "lead": leads.filter(code=_asked(request, "lead")).first() or only,
    }


def _asked(request, name):
    value = request.GET.get(name, "")
    return "" if "\0" in value else value


def _parent_in_words(request, kind):
    """The policy that the address names, as its reference and title; nothing for one that the user cannot see."""
    if kind == Kind.PARTNERSHIP or not (reference := _asked(request, "parent").upper()):
        return ""
    found = Initiative.objects.visible_to(request.user).exclude(kind=Kind.COMMITMENT).filter(reference=reference)
    parent = found.first()
    longest = STARTS[kind].base_fields["parent"].max_length
    return f"{parent.reference} {parent.title}"[:longest] if parent else ""
