"""What a record was: its timeline, and the record as it stood on a day."""

from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies import permissions
from policies.models import Initiative
from tracker.web import display, links, sides
from tracker.web.changes import SORTS
from tracker.web.flagged import with_checks
from tracker.web.forms.past import AsOfForm
from tracker.web.history import MOST_OF_ALL, history
from tracker.web.jinja import section_name
from tracker.web.page import page, trail
from tracker.web.stood import stood

PAGE_SIZE = 25


def address(initiative):
    """The page of a record's history."""
    return reverse(f"{initiative.kind}_history", kwargs={"reference": initiative.reference})


def asked_for(request):
    """Whether an address asks for a record as it stood on a day."""
    return any(name == "as_of" or name.startswith("as_of-") for name in request.GET)


def _find(request, kind, reference, name):
    """The record, or the right address of it. Raises Http404 for what the reader cannot see."""
    found = Initiative.objects.visible_to(request.user).filter(reference=reference.upper())
    initiative = found.prefetch_related("responsibilities").first()
    if initiative is None:
        raise Http404
    if initiative.kind == kind and initiative.reference == reference:
        return initiative, None
    right = reverse(name.format(initiative.kind), kwargs={"reference": initiative.reference})
    query = request.GET.urlencode()
    return initiative, redirect(f"{right}?{query}" if query else right)


@require_safe
def timeline(request, kind, reference):
    """Everything that happened to a record, by day and save, the latest first."""
    initiative, elsewhere = _find(request, kind, reference, "{}_history")
    return elsewhere or _timeline(request, initiative, AsOfForm())


def _timeline(request, initiative, form):
    entries, cut = history(initiative, request.user, most=MOST_OF_ALL)
    present = {change.sort for entry in entries for change in entry.changes} | {entry.sort for entry in entries}
    sort = request.GET.get("about", "")
    unknown = bool(sort) and sort not in SORTS
    if sort and not unknown:
        entries = [narrowed for entry in entries if (narrowed := entry.only(sort))]
    paginator = Paginator(entries, PAGE_SIZE)
    shown = paginator.get_page(request.GET.get("page"))
    where = address(initiative)
    context = {
        "title": _("History of %(title)s") % {"title": initiative.title},
        "caption": initiative.reference,
        "section": links.LISTS[initiative.kind],
        "breadcrumbs": _trail(initiative),
        "form": form,
        "initiative": initiative,
        "record": links.record(initiative),
        "days": [
            (day, list(group))
            for day, group in groupby(shown.object_list, key=lambda entry: display.in_london(entry.at).date())
        ],
        "count": paginator.count,
        "cut": cut,
        "sorts": [(key, words, _with(where, about=key)) for key, words in SORTS.items() if key in present],
        "sort": sort,
        "unknown": unknown,
        "everything": where,
        "pages": _pages(shown, where, sort),
    }
    return page(request, "history/timeline.html", context)


def _trail(initiative):
    name = links.LISTS[initiative.kind]
    return trail((section_name(name), links.rows(name)), (initiative.reference, links.record(initiative)))


def _with(where, **query):
    kept = {name: value for name, value in query.items() if value}
    return f"{where}?{urlencode(kept)}" if kept else where


def _pages(shown, where, sort):
    def href(number):
        return _with(where, about=sort, page=number if number > 1 else None)

    return {
        "previous": href(shown.previous_page_number()) if shown.has_previous() else "",
        "next": href(shown.next_page_number()) if shown.has_next() else "",
        "number": shown.number,
        "count": shown.paginator.num_pages,
        "href": href,
    }


def on_a_day(request, kind, reference):
    """The record as it stood at the end of the day that the address names."""
    initiative, elsewhere = _find(request, kind, reference, "{}")
    if elsewhere:
        return elsewhere
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return _timeline(request, initiative, form)
    day = form.cleaned_data["as_of"]
    if request.GET.get("as_of") != day.isoformat():
        return redirect(f"{links.record(initiative)}?as_of={day.isoformat()}")
    found = stood(initiative, request.user, day)
    context = {
        "day": day,
        "now": initiative,
        "kind": kind,
        "section": links.LISTS[kind],
        "breadcrumbs": _trail(initiative),
        "record": links.record(initiative),
        "history_address": address(initiative),
        "form": AsOfForm(initial={"as_of": day}),
    }
    if found.initiative is None:
        return page(request, "history/not_there.html", {**context, "reason": found.reason}, status=404)
    lead = found.parts["lead"]
    context |= {
        "initiative": found.initiative,
        "rows": links.rows,
        "lead_rows": links.rows(links.LISTS[kind], lead=lead.code) if lead else "",
        **found.parts,
        "contested": sides.contested(found.parts["outcomes"]),
        "sees_proposals": permissions.sees_drafts_of(request.user, initiative),
        "flags": with_checks(found.parts["flags"]),
    }
    return page(request, "history/stood.html", context)
