"""The journey's ways out: discarding a draft, and closing or withdrawing a published record."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies import permissions
from policies.actions import initiatives
from policies.models import UNPUBLISHED, Status
from tracker.web import links
from tracker.web.forms import initiative as forms
from tracker.web.stepping import Step


class Discard(Step):
    """Throw a draft away."""

    title = gettext_lazy("Discard this draft?")
    template = "journey/discard.html"
    button = gettext_lazy("Discard the draft")

    def prepare(self):
        if self.initiative.status not in UNPUBLISHED:
            raise PermissionDenied(_("A published record cannot be discarded. Close or withdraw it instead."))

    def make_form(self, data=None):
        return forms.VersionForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        initiative = self.initiative
        initiatives.discard(by=self.request.user, initiative=initiative, version=form.cleaned_data["version"])
        messages.success(self.request, _("The draft “%(title)s” was discarded.") % {"title": initiative.title})
        return initiative

    def after(self, form):
        return reverse(links.LISTS[self.initiative.kind]) if form is not None else super().after(form)


class End(Step):
    """Close or withdraw."""

    title = gettext_lazy("Close or withdraw this record")
    template = "journey/end.html"
    button = gettext_lazy("Save")

    def prepare(self):
        if not permissions.allowed(self.request.user, "end", self.initiative):
            raise PermissionDenied(_("Only an approver of the lead organisation can close or withdraw a record."))
        if self.initiative.status != Status.PUBLISHED:
            raise PermissionDenied(_("Only a published record can be closed or withdrawn."))

    def make_form(self, data=None):
        return forms.EndForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        data = dict(form.cleaned_data)
        return initiatives.end(by=self.request.user, initiative=self.initiative, version=data.pop("version"), **data)

    def after(self, form):
        return links.record(self.initiative) if form is not None else super().after(form)
