"""The numbers that checks go by: all of them, and the page on which one is changed."""

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.models import User
from tracker.actions.thresholds import reset_threshold, set_threshold
from tracker.checks.catalogue import catalogue
from tracker.checks.limits import as_default, changed
from tracker.web.administering import FormPage, crumbs, require_administrator, show
from tracker.web.forms.thresholds import ReasonForm, ThresholdForm
from tracker.web.views.checks import rows


def in_words(name):
    """ "lead_departments" as people read it."""
    return name.replace("_", " ").capitalize()


@login_required
@never_cache
@require_safe
def listing(request):
    """Every threshold of every check."""
    require_administrator(request.user)
    set_ones = changed()
    context = {
        "title": _("Thresholds of checks"),
        "breadcrumbs": crumbs(),
        "rows": [(check, row) for check in catalogue().values() for row in rows(check, set_ones)],
    }
    return show(request, "administration/thresholds.html", context)


class Change(FormPage):
    """Another value, with the reason."""

    template = "administration/threshold.html"
    done = gettext_lazy("The threshold is saved. The checks run again now, over everything.")

    def prepare(self, code, threshold):
        """The check and its threshold."""
        self.check = catalogue().get(code)
        if self.check is None or threshold not in self.check.thresholds:
            raise Http404
        self.row = next(row for row in rows(self.check, changed(code)) if row["name"] == threshold)

    @property
    def title(self):
        """The threshold."""
        return in_words(self.row["name"])

    @property
    def caption(self):
        """The check."""
        return f"{self.check.code} {self.check.title}"

    def back(self):
        return reverse("thresholds")

    def make_form(self, data=None):
        return ThresholdForm(data, unit=self.row["default"].unit)

    def save(self, form):
        given = form.cleaned_data
        set_threshold(
            by=self.request.user,
            code=self.check.code,
            name=self.row["name"],
            value=given["value"],
            reason=given["reason"],
        )

    def context(self):
        return {"check": self.check, "row": self.row, "history": self._history(), "reset": self._reset()}

    def _reset(self):
        held = {"code": self.check.code, "threshold": self.row["name"]}
        return reverse("threshold_reset", kwargs=held) if self.row["changed"] else ""

    def _history(self):
        events = apps.get_model("tracker", "ThresholdValueEvent").objects.filter(
            check_code=self.check.code, name=self.row["name"]
        )
        found = list(events.order_by("-pgh_id")[:50])
        names = dict(User.objects.filter(pk__in={one.by_id for one in found}).values_list("pk", "name"))
        default = self.row["default"].value
        return [
            (one.at, names.get(one.by_id, ""), as_default(one.value, default), one.reason, one.pgh_label == "delete")
            for one in found
        ]


class Reset(Change):
    """Back to the default, with the reason."""

    template = "administration/form.html"
    button = gettext_lazy("Go back to the default")
    done = gettext_lazy("The default holds again. The checks run again now, over everything.")

    def prepare(self, code, threshold):
        """A threshold that was changed."""
        super().prepare(code, threshold)
        if not self.row["changed"]:
            raise Http404

    @property
    def title(self):
        """What the default is."""
        return _("Go back to %(value)s %(unit)s") % {
            "value": f"{self.row['default'].value:,}", "unit": self.row["default"].unit,
        }  # fmt: skip

    def back(self):
        return reverse("threshold", kwargs={"code": self.check.code, "threshold": self.row["name"]})

    def after(self):
        return reverse("thresholds")

    def make_form(self, data=None):
        return ReasonForm(data)

    def save(self, form):
        reset_threshold(
            by=self.request.user, code=self.check.code, name=self.row["name"], reason=form.cleaned_data["reason"]
        )
