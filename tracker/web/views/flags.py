"""Flags: the list, and the page of each with its evidence and history."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies import permissions
from policies.models import Initiative
from tracker.actions import flags as acts
from tracker.decisions import DecisionKind
from tracker.filters import FlagFilter
from tracker.models import Flag
from tracker.web import evidence, flag_steps, flagged, links
from tracker.web.listing import Listing, tidied
from tracker.web.page import page, trail
from tracker.web.views import deciding, together


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
        defaults={"state": together.NEEDING_ATTENTION},
    )
    rows = found.page.object_list.select_related("initiative", "other", "outcome", "organisation", "area")
    context = {
        "listing": found,
        "form": found.form,
        "flags": flagged.with_checks(rows),
        "chooses": together.may_choose(request.user),
        "query": found.at("").removeprefix("?"),
        "most": acts.MOST_AT_ONCE,
    }
    return page(request, "flags/list.html", context)


@require_safe
def record(request, fingerprint):
    """One flag: what was found, the proof, what to do, and what became of it."""
    flag = deciding.flag_at(request.user, fingerprint)
    readable = Initiative.objects.visible_to(request.user)
    user = acts.asking(request.user)
    named = request.user.is_authenticated
    comments = list(flag.comments.select_related("by", "organisation"))
    context = {
        "flag": flag,
        "subjects": [one for one in (flag.initiative, flag.other) if one is not None],
        "evidence": evidence.tables(flag.evidence, request.user),
        "sides": flag_steps.sides(flag, request.user),
        "speaker": flag_steps.speaker,
        "raised_again": flag_steps.raised_again(flag),
        "named": named,
        "decide": _what_one_can_do(flag, user),
        "comment_address": _where_to_comment(flag, user),
        "comments": comments,
        "history": flag_steps.history(flag, comments, request.user),
        "covers": covers(flag, readable),
        "rows": links.rows,
        "api": reverse("api-flag-detail", kwargs={"fingerprint": flag.fingerprint}),
        "breadcrumbs": trail((_("Flags"), links.rows("flags"))),
    }
    return page(request, "flags/record.html", context)


def _what_one_can_do(flag, user):
    """The links of the page for who may decide."""
    at = {"fingerprint": flag.fingerprint}
    found = []
    if not flag.resolved_at and deciding.open_to(flag, acts.voices(user, flag), DecisionKind.ACKNOWLEDGED):
        found.append({"text": _("Acknowledge it"), "href": reverse("flag_acknowledge", kwargs=at)})
    if not flag.resolved_at and acts.voices(user, flag, dismissing=True):
        found.append({"text": _("Set it aside"), "href": reverse("flag_dismiss", kwargs=at)})
    return found


def _where_to_comment(flag, user):
    if permissions.is_administrator(user) or acts.speakers(user, flag).exists():
        return reverse("flag_comment", kwargs={"fingerprint": flag.fingerprint})
    return ""


def covers(flag, readable):
    """How many commitments are judged together with the flagged policy, for it stands for them too."""
    if flag.initiative is None or flag.subject != "policy" or flag.check_code[:3] not in ("CAP", "OUT", "LOC", "NHS"):
        return 0
    from tracker.checks import facts

    return readable.live().filter(facts.covered_by_parent(), parent=flag.initiative).count()
