"""What if: what publishing a draft, a revision or a workbook would do to the flags and to the balance of capitals.

Each has an address of its own, to be sent to a colleague; it opens for those who may read the draft or the upload.
"""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies import permissions
from policies.models import UNPUBLISHED, Initiative, Upload, UploadState
from tracker.actions.preview import what_if_published, what_if_uploaded
from tracker.web import links
from tracker.web.stepping import step_page, to


@login_required
@never_cache
@require_safe
def draft(request, reference):
    """If this draft or revision were published now."""
    found = Initiative.objects.readable_by(request.user).filter(reference=reference.upper().replace("\0", ""))
    initiative = found.select_related("revises").first()
    if initiative is None:
        raise Http404
    if initiative.status not in UNPUBLISHED:
        return redirect(links.record(initiative))
    writes = permissions.allowed(request.user, "edit", initiative)
    context = {
        "title": _("What if it were published"),
        "caption": f"{initiative.title} ({initiative.reference})",
        "back": to("tasks", initiative) if writes else reverse("my_work"),
        "preview": what_if_published(initiative, user=request.user),
        "share": request.build_absolute_uri(to("what_if", initiative)),
        "who": _("everybody who may read this draft"),
    }
    return step_page(request, "journey/what_if.html", context)


@login_required
@never_cache
@require_safe
def upload(request, number):
    """If everything that this workbook adds and changes were published."""
    found = Upload.objects.visible_to(request.user).select_related("by").filter(pk=number).first()
    if found is None:
        raise Http404
    if found.state != UploadState.READ:
        return redirect("upload", number=found.pk)
    context = {
        "title": _("What if all of it were published"),
        "caption": found.file_name,
        "back": reverse("upload", kwargs={"number": found.pk}),
        "preview": what_if_uploaded(found, user=request.user),
        "share": request.build_absolute_uri(reverse("upload_what_if", kwargs={"number": found.pk})),
        "who": _("everybody who may see this upload"),
    }
    return step_page(request, "journey/what_if.html", context)
