"""What the pages of the journey share: who may be there, saving by an action, and what to do about a stale save."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache

from policies import permissions
from policies.actions.action import GoneError, NotAllowedError, RuleError, StaleVersionError
from policies.models import WRITABLE, Initiative, Role
from tracker.web import kept
from tracker.web.page import page

NOT_A_WRITER = gettext_lazy("Only people who write for the lead organisation can change this record.")


def step_page(request, template, context, *, status=200):
    """A page of the journey: it shows answers, not figures, so it has no "as of" line."""
    return page(request, template, {"as_of": None, "last_checked": None, **context}, status=status)


def editable(request, reference):
    """The record to change. What the user cannot see does not exist; what they can only read is refused."""
    if "\0" in reference:  # the database takes no such text, not even to look for it
        raise Http404
    found = Initiative.objects.readable_by(request.user).filter(reference=reference.upper())
    initiative = (
        found.select_related("parent", "revises", "submitted_by")
        .prefetch_related("responsibilities__organisation")
        .first()
    )
    if initiative is None:
        raise Http404
    if not permissions.allowed(request.user, "edit", initiative):
        raise PermissionDenied(NOT_A_WRITER)
    return initiative


def lead_of(initiative):
    """The lead organisation, or None."""
    return next((r.organisation for r in initiative.responsibilities.all() if r.role == Role.LEAD), None)


def to(name, initiative, **more):
    """The address of a page of the journey."""
    return reverse(f"journey_{name}", kwargs={"reference": initiative.reference, **more})


@method_decorator(never_cache, name="dispatch")
class Step(LoginRequiredMixin, View):
    """One page with one form. A subclass says which form, what it begins with, and which action saves it."""

    title = ""
    template = "journey/step.html"
    button = gettext_lazy("Save and continue")
    # Most pages change the words of a record, which stand still in review and once they are public.
    changes_words = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.more = {key: value for key, value in kwargs.items() if key != "reference"}

    def dispatch(self, request, *args, **kwargs):
        """Ask for sign-in, find the record, and turn an action's refusal into the page for it."""
        if request.user.is_authenticated:
            self.initiative = editable(request, kwargs["reference"])
            if self.changes_words and self.initiative.status not in WRITABLE and request.method != "POST":
                return redirect(to("tasks", self.initiative))
            self.prepare()
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowedError as error:
            raise PermissionDenied(NOT_A_WRITER) from error

    def prepare(self):
        """Look up what the page needs beside the record."""

    def make_form(self, data=None):
        """The form, filled from the record or from what was sent."""
        raise NotImplementedError

    def save(self, form):
        """Call the action; returns the saved record."""
        raise NotImplementedError

    def after(self, form):
        """Where to go once saved: back to the answers if one came from there, else to the task list."""
        return to("check" if self.from_check else "tasks", self.initiative)

    @property
    def from_check(self):
        """Whether one came by a Change link of the answers."""
        return self.request.GET.get("from") == "check"

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
            self.initiative = self.save(form)
        except StaleVersionError as error:
            return self.show_both(form, error.current)
        except GoneError as error:
            messages.warning(request, str(error))
            return redirect("my_work")
        except RuleError as error:
            form.add_error(None, str(error))
            return self.show(form)
        return redirect(self.after(form))

    def context(self):
        """What the template gets beside the form."""
        return {}

    def show(self, form):
        """The page itself."""
        return step_page(
            self.request,
            self.template,
            {
                "title": self.title,
                "caption": f"{self.initiative.reference}: {self.initiative.title}",
                "form": form,
                "back": self.after(None) if self.from_check else to("tasks", self.initiative),
                "initiative": self.initiative,
                "button": self.button,
                **self.context(),
            },
        )

    def show_both(self, form, current):
        """Somebody saved first: their answers beside the ones just typed, and the choice between them."""
        self.initiative = current
        self.prepare()
        theirs = self.make_form()
        rows = [
            (bound.label, _shown(bound), _shown(theirs[bound.name]) if bound.name in theirs.fields else "")
            for bound in form.visible_fields()
        ]
        kept = [
            (name, value)
            for name in self.request.POST
            if name not in ("csrfmiddlewaretoken", "version")
            for value in self.request.POST.getlist(name)
        ]
        return step_page(
            self.request,
            "journey/stale.html",
            {
                "title": _("Somebody else changed this record"),
                "caption": f"{current.reference}: {current.title}",
                "rows": rows,
                "kept": kept,
                "version": current.version,
                "initiative": current,
                "address": self.request.get_full_path(),
                "elsewhere": to("tasks", current),
            },
            status=409,
        )


def _shown(bound):
    """An answer in words, as a person would read it."""
    value = bound.value()
    choices = dict(getattr(bound.field, "choices", ()) or ())
    if isinstance(value, dict):
        return " ".join(str(value.get(part, "")) for part in ("day", "month", "year")).strip()
    if isinstance(value, list | tuple):
        return ", ".join(str(choices.get(each, each)) for each in value)
    return str(choices.get(value, "" if value is None else value))
