"""What waits for the person who is signed in: roles to answer, drafts, and flags on what their organisations lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Prefetch, Q, When
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from policies import permissions
from policies.actions.action import RuleError
from policies.actions.roles import answer_role
from policies.models import UNPUBLISHED, Answer, Initiative, Organisation, Responsibility, Role, Status
from tracker.models import Flag
from tracker.web import kept, links
from tracker.web.forms.roles import AnswerForm
from tracker.web.page import page
from tracker.web.views import saved

MOST = 20


@login_required
@never_cache
@require_safe
def my_work(request):
    """One page, the most pressing first. Each part says how many there are and shows the first of them."""
    writes_for = permissions.organisations_of(request.user, permissions.WRITERS)
    approves_for = permissions.organisations_of(request.user, permissions.APPROVERS)
    visible = Initiative.objects.visible_to(request.user)
    roles = (
        Responsibility.objects.filter(
            organisation__in=writes_for, answer=Answer.PROPOSED, initiative__in=visible.filter(status=Status.PUBLISHED)
        )
        .exclude(role=Role.LEAD)
        .select_related("initiative", "organisation")
        .order_by("initiative__reference", "role")
    )
    unpublished = Initiative.objects.readable_by(request.user).filter(status__in=UNPUBLISHED)
    reviews = (
        unpublished.filter(
            status=Status.IN_REVIEW,
            pk__in=Responsibility.objects.filter(role=Role.LEAD, organisation__in=approves_for).values("initiative"),
        )
        .exclude(submitted_by=request.user)
        .select_related("submitted_by")
        .order_by("submitted_at", "pk")
    )
    # What somebody asked to be changed comes before what is only unfinished; what waits for others comes last.
    waits = Case(When(status=Status.CHANGES_REQUESTED, then=0), When(status=Status.DRAFT, then=1), default=2)
    drafts = _led_by(unpublished.exclude(pk__in=reviews.values("pk")), writes_for, request.user)
    drafts = drafts.order_by(waits, "-updated_at")
    flags = (
        Flag.objects.visible_to(request.user)
        .needing_attention()
        .filter(initiative__responsibilities__role=Role.LEAD, initiative__responsibilities__organisation__in=writes_for)
        .select_related("initiative")
        .by_severity()
    )
    context = {
        "title": _("My work"),
        "organisations": Organisation.objects.filter(memberships__user=request.user).by_name(),
        "writes": bool(writes_for),
        "roles": _part(roles),
        "drafts": _part(drafts),
        "approves": bool(approves_for),
        "reviews": _part(reviews),
        "flags": _part(flags),
        "searches": saved.mine(request.user),
        "flag_address": links.flag,
        "record_address": links.record,
    }
    return page(request, "my_work/my_work.html", context)


def _led_by(initiatives, organisations, user):
    leads = Prefetch("responsibilities", Responsibility.objects.filter(role=Role.LEAD), to_attr="leads")
    mine = Q(created_by=user) | Q(
        pk__in=Responsibility.objects.filter(role=Role.LEAD, organisation__in=organisations).values("initiative")
    )
    return initiatives.filter(mine).prefetch_related(leads)


def _part(queryset):
    rows = list(queryset[: MOST + 1])
    return {"count": queryset.count() if len(rows) > MOST else len(rows), "rows": rows[:MOST]}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, reference, organisation, role):
    """A named organisation says what it thinks of a role that it was given."""
    held = (
        Responsibility.objects.filter(
            initiative__in=Initiative.objects.visible_to(request.user).filter(reference=reference.upper()),
            organisation__code=organisation,
            role=role,
        )
        .select_related("initiative", "organisation")
        .first()
    )
    if held is None:
        raise Http404
    if not permissions.may_answer(request.user, held):
        raise PermissionDenied(
            _("Only people who write for %(name)s can answer for it.") % {"name": held.organisation.name}
        )
    form = AnswerForm(kept.typed(request), initial=_given(held))
    if request.method == "POST" and form.is_valid():
        try:
            answer_role(by=request.user, responsibility=held, answer=form.cleaned_data["answer"], words=form.words())
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answer stands beside the role."))
            return redirect(f"{links.record(held.initiative)}")
    context = {
        "title": _("Answer for %(name)s") % {"name": held.organisation.name},
        "caption": f"{held.initiative.reference}: {held.initiative.title}",
        "held": held,
        "form": form,
        "back": reverse("my_work"),
        "address": links.record(held.initiative),
    }
    return page(request, "my_work/answer.html", context)


def _given(held):
    """The answer given before, in the field that it was written in."""
    if held.answer == Answer.PROPOSED:
        return {}
    field = {Answer.CONDITIONS: "conditions", Answer.DISPUTED: "reasons"}.get(held.answer, "comment")
    return {"answer": held.answer, field: held.answer_words}
