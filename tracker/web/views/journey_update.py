"""Reporting how a published record goes."""

from django.core.exceptions import PermissionDenied
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
        return updates.record_update(by=self.request.user, initiative=self.initiative, reported_on=today, **told)

    def context(self):
        commitment = self.initiative.kind == Kind.COMMITMENT
        date = self.initiative.due_date if commitment else self.initiative.end_date
        precision = self.initiative.due_precision if commitment else self.initiative.end_precision
        return {"last": self.last, "runs_to": date, "precision": precision}

    def after(self, form):
        return f"{links.record(self.initiative)}#updates" if form is not None else super().after(form)
