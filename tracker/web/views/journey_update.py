"""Reporting how a published record goes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.actions import updates
from policies.models import Kind, Status, Update
from tracker.web import links
from tracker.web.forms.initiative import VersionForm
from tracker.web.forms.update import UpdateForm
from tracker.web.stepping import Step


class RecordUpdate(Step):
    """Record an update: in full, or in one click that nothing has changed."""

    title = gettext_lazy("Record an update")
    template = "journey/update.html"
    button = gettext_lazy("Record the update")
    changes_words = False

    def prepare(self):
        if self.initiative.status != Status.PUBLISHED:
            raise PermissionDenied(_("Only a published record can have updates."))
        self.last = Update.objects.filter(initiative=self.initiative).order_by("-reported_on").first()

    def make_form(self, data=None):
        version = {"version": self.initiative.version}
        if data is not None and self.unchanged:
            return VersionForm(data, initial=version)
        told = {name: getattr(self.last, name) for name in ("narrative", "spent_gbp")} if self.last else {}
        return UpdateForm(data, initial={"moved": "no", **told, **version})

    @property
    def unchanged(self):
        """Whether the button for "nothing has changed" was pressed. It needs an update to repeat."""
        return self.last is not None and "unchanged" in self.request.POST

    def save(self, form):
        if self.unchanged:
            told = {name: getattr(self.last, name) for name in ("rag", "narrative", "spent_gbp")}
            told["version"] = form.cleaned_data["version"]
        else:
            told = form.values()
        today = timezone.localdate()
        saved = updates.record_update(by=self.request.user, initiative=self.initiative, reported_on=today, **told)
        if "moved_to" in told:
            messages.success(self.request, _("The update is recorded. The new date waits for another approver."))
        else:
            messages.success(self.request, _("The update on %(title)s is recorded.") % {"title": saved.title})
        return saved

    @property
    def from_my_work(self):
        """Whether one came from the list of updates that are due, and goes back there."""
        return self.request.GET.get("from") == "my-work"

    def context(self):
        commitment = self.initiative.kind == Kind.COMMITMENT
        date = self.initiative.due_date if commitment else self.initiative.end_date
        precision = self.initiative.due_precision if commitment else self.initiative.end_precision
        waiting = Update.objects.with_move_waiting().filter(initiative=self.initiative).first()
        return {"last": self.last, "runs_to": date, "precision": precision, "waiting": waiting}

    def after(self, form):
        if self.from_my_work:
            return reverse("my_work")
        return f"{links.record(self.initiative)}#updates" if form is not None else super().after(form)
