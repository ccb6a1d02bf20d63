"""What the page of an upload shows: counts, differences and problems, in words."""

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from policies.models import UNPUBLISHED, Initiative, UploadState
from policies.models.upload import WORK
from tracker.web import links
from tracker.web.stepping import to

PAGE_SIZE = 50
# The page asks again by itself after so many seconds.
AGAIN_SECONDS = 5
SHEETS = {
    "policies": _("Policies"),
    "commitments": _("Commitments"),
    "partnerships": _("Partnerships"),
    "roles": _("Roles"),
    "capital_links": _("Capitals"),
    "outcome_links": _("Outcomes"),
    "criteria": _("Allocation criteria"),
    "measures": _("Measures"),
}


def shown(upload, page, user):
    """The parts of the page for the state that the upload is in."""
    if upload.state in WORK:
        return {"again": AGAIN_SECONDS, "percent": upload.done * 100 // upload.total if upload.total else 0}
    if upload.state == UploadState.REFUSED:
        return {"again": None, **_paged(upload.problems, page), "count": len(upload.problems)}
    if upload.state == UploadState.READ:
        counts = [
            (SHEETS[sheet], count["added"], count["changed"], count["unchanged"])
            for sheet, count in upload.counts.items()
            if sum(count.values())
        ]
        return {"again": None, "counts": counts, "sheets": SHEETS, **_paged(upload.differences, page)}
    return {"again": None, **_paged(_with_addresses(upload.outcome, user), page)}


def _paged(rows, number):
    paginator = Paginator(rows, PAGE_SIZE)
    page = paginator.get_page(number)
    return {
        "rows": list(page.object_list),
        "page": page,
        "previous": f"?page={page.number - 1}" if page.has_previous() else "",
        "next": f"?page={page.number + 1}" if page.has_next() else "",
        "href": lambda number: f"?page={number}",
    }


def _with_addresses(outcome, user):
    """The records that an upload wrote, drafts and revisions; those that are gone have no address."""
    references = [record["reference"] for record in outcome]
    found = Initiative.objects.readable_by(user).filter(reference__in=references)
    addresses = {
        row.reference: to("tasks", row) if row.status in UNPUBLISHED else links.record(row)
        for row in found.only("reference", "kind", "status")
    }
    return [record | {"address": addresses.get(record["reference"], "")} for record in outcome]
