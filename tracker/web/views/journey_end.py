"""The journey's ways out and back: discarding a draft, closing, withdrawing and reopening a public record."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies import permissions
from policies.actions import initiatives, signoff
from policies.models import END_OUTCOMES, UNPUBLISHED, WRITABLE, Status
from tracker.web import links
from tracker.web.forms.initiative import VersionForm
from tracker.web.forms.signoff import EndForm, ReopenForm
from tracker.web.stepping import Step, to


class Discard(Step):
    """Throw a draft or a revision away."""

    title = gettext_lazy("Discard this draft?")
    template = "journey/discard.html"
    button = gettext_lazy("Discard the draft")
    changes_words = False

    def prepare(self):
        if self.initiative.status not in UNPUBLISHED:
            raise PermissionDenied(_("A published record cannot be discarded. Close or withdraw it instead."))
        if self.initiative.status not in WRITABLE:
            raise PermissionDenied(_("This record is in review. Take it back before you discard it."))
        if self.initiative.revises_id:
            self.title = _("Discard this revision?")
            self.button = _("Discard the revision")

    def make_form(self, data=None):
        return VersionForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        initiative = self.initiative
        initiatives.discard(by=self.request.user, initiative=initiative, version=form.cleaned_data["version"])
        messages.success(self.request, _("The draft “%(title)s” was discarded.") % {"title": initiative.title})
        return initiative

    def after(self, form):
        if form is None:
            return super().after(form)
        revised = self.initiative.revises
        return links.record(revised) if revised else reverse(links.LISTS[self.initiative.kind])


class Ending(Step):
    """A page for approvers about the end of a public record."""

    button = gettext_lazy("Save")
    changes_words = False
    stands_in = ()
    elsewhere = ""

    def prepare(self):
        if not permissions.allowed(self.request.user, "end", self.initiative):
            raise PermissionDenied(
                _("Only an approver of the lead organisation can close, withdraw or reopen a record.")
            )
        if self.initiative.status not in self.stands_in:
            raise PermissionDenied(self.elsewhere)

    def after(self, form):
        return links.record(self.initiative) if form is not None else super().after(form)

    def context(self):
        return {"back": to("revise", self.initiative)}


class End(Ending):
    """Close or withdraw."""

    title = gettext_lazy("Close or withdraw this record")
    template = "journey/end.html"
    stands_in = (Status.PUBLISHED,)
    elsewhere = gettext_lazy("Only a published record can be closed or withdrawn.")

    def make_form(self, data=None):
        return EndForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        return signoff.end(by=self.request.user, initiative=self.initiative, status=form.status(), **form.cleaned_data)


class Reopen(Ending):
    """Make an ended record live again."""

    title = gettext_lazy("Reopen this record")
    template = "journey/reopen.html"
    button = gettext_lazy("Reopen it")
    stands_in = tuple(END_OUTCOMES)
    elsewhere = gettext_lazy("Only a closed or withdrawn record can be reopened.")

    def make_form(self, data=None):
        return ReopenForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        return signoff.reopen(by=self.request.user, initiative=self.initiative, **form.cleaned_data)
