"""Policies, commitments and partnerships: their lists, and the page of each."""

from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Prefetch, Value, When
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from policies import permissions
from policies.models import (
    FORMS,
    CapitalLink,
    CapitalWeight,
    Footprint,
    Initiative,
    Kind,
    MoveState,
    Responsibility,
    Role,
    Status,
)
from tracker.checks import facts
from tracker.filters import InitiativeFilter
from tracker.watches import WatchKind
from tracker.web import flagged, links, records, sides, watching
from tracker.web.history import history
from tracker.web.listing import Listing, tidied
from tracker.web.page import latest_scan, page, trail
from tracker.web.views import past

LATEST = 5  # of the history, on the record's own page

WORDS = {
    Kind.POLICY: {"one": _("policy"), "many": _("policies"), "title": _("Policies")},
    Kind.COMMITMENT: {"one": _("commitment"), "many": _("commitments"), "title": _("Commitments")},
    Kind.PARTNERSHIP: {"one": _("partnership"), "many": _("partnerships"), "title": _("Partnerships")},
}


def covered():
    """A commitment that the checks judge together with the policy above it."""
    return Case(When(facts.covered_by_parent(), then=Value(True)), default=Value(False), output_field=BooleanField())


@require_safe
def listing(request, kind):
    """A list of one kind, with its filters."""
    name = links.LISTS[kind]
    everything = Initiative.objects.visible_to(request.user).filter(kind=kind)
    if address := tidied(request):
        return redirect(address)
    found = Listing(request, InitiativeFilter, everything, api=reverse(f"api-{kind}-list"))
    _narrow(found.form, kind)
    rows = list(
        found.page.object_list.annotate(covered=covered()).select_related("parent").prefetch_related(*_shown_in_a_row())
    )
    flags = flagged.counts([row.pk for row in rows], request.user)
    context = {
        "kind": kind,
        "name": name,
        "words": WORDS[kind],
        "listing": found,
        "form": found.form,
        "rows": [(row, flags.get(row.pk, {})) for row in rows],
        "visible_parents": _visible({row.parent_id for row in rows}, request.user),
        "log_url": f"{reverse('journey_start')}?kind={kind}" if permissions.allowed(request.user, "create") else "",
        "workbook_url": reverse("workbook") if permissions.allowed(request.user, "create") else "",
        "files": _files(found, name),
    }
    return page(request, "initiatives/list.html", context)


def _files(found, name):
    """The rows of the list as workbooks, which can be uploaded again."""
    return [
        {"text": _("workbook, XLSX"), "href": found.at(reverse(f"{name}_file", kwargs={"file_format": "xlsx"}))},
        {"text": _("workbook, ODS"), "href": found.at(reverse(f"{name}_file", kwargs={"file_format": "ods"}))},
    ]


def _narrow(form, kind):
    """Offer only the forms that initiatives of the kind can have."""
    wanted = {"", *FORMS[kind]}
    field = form.fields["form"]
    field.choices = [choice for choice in field.choices if choice[0] in wanted]


def _visible(ids, user):
    return set(Initiative.objects.visible_to(user).filter(pk__in=ids - {None}).values_list("pk", flat=True))


def _shown_in_a_row():
    lead = Responsibility.objects.filter(role=Role.LEAD).select_related("organisation")
    primary = CapitalLink.objects.filter(weight=CapitalWeight.PRIMARY).select_related("capital")
    places = Footprint.objects.select_related("area").order_by("area__name")
    return (
        Prefetch("responsibilities", lead, to_attr="leads"),
        Prefetch("capital_links", primary, to_attr="primaries"),
        Prefetch("footprints", places, to_attr="places"),
    )


@require_safe
def record(request, kind, reference):
    """The page of one initiative; an address with the wrong kind leads on to the right one."""
    if past.asked_for(request):
        return past.on_a_day(request, kind, reference)
    wanted = Initiative.objects.visible_to(request.user).filter(reference=reference.upper())
    initiative = records.whole(wanted.annotate(covered=covered()), request.user)
    if initiative is None:
        raise Http404
    if initiative.kind != kind or initiative.reference != reference:
        return redirect(links.record(initiative), permanent=False)
    scan = latest_scan(request.user)
    context = {
        "initiative": initiative,
        "kind": kind,
        "words": WORDS[kind],
        "breadcrumbs": trail((WORDS[kind]["title"], links.rows(links.LISTS[kind]))),
        "flags": flagged.about(initiative, request.user),
        **_history(initiative, request.user),
        "rows": links.rows,
        **records.parts(initiative, request.user),
    }
    context["contested"] = sides.contested(context["outcomes"])
    context["speak_address"] = sides.where_to_speak(initiative, request.user)
    sides.offer_answers(initiative, initiative.responsibilities.all(), request.user)
    lead = context["lead"]
    context["lead_rows"] = links.rows(links.LISTS[kind], lead=lead.code) if lead else ""
    context["sees_proposals"] = permissions.sees_drafts_of(request.user, initiative)
    context["links"] = _decision(initiative, context["updates"], request.user) + _links(initiative, request.user)
    return page(request, "initiatives/record.html", context, scan=scan)


def _decision(initiative, updates, user):
    """The link to a new date that waits for this reader."""
    waits = any(update.move_state == MoveState.PROPOSED and update.moved_by_id != user.pk for update in updates)
    if not waits or not permissions.allowed(user, "publish", initiative):
        return []
    return [{"text": _("Decide on the new date"), "href": reverse("decide_move", args=[initiative.reference])}]


def _links(initiative, user):
    """What one can do with the record from its page."""
    found = []
    if permissions.allowed(user, "edit", initiative):
        change = reverse("journey_tasks", kwargs={"reference": initiative.reference})
        found.append({"text": _("Change this record"), "href": change})
        if initiative.status == Status.PUBLISHED:
            update = reverse("journey_update", kwargs={"reference": initiative.reference})
            found.append({"text": _("Record an update"), "href": update})
        if initiative.kind == Kind.POLICY:
            start = f"{reverse('journey_start')}?{urlencode({'parent': initiative.reference})}"
            found.append({"text": _("Log a commitment under it"), "href": start})
    found += watching.offer(user, WatchKind.INITIATIVE, initiative.reference, initiative=initiative)
    api = reverse(f"api-{initiative.kind}-detail", kwargs={"reference": initiative.reference})
    return [*found, {"text": _("Get this record by API"), "href": api}]


def _history(initiative, user):
    entries, cut = history(initiative, user)
    return {
        "history": entries[:LATEST],
        "history_count": len(entries),
        "history_cut": cut,
        "history_address": past.address(initiative),
    }
