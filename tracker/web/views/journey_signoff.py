"""Sign-off: check the answers and send them for review, decide, take back, and start a revision."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from policies import permissions
from policies.actions import revisions, signoff
from policies.models import UNPUBLISHED, WRITABLE, Initiative, Status
from tracker.actions.preview import what_if_published
from tracker.web import answers, links, signing
from tracker.web.forms.initiative import VersionForm
from tracker.web.forms.signoff import PUBLISH, DecisionForm, SubmitForm
from tracker.web.stepping import Step, editable, lead_of, step_page, to


class SignOffStep(Step):
    """A page whose answer is a step of sign-off. When the record has moved on, it is shown anew."""

    changes_words = False
    stands_in = UNPUBLISHED

    def dispatch(self, request, *args, **kwargs):
        """A record that is elsewhere on its way has another page."""
        if request.user.is_authenticated:
            initiative = editable(request, kwargs["reference"])
            if initiative.status not in self.stands_in:
                if request.method == "POST":
                    messages.warning(request, _("This record has moved on, so nothing was done. This is its page now."))
                return redirect(to("tasks", initiative))
        return super().dispatch(request, *args, **kwargs)

    def show_both(self, form, current):
        """There is nothing to merge: say that it changed, and let the person look again."""
        self.initiative = editable(self.request, current.reference)
        if self.initiative.status not in self.stands_in:
            return redirect(to("tasks", self.initiative))
        self.prepare()
        form.add_error(None, _("Somebody else changed this record. Check the answers again."))
        form.data = form.data.copy()
        form.data["version"] = current.version
        return self.show(form)


class Check(SignOffStep):
    """All answers, with links to change them, and the button that sends them for review."""

    title = gettext_lazy("Check the answers")
    template = "journey/check.html"
    button = gettext_lazy("Send for review")
    stands_in = WRITABLE

    def make_form(self, data=None):
        return SubmitForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        return signoff.submit(by=self.request.user, initiative=self.initiative, **form.cleaned_data)

    def context(self):
        return {
            "steps": answers.steps(self.initiative, self.request.user),
            "differences": signing.differences(self.initiative, self.request.user),
            "approvers": signing.approvers(self.initiative, self.request.user),
            "lead": lead_of(self.initiative),
            "preview": what_if_published(self.initiative, user=self.request.user),
        }

    def after(self, form):
        return to("submitted", self.initiative) if form is not None else super().after(form)


class Review(SignOffStep):
    """What is in review, for the people who decide on it and for those who wait."""

    title = gettext_lazy("Review")
    template = "journey/review.html"
    button = gettext_lazy("Send the decision")
    stands_in = [Status.IN_REVIEW]

    def make_form(self, data=None):
        return DecisionForm(data, initial={"version": self.initiative.version})

    def post(self, request, **kwargs):
        """Only somebody else than the sender decides."""
        if not signing.may_decide(request.user, self.initiative):
            raise PermissionDenied(
                _("Only an approver of the lead organisation who did not send it can decide on this record.")
            )
        return super().post(request, **kwargs)

    def save(self, form):
        data = form.cleaned_data
        told = {"by": self.request.user, "initiative": self.initiative, "version": data["version"]}
        self.published = data["decision"] == PUBLISH
        if self.published:
            return signoff.approve(**told)
        return signoff.request_changes(**told, words=data["words"])

    def after(self, form):
        if form is None:
            return super().after(form)
        if self.published:
            return to("published", self.initiative)
        messages.success(
            self.request,
            _("%(reference)s went back to its writers with what you asked for.")
            % {"reference": self.initiative.reference},
        )
        return reverse("my_work")

    def context(self):
        return {
            "steps": answers.steps(self.initiative, self.request.user),
            "differences": signing.differences(self.initiative, self.request.user),
            "trail": signing.trail(self.initiative),
            "may_decide": signing.may_decide(self.request.user, self.initiative),
            "sent_it": self.initiative.submitted_by_id == self.request.user.pk,
            "approvers": signing.approvers(self.initiative, self.initiative.submitted_by),
            "lead": lead_of(self.initiative),
            "preview": what_if_published(self.initiative, user=self.request.user),
            "back": reverse("my_work"),
        }


class TakeBack(SignOffStep):
    """Make what is in review a draft again."""

    title = gettext_lazy("Take it back from review?")
    template = "journey/take_back.html"
    button = gettext_lazy("Take it back")
    stands_in = [Status.IN_REVIEW]

    def make_form(self, data=None):
        return VersionForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        return signoff.take_back(by=self.request.user, initiative=self.initiative, **form.cleaned_data)

    def context(self):
        return {"back": to("review", self.initiative)}


class Revise(SignOffStep):
    """What can be done with a public record: revise it, update it, end it or reopen it."""

    title = gettext_lazy("Change a published record")
    template = "journey/revise.html"
    button = gettext_lazy("Start a revision")
    stands_in = [status for status in Status if status not in UNPUBLISHED]

    def make_form(self, data=None):
        return VersionForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        return revisions.start_revision(by=self.request.user, initiative=self.initiative)

    def context(self):
        opened = Initiative.objects.filter(revises=self.initiative).select_related("created_by").first()
        return {
            "opened": opened,
            "may_end": permissions.allowed(self.request.user, "end", self.initiative),
            "back": links.record(self.initiative),
        }


@login_required
@never_cache
def submitted(request, reference):
    """It is in review; what happens next."""
    initiative = editable(request, reference)
    if initiative.status != Status.IN_REVIEW:
        return redirect(to("tasks", initiative))
    context = {
        "title": _("Sent for review"),
        "initiative": initiative,
        "approvers": signing.approvers(initiative, initiative.submitted_by),
        "lead": lead_of(initiative),
    }
    return step_page(request, "journey/submitted.html", context)


@login_required
@never_cache
def published(request, reference):
    """It is public; what happens next."""
    initiative = editable(request, reference)
    if initiative.status in UNPUBLISHED:
        raise Http404
    context = {"title": _("Published"), "initiative": initiative, "address": links.record(initiative)}
    return step_page(request, "journey/published.html", context)
