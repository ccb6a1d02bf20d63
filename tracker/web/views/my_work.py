"""What waits for the person who is signed in: updates, dates and roles, drafts, and flags on what they lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Prefetch, Q, When
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from policies import permissions, waiting, working_days
from policies.actions.action import RuleError
from policies.actions.roles import answer_role
from policies.models import UNPUBLISHED, Answer, Initiative, Organisation, Responsibility, Role, Status, Update
from tracker.web import kept, links, own_flags
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
    today = timezone.localdate()
    unpublished = Initiative.objects.readable_by(request.user).filter(status__in=UNPUBLISHED)
    reviews = waiting.reviews(request.user)
    # What somebody asked to be changed comes before what is only unfinished; what waits for others comes last.
    waits = Case(When(status=Status.CHANGES_REQUESTED, then=0), When(status=Status.DRAFT, then=1), default=2)
    drafts = _led_by(unpublished.exclude(pk__in=reviews.values("pk")), writes_for, request.user)
    drafts = drafts.order_by(waits, "-updated_at")
    context = {
        "title": _("My work"),
        "administers": permissions.is_administrator(request.user),
        "organisations": Organisation.objects.filter(memberships__user=request.user).by_name(),
        "writes": bool(writes_for),
        "updates": _updates(request.user, today),
        "moves": _part(waiting.moves_to_decide(request.user)),
        "roles": _part(waiting.roles_to_answer(request.user)),
        "replies": _part(waiting.replies(request.user)),
        "waited": lambda moment: working_days.passed(timezone.localdate(moment), today),
        "missed": lambda deadline: working_days.passed(deadline, today),
        "drafts": _part(drafts),
        "approves": bool(approves_for),
        "reviews": _part(reviews),
        "flags": _part(own_flags.waiting(request.user)),
        "flags_waiting": links.rows("flags", waiting="us"),
        "reviews_due": _part(own_flags.reviews_due(request.user, today)),
        "overdue": _part(own_flags.overdue(request.user, today)),
        "searches": saved.mine(request.user),
        "flag_address": links.flag,
        "record_address": links.record,
    }
    return page(request, "my_work/my_work.html", context)


def _updates(user, today):
    """Updates that are due, each with the one before it: "nothing has changed" repeats that one."""
    found = _part(waiting.updates_due(user, today))
    last = Update.objects.filter(initiative__in=[asked.initiative_id for asked in found["rows"]])
    before = {each.initiative_id: each for each in last.order_by("initiative", "-reported_on").distinct("initiative")}
    for asked in found["rows"]:
        asked.before = before.get(asked.initiative_id)
    return found


def _led_by(initiatives, organisations, user):
    leads = Prefetch("responsibilities", Responsibility.objects.filter(role=Role.LEAD), to_attr="leads")
    mine = Q(created_by=user) | Q(
        pk__in=Responsibility.objects.filter(role=Role.LEAD, organisation__in=organisations).values("initiative")
    )
    return initiatives.filter(mine).prefetch_related(leads)


def _part(queryset):
    rows = list(queryset[: MOST + 1])
    return {"count": queryset.count() if len(rows) > MOST else len(rows), "rows": rows[:MOST]}


def role_at(user, reference, organisation, role):
    """The role that an address names, of a record that the user can see; otherwise there is none."""
    if any("\0" in part for part in (reference, organisation, role)):  # the database takes no such text
        raise Http404
    held = (
        Responsibility.objects.filter(
            initiative__in=Initiative.objects.visible_to(user).filter(reference=reference.upper()),
            organisation__code=organisation,
            role=role,
        )
        .select_related("initiative", "organisation")
        .first()
    )
    if held is None:
        raise Http404
    return held


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, reference, organisation, role):
    """A named organisation says what it thinks of a role that it was given."""
    held = role_at(request.user, reference, organisation, role)
    if not permissions.may_answer(request.user, held):
        raise PermissionDenied(
            _("Only people who write for %(name)s can answer for it.") % {"name": held.organisation.name}
        )
    form = AnswerForm(kept.typed(request), initial=_given(held), role=held.role)
    if request.method == "POST" and form.is_valid():
        try:
            answer_role(
                by=request.user,
                responsibility=held,
                answer=form.cleaned_data["answer"],
                words=form.words(),
                proposed_role=form.cleaned_data["proposed_role"],
            )
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
    fields = {Answer.CONDITIONS: "conditions", Answer.OTHER_ROLE: "because", Answer.DISPUTED: "reasons"}
    field = fields.get(held.answer, "comment")
    return {"answer": held.answer, "proposed_role": held.proposed_role, field: held.answer_words}
