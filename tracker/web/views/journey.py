"""Logging an initiative: the task list."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from policies.models import WRITABLE, Status
from tracker.web import answers, links, signing
from tracker.web.similar import similar
from tracker.web.stepping import editable, step_page, to


@login_required
@never_cache
def tasks(request, reference):
    """What there is to fill in, and what is done; a published record and one in review have pages of their own."""
    initiative = editable(request, reference)
    if initiative.status == Status.IN_REVIEW:
        return redirect(to("review", initiative))
    if initiative.status not in WRITABLE:
        return redirect(to("revise", initiative))
    steps = answers.steps(initiative, request.user)
    context = {
        "title": initiative.title,
        "caption": f"{initiative.reference}, {initiative.get_status_display().lower()}",
        "initiative": initiative,
        "back": links.record(initiative.revises or initiative),
        "steps": steps,
        **answers.counted(steps),
        "asked": signing.asked_for(initiative),
        "similar": [] if initiative.revises else similar(initiative, request.user),
        "record_address": links.record,
        "next_under": answers.next_under(initiative, request.user),
    }
    return step_page(request, "journey/tasks.html", context)
