"""How severe the flags of each check are: all checks, the page on which one is changed, and the way back."""

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.models import User
from tracker.actions.severities import reset_severity, set_severity
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import changed_severities
from tracker.models import Severity
from tracker.web.administering import FormPage, crumbs, require_administrator, show
from tracker.web.forms.thresholds import ReasonForm, SeverityForm


@login_required
@never_cache
@require_safe
def listing(request):
    """The severity of every check, its own and the one that was set."""
    require_administrator(request.user)
    set_ones = changed_severities()
    context = {
        "title": _("Severities of checks"),
        "breadcrumbs": crumbs(),
        "rows": [(check, set_ones.get(code)) for code, check in catalogue().items()],
    }
    return show(request, "administration/severities.html", context)


class Change(FormPage):
    """Another severity, with the reason."""

    template = "administration/severity.html"
    done = gettext_lazy("The severity is saved. The checks run again now, over everything.")

    def prepare(self, code):
        """The check, and the row that changed its severity."""
        self.check = catalogue().get(code)
        if self.check is None:
            raise Http404
        self.row = changed_severities(code).get(code)

    @property
    def title(self):
        """What is changed."""
        return _("Severity of the flags")

    @property
    def caption(self):
        """The check."""
        return f"{self.check.code} {self.check.title}"

    def back(self):
        return reverse("severities")

    def make_form(self, data=None):
        now = self.row.severity if self.row else self.check.severity
        return SeverityForm(data, initial={"severity": now})

    def save(self, form):
        set_severity(by=self.request.user, code=self.check.code, **form.cleaned_data)

    def context(self):
        reset = reverse("severity_reset", kwargs={"code": self.check.code}) if self.row else ""
        return {"check": self.check, "row": self.row, "history": self._history(), "reset": reset}

    def _history(self):
        events = apps.get_model("tracker", "SeverityValueEvent").objects.filter(check_code=self.check.code)
        found = list(events.order_by("-pgh_id")[:50])
        names = dict(User.objects.filter(pk__in={one.by_id for one in found}).values_list("pk", "name"))
        return [
            (one.at, names.get(one.by_id, ""), Severity(one.severity).label, one.reason, one.pgh_label == "delete")
            for one in found
        ]


class Reset(Change):
    """Back to the check's own severity, with the reason."""

    template = "administration/form.html"
    button = gettext_lazy("Go back to the default")
    done = gettext_lazy("The default holds again. The checks run again now, over everything.")

    def prepare(self, code):
        """A check whose severity was changed."""
        super().prepare(code)
        if self.row is None:
            raise Http404

    @property
    def title(self):
        """What the default is."""
        return _("Go back to the check's own severity")

    def back(self):
        return reverse("severity", kwargs={"code": self.check.code})

    def after(self):
        return reverse("severities")

    def make_form(self, data=None):
        return ReasonForm(data)

    def save(self, form):
        reset_severity(by=self.request.user, code=self.check.code, reason=form.cleaned_data["reason"])
