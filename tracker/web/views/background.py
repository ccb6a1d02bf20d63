"""Background work as administrators look after it, and putting back what failed."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.models import Upload, UploadState
from tracker.actions import requeueing
from tracker.models import StaleCheck
from tracker.watches import FailedNotice, RequeuedWork
from tracker.web import background
from tracker.web.administering import FormPage, crumbs, require_administrator, show
from tracker.web.forms.base import ServiceForm


@login_required
@never_cache
@require_safe
def record(request):
    """What waits, runs and failed, who is alive, and the last planned runs."""
    require_administrator(request.user)
    now = timezone.now()
    context = {
        "title": _("Background work"),
        "breadcrumbs": crumbs(),
        "heartbeats": background.heartbeats(now),
        "waiting": background.waiting(now),
        "running": background.running(now),
        "failed": background.failed(),
        "put_back": background.put_back(),
        "slots": background.slots(),
        "now": now,
    }
    return show(request, "administration/background.html", context)


class Requeue(FormPage):
    """Ask, and then put something back."""

    template = "administration/requeue.html"
    button = gettext_lazy("Do it again")
    done = gettext_lazy("It waits to be done again.")

    def prepare(self, work, name):
        """What failed: an upload, a check, or the email to a person."""
        self.work, self.name, number = work, name, int(name) if name.isdigit() and len(name) < 19 else 0
        rows = {
            RequeuedWork.UPLOAD: Upload.objects.filter(state=UploadState.FAILED, pk=number).select_related("by"),
            RequeuedWork.CHECK: StaleCheck.objects.filter(code=name),
            RequeuedWork.NOTICE: FailedNotice.objects.filter(user=number).select_related("user"),
        }
        self.row = rows[work].first() if work in rows else None
        if self.row is None:
            raise Http404

    @property
    def title(self):
        """What is done again."""
        return {
            RequeuedWork.UPLOAD: _("Read the upload again?"),
            RequeuedWork.CHECK: _("Run the check again?"),
            RequeuedWork.NOTICE: _("Try the email again?"),
        }[self.work]

    def back(self):
        return reverse("background")

    def make_form(self, data=None):
        return ServiceForm(data)

    def save(self, form):
        by = self.request.user
        if self.work == RequeuedWork.UPLOAD:
            requeueing.requeue_upload(by=by, upload=self.row)
        elif self.work == RequeuedWork.CHECK:
            requeueing.requeue_check(by=by, code=self.row.code)
        else:
            requeueing.requeue_notice(by=by, person=self.row.user)

    def context(self):
        return {"row": self.row, "work": self.work}
