"""What the pages of administration share: who may be there, and a form that an action saves."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError
from tracker.web import kept
from tracker.web.page import page, trail

ONLY_ADMINISTRATORS = gettext_lazy("Only administrators can open this page.")
ONLY_APPROVERS = gettext_lazy("Only administrators and approvers of an organisation can open this page.")


def require_administrator(user):
    """Raises PermissionDenied for everybody else."""
    if not permissions.is_administrator(user):
        raise PermissionDenied(ONLY_ADMINISTRATORS)


def require_people(user):
    """The ids of organisations whose people the user may see, None for all. Raises PermissionDenied without any."""
    seen = permissions.people_of(user)
    if seen is not None and not seen:
        raise PermissionDenied(ONLY_APPROVERS)
    return seen


def crumbs(*links):
    """Breadcrumbs from the start page by the administration's own."""
    return trail((_("Administration"), reverse("administration")), *links)


def show(request, template, context):
    """A page of administration: it shows accounts and settings, not figures, so it has no "as of" line."""
    return page(request, template, {"as_of": None, "last_checked": None, **context})


@method_decorator(never_cache, name="dispatch")
class Administering(LoginRequiredMixin, View):
    """A page that only administrators open, unless `allow` says otherwise."""

    def dispatch(self, request, *args, **kwargs):
        """Ask for sign-in, look whether the user may be here, and say so where an action refuses."""
        if request.user.is_authenticated:
            self.allow()
            self.prepare(**kwargs)
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowedError as error:
            raise PermissionDenied(ONLY_ADMINISTRATORS) from error

    def allow(self):
        """Raises PermissionDenied for who may not be here."""
        require_administrator(self.request.user)

    def prepare(self, **kwargs):
        """Look up what the address names."""


class FormPage(Administering):
    """One page with one form. A subclass says which form, and which action saves it."""

    title = ""
    caption = ""
    template = "administration/form.html"
    button = gettext_lazy("Save")
    warning = False
    done = ""

    def make_form(self, data=None):
        """The form, filled from the record or from what was sent."""
        raise NotImplementedError

    def save(self, form):
        """Call the action."""
        raise NotImplementedError

    def back(self):
        """Where one came from, and goes once saved."""
        raise NotImplementedError

    def after(self):
        """Where to go once saved."""
        return self.back()

    def context(self):
        """What the template gets beside the form."""
        return {}

    def get(self, request, **_kwargs):
        """Show the form, with what was typed before a sign-in came between."""
        typed = kept.kept(request)
        form = self.make_form(typed)
        return self.show(self.make_form() if typed and not kept.fills(form, typed) else form)

    def post(self, request, **_kwargs):
        """Save, or show what is wrong with everything that was typed still there."""
        form = self.make_form(kept.typed(request))
        if not form.is_valid():
            return self.show(form)
        try:
            self.save(form)
        except RuleError as error:
            form.add_error(None, str(error))
            return self.show(self.refused(form, error))
        if self.done:
            messages.success(request, str(self.done))
        return redirect(self.after())

    def refused(self, form, error):
        """The form to show after an action's refusal."""
        return form

    def show(self, form):
        """The page itself."""
        context = {
            "title": self.title,
            "caption": self.caption,
            "form": form,
            "back": self.back(),
            "button": self.button,
            "warning": self.warning,
            **self.context(),
        }
        return show(self.request, self.template, context)
