"""Flags: the list, and the page of each with its evidence and history."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies.models import Initiative
from tracker.filters import FlagFilter
from tracker.models import Flag, FlagEvent, FlagState
from tracker.web import evidence, flagged, links
from tracker.web.history import Entry, author
from tracker.web.listing import Listing, tidied
from tracker.web.page import page, trail

NEEDING_ATTENTION = [FlagState.OPEN, FlagState.ACKNOWLEDGED]
MOST_EVENTS = 100


@require_safe
def listing(request):
    """Flags that need somebody's attention, or those of the states that the address names."""
    if address := tidied(request):
        return redirect(address)
    found = Listing(
        request,
        FlagFilter,
        Flag.objects.visible_to(request.user),
        api=reverse("api-flag-list"),
        defaults={"state": NEEDING_ATTENTION},
    )
    rows = found.page.object_list.select_related("initiative", "other", "outcome", "organisation", "area")
    context = {"listing": found, "form": found.form, "flags": flagged.with_checks(rows)}
    return page(request, "flags/list.html", context)


@require_safe
def record(request, fingerprint):
    """One flag: what was found, the proof, what to do, and what became of it."""
    flags = Flag.objects.visible_to(request.user).with_state().filter(fingerprint=fingerprint)
    flag = flags.select_related(
        "initiative", "other", "outcome", "organisation", "area", "acknowledged_by", "dismissed_by"
    ).first()
    if flag is None:
        raise Http404
    flagged.with_checks([flag])
    readable = Initiative.objects.visible_to(request.user)
    context = {
        "flag": flag,
        "subjects": [one for one in (flag.initiative, flag.other) if one is not None],
        "evidence": evidence.tables(flag.evidence, request.user),
        "history": history(flag),
        "covers": covers(flag, readable),
        "rows": links.rows,
        "api": reverse("api-flag-detail", kwargs={"fingerprint": flag.fingerprint}),
        "breadcrumbs": trail((_("Flags"), links.rows("flags"))),
    }
    return page(request, "flags/record.html", context)


def covers(flag, readable):
    """How many commitments are judged together with the flagged policy, for it stands for them too."""
    if flag.initiative is None or flag.subject != "policy" or flag.check_code[:3] not in ("CAP", "OUT", "LOC", "NHS"):
        return 0
    from tracker.checks import facts

    return readable.live().filter(facts.covered_by_parent(), parent=flag.initiative).count()


def history(flag):
    """What became of a flag, latest first."""
    rows = FlagEvent.objects.filter(pgh_obj=flag.pk).select_related("pgh_context").order_by("-pgh_id")[:MOST_EVENTS]
    entries, before = [], None
    for now in reversed(rows):
        entries += _entries(before, now)
        before = now
    return entries[::-1]


def _entries(before, now):
    by, at = author(now), now.pgh_created_at
    if before is None:
        first = now.pgh_label == "insert"
        return [
            Entry(_("Raised") if first else _("Older changes are not shown"), at, text=now.summary if first else "")
        ]
    found = []
    if now.resolved_at and not before.resolved_at:
        found.append(Entry(_("Resolved: the checks no longer find it"), at))
    if before.resolved_at and not now.resolved_at:
        found.append(Entry(_("Raised again"), at, text=now.summary))
    if now.evidence_digest != before.evidence_digest:
        entry = Entry(_("The evidence changed"), at)
        entry.changes = [(_("Found"), before.summary, now.summary)] if now.summary != before.summary else []
        found.append(entry)
    if now.severity != before.severity:
        change = (_("Severity"), before.get_severity_display(), now.get_severity_display())
        found.append(Entry(_("Severity changed"), at, changes=[change]))
    if now.acknowledged_at and not before.acknowledged_at:
        found.append(Entry(_("Acknowledged"), at, by=by, text=now.plan))
    if now.dismissed_at and now.dismissed_at != before.dismissed_at:
        reason = now.get_dismissal_reason_display()
        found.append(Entry(_("Dismissed: %(reason)s") % {"reason": reason}, at, by=by, text=now.dismissal_comment))
    return found
