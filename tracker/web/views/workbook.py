"""The workbook: get the template, upload it filled in, look at what it would do, confirm it, undo it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policies import permissions
from policies.actions import undo, uploads
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Initiative, Upload, UploadState
from policies.workbook.book import FORMATS
from policies.workbook.exporting import MOST_RECORDS, export, template, write
from policies.workbook.reporting import problem_report
from policies.workbook.uploads import AT_ONCE_ROWS, apply_upload, begin
from tracker.filters import InitiativeFilter
from tracker.web import links, uploaded
from tracker.web.forms.workbook import UploadForm
from tracker.web.listing import Listing
from tracker.web.stepping import step_page

LATEST = 10
TITLES = {
    UploadState.WAITING: gettext_lazy("Reading the workbook"),
    UploadState.READ: gettext_lazy("Check what the workbook would do"),
    UploadState.REFUSED: gettext_lazy("The workbook cannot be used yet"),
    UploadState.CONFIRMED: gettext_lazy("Writing the records"),
    UploadState.APPLIED: gettext_lazy("The workbook is in the register"),
    UploadState.UNDONE: gettext_lazy("This upload was undone"),
    UploadState.FAILED: gettext_lazy("The workbook could not be worked on"),
}


def _writers_only(request):
    if not permissions.allowed(request.user, "create"):
        raise PermissionDenied(_("Only editors and approvers of an organisation can upload a workbook."))


def _mine(request, number):
    """The upload of a number; what is not the person's own does not exist."""
    _writers_only(request)
    found = Upload.objects.visible_to(request.user).select_related("by").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """Where to get the template, and where to upload it filled in."""
    _writers_only(request)
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        file = form.cleaned_data["file"]
        upload = begin(by=request.user, file_name=file.name, content=file.read())
        return redirect("upload", number=upload.pk)
    context = {
        "title": _("Add or change many records with a workbook"),
        "form": form,
        "formats": list(FORMATS),
        "lists": links.LISTS.values(),
        "latest": _latest(request.user),
    }
    return step_page(request, "workbook/start.html", context)


def _latest(user):
    found = Upload.objects.filter(by=user).order_by("-at", "-pk")
    return list(found.only("pk", "file_name", "at", "state")[:LATEST])


@login_required
@require_safe
def blank(request, file_format):
    """The template."""
    book = template()
    return _file(write(book, file_format), f"template-{book.marking}", file_format)


@login_required
@never_cache
@require_safe
def upload(request, number):
    """What was found in an upload, or what became of it."""
    found = _mine(request, number)
    context = {
        "title": TITLES[found.state],
        "caption": found.file_name,
        "back": reverse("workbook"),
        "upload": found,
        "is_mine": found.by_id == request.user.pk,
        "large": found.total > AT_ONCE_ROWS,
        "formats": list(FORMATS),
        **uploaded.shown(found, request.GET.get("page", ""), request.user),
    }
    return step_page(request, "workbook/upload.html", context)


@login_required
@require_safe
def problems(request, number, file_format):
    """What is wrong with an upload, as a file to work through."""
    found = _mine(request, number)
    if not found.problems:
        raise Http404
    return _file(write(problem_report(found), file_format), f"problems-{found.pk}-OFFICIAL", file_format)


@login_required
@require_POST
def confirm(request, number):
    """Do what the upload would do: at once, or by a worker if it is large. A second press changes nothing."""
    found = _mine(request, number)
    try:
        uploads.confirm(by=request.user, upload=found, now=found.total <= AT_ONCE_ROWS)
        if found.total <= AT_ONCE_ROWS:
            apply_upload(found)
    except RuleError:
        pass
    except NotAllowedError as error:
        raise PermissionDenied(_("Only the person who uploaded the workbook can confirm it.")) from error
    return redirect("upload", number=found.pk)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, number):
    """Ask, then undo a whole upload, or say who has changed its records since."""
    found = _mine(request, number)
    if found.state != UploadState.APPLIED:
        return redirect("upload", number=found.pk)
    blockers = []
    status = 200
    if request.method == "POST":
        try:
            undo.undo_upload(by=request.user, upload=found)
            messages.success(request, _("The upload was undone. The register is as it was before."))
            return redirect("upload", number=found.pk)
        except undo.ChangedSinceError as error:
            blockers, status = error.blockers, 409
        except RuleError as error:
            messages.error(request, str(error))
            return redirect("upload", number=found.pk)
        except NotAllowedError as error:
            raise PermissionDenied(_("Only the person who uploaded the workbook can undo it.")) from error
    context = {
        "title": _("This upload cannot be undone") if blockers else _("Undo this upload?"),
        "caption": found.file_name,
        "back": reverse("upload", kwargs={"number": found.pk}),
        "upload": found,
        "blockers": blockers,
        "added": sum(record["added"] for record in found.outcome),
        "revised": sum(record["revision"] for record in found.outcome),
        "changed": sum(not record["added"] and not record["revision"] for record in found.outcome),
    }
    return step_page(request, "workbook/undo.html", context, status=status)


@require_safe
def download(request, kind, file_format):
    """The rows of a list, under its filters, as a workbook that can be uploaded again."""
    everything = Initiative.objects.visible_to(request.user).filter(kind=kind)
    name = links.LISTS[kind]
    listing = Listing(request, InitiativeFilter, everything)
    most = MOST_RECORDS[file_format]
    if listing.problem or listing.count > most:
        # The list's own page says what is not understood.
        page = f"{reverse(name)}?{request.GET.urlencode()}"
        if not listing.problem:
            words = _("A workbook holds at most %(most)s records. Filter the list further, then download it.")
            messages.error(request, words % {"most": f"{most:,}"})
        return redirect(page)
    filters = "; ".join(f"{on['label']}: {on['value']}" for on in listing.active()) or _("none")
    today = timezone.localdate().isoformat()
    lines = (
        _("Downloaded on %(day)s. Records: %(count)s.") % {"day": today, "count": listing.count},
        _("Filters: %(filters)s.") % {"filters": filters},
    )
    book = export(listing.paginator.object_list, kind=kind, user=request.user, lines=lines)
    return _file(write(book, file_format), f"{name}-{today}-{book.marking}", file_format)


def _file(content, name, file_format):
    response = HttpResponse(content, content_type=FORMATS[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    return response
