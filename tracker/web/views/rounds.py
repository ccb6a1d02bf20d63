"""Update rounds: who was asked, who has reported, and opening a round."""

import datetime
from collections import Counter
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policies import permissions, waiting, working_days
from policies.actions import rounds
from policies.actions.action import NotAllowedError, RuleError
from policies.models import UNREPORTED, Initiative, Organisation, RequestState, Role, Round, RoundRequest
from tracker.filters import RoundRequestFilter
from tracker.web import display, kept, links
from tracker.web.forms.rounds import EVERYBODY, RoundForm
from tracker.web.listing import Listing, tidied
from tracker.web.page import page, trail

PAGE_SIZE = 25
USUAL_DAYS = 10  # working days: two weeks


def _requests(user):
    """What was asked about records that the user can see."""
    return RoundRequest.objects.filter(initiative__in=Initiative.objects.visible_to(user))


@login_required
@never_cache
@require_safe
def listing(request):
    """Every round, the latest first, with how far it has come."""
    paginator = Paginator(
        Round.objects.select_related("organisation", "collection").order_by("-opened_on", "-pk"), PAGE_SIZE
    )
    current = paginator.get_page(request.GET.get("page"))
    today = timezone.localdate()
    tally = Counter()
    asked = _requests(request.user).filter(round__in=[one.pk for one in current]).with_state(today)
    for number, state, many in asked.order_by().values_list("round", "state").annotate(many=Count("pk")):
        tally[number, state] += many
        tally[number, "asked"] += many
    context = {
        "title": _("Update rounds"),
        "rounds": current.object_list,
        "page": current,
        "paginator": paginator,
        "tally": tally,
        "unreported": {one.pk: sum(tally[one.pk, state] for state in UNREPORTED) for one in current},
        "standing": lambda one: standing(one, today),
        "href": lambda number: f"{reverse('rounds')}?page={number}" if number > 1 else reverse("rounds"),
        "may_open": permissions.may_open_rounds_for(request.user) != set(),
        "breadcrumbs": trail(),
    }
    return page(request, "rounds/list.html", context)


def standing(one, today):
    """How a round stands: a word for its tag, and its colour."""
    if one.called_off_at:
        return _("Called off"), "grey"
    return (_("Open"), "blue") if one.deadline >= today else (_("Deadline passed"), "yellow")


@login_required
@never_cache
@require_safe
def record(request, pk):
    """One round: by lead organisation who has reported and who has not, and the records behind each number."""
    if address := tidied(request):
        return redirect(address)
    one = Round.objects.select_related("organisation", "collection", "opened_by").filter(pk=pk).first()
    if one is None:
        raise Http404
    today = timezone.localdate()
    asked = _requests(request.user).filter(round=one).with_state(today)
    found = Listing(request, RoundRequestFilter, asked, page_size=50)
    bodies = by_organisation(one, asked)
    late = working_days.passed(one.deadline, today)
    context = {
        "title": one.name,
        "caption": _("Update round"),
        "round": one,
        "listing": found,
        "form": found.form,
        "rows": found.page.object_list.select_related("initiative", "organisation"),
        "bodies": bodies,
        "stats": _stats(one, bodies),
        "standing": standing(one, today),
        "states": {code: _(words) for code, words in RequestState.choices},
        "late": late,
        "told_approvers": late >= waiting.TO_APPROVERS,
        "told_administrators": late >= waiting.TO_ADMINISTRATORS,
        "may_call_off": one.called_off_at is None and permissions.may_open_round(request.user, one.organisation),
        "record_address": links.record,
        "breadcrumbs": trail((_("Update rounds"), reverse("rounds"))),
    }
    return page(request, "rounds/record.html", context)


def by_organisation(one, asked):
    """How each organisation stands that was asked, those with most to report first."""
    found = {}
    counted = asked.order_by().values_list("organisation__code", "organisation__name", "state")
    for code, name, state, number in counted.annotate(number=Count("pk")):
        body = found.setdefault(code, {"code": code, "name": name, "asked": 0, "not_reported": 0} | NONE)
        body[state] += number
        body["asked"] += number
        body["not_reported"] += number * (state in UNREPORTED)
        body["href"] = _rows(one, lead=code)
    return sorted(found.values(), key=lambda body: (-body["not_reported"], body["name"].lower()))


NONE = dict.fromkeys(RequestState.values, 0)


def _rows(one, **filters):
    """This round's records, narrowed."""
    query = f"?{urlencode(filters, doseq=True)}" if filters else ""
    return f"{reverse('round', kwargs={'pk': one.pk})}{query}#records"


def _stats(one, bodies):
    total = Counter()
    for body in bodies:
        total.update({name: number for name, number in body.items() if isinstance(number, int)})
    in_time, late = RequestState.IN_TIME, RequestState.LATE
    return [
        {"label": _("Asked"), "value": total["asked"], "href": _rows(one)},
        {
            "label": _("Reported in time"),
            "value": total["in_time"],
            "href": _rows(one, state=in_time.value),
        },
        {"label": _("Reported late"), "value": total["late"], "href": _rows(one, state=late.value)},
        {
            "label": _("Not reported"),
            "value": total["not_reported"],
            "href": _rows(one, state=[state.value for state in UNREPORTED]),
        },
    ]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Open a round."""
    allowed = permissions.may_open_rounds_for(request.user)
    if allowed == set():
        raise PermissionDenied(_("Only approvers and administrators can ask for updates."))
    leading = Organisation.objects.filter(responsibilities__role=Role.LEAD).distinct()
    organisations = list((leading if allowed is None else Organisation.objects.filter(pk__in=allowed)).by_name())
    form = RoundForm(
        kept.typed(request),
        organisations=organisations,
        everybody=allowed is None,
        initial=_last_month() | {"records": "all", "days": USUAL_DAYS, "lead": EVERYBODY},
    )
    if request.method == "POST" and form.is_valid():
        try:
            opened = rounds.open_round(by=request.user, **form.values())
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(_("Only approvers and administrators can ask for updates.")) from error
        else:
            when = display.date(opened.deadline)
            messages.success(request, _("The round is open. Updates are due by %(date)s.") % {"date": when})
            return redirect("round", pk=opened.pk)
    context = {"title": _("Open an update round"), "form": form, "back": reverse("rounds"), "as_of": None}
    return page(request, "rounds/start.html", context | {"last_checked": None})


def _last_month():
    """The month before this one, as what a round is usually about."""
    last = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
    name = display.period(last, "month")
    return {"name": name, "about_from": last.replace(day=1), "about_to": last}


@login_required
@require_POST
def call_off(request, pk):
    """Ask no more in a round."""
    one = Round.objects.select_related("organisation").filter(pk=pk).first()
    if one is None:
        raise Http404
    try:
        rounds.call_off(by=request.user, asked=one)
    except NotAllowedError as error:
        raise PermissionDenied(_("Only those who can open this round can call it off.")) from error
    messages.success(request, _("The round is called off. Nobody is asked any more."))
    return redirect("round", pk=one.pk)
