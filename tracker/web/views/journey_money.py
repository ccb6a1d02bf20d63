"""The pages about a fund's money: by what rules it is handed out, and where it goes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.web import money
from tracker.web.display import date, money_exact, number
from tracker.web.forms import money as forms
from tracker.web.listed import Listed, OneRow, Part
from tracker.web.stepping import to

PAGE = 50


class _OfFunds:
    """Only a fund or programme hands out money; what another form has on record can still be removed."""

    def prepare(self):
        if not money.hands_out(self.initiative) and not self.found().exists():
            raise Http404
        super().prepare()


class Criteria(_OfFunds, Listed):
    """By what rules places, bids or people are chosen."""

    title = gettext_lazy("Fund criteria")
    part = "criteria"
    template = "journey/criteria.html"
    adding = gettext_lazy("Add a criterion")
    nothing = gettext_lazy("No criteria are recorded. Add those that the fund has published.")
    changing = "criterion"

    def found(self):
        """The criteria in the order of the page."""
        return self.initiative.criteria.select_related("indicator").order_by("round", "stage", "pk")

    def rows(self):
        return [(row, {"round": row.round, "criterion": row.criterion}) for row in self.found()]

    def describe(self, row):
        weight = f"{number(row.weight_percent)}%" if row.weight_percent is not None else _("weight not recorded")
        by = row.indicator.name if row.indicator else row.measure_type.replace("_", " ")
        words = f"{row.round}, {row.get_stage_display().lower()}: {row.criterion}, {weight} ({by})"
        return (f"{words} ({_('health')})" if row.is_health and by != "health" else words), True

    def make_form(self, data=None):
        last = self.found().order_by("pk").last()
        initial = {"version": self.initiative.version}
        initial |= {"round": last.round, "stage": last.stage} if last else {}
        return forms.CriterionForm(data, initial=initial, user=self.request.user)

    def new_row(self, form):
        return form.row()

    def context(self):
        return super().context() | {"weights": money.weights(self.found())}


class OneCriterion(OneRow):
    """The criterion's words, its weight, or what it is judged by."""

    title = gettext_lazy("Change a criterion")
    part = "criteria"
    back_to = "criteria"

    def found(self):
        return self.initiative.criteria.select_related("indicator")

    def make_form(self, data=None):
        initial = forms.CriterionForm.initial_from(self.row) | {"version": self.initiative.version}
        return forms.CriterionForm(data, initial=initial, user=self.request.user)

    def values(self, form):
        values = form.row()
        unchanged = forms.CriterionForm.initial_from(self.row)["measured"] == form.cleaned_data["measured"]
        if unchanged and values["indicator"] == self.row.indicator:
            # The register may know a finer word for it than the form offers.
            del values["measure_type"]
        return values


class Allocations(_OfFunds, Listed):
    """Where the money goes, place by place."""

    title = gettext_lazy("Allocations")
    part = "allocations"
    template = "journey/allocations.html"
    adding = gettext_lazy("Add an allocation")
    nothing = gettext_lazy("No allocations are recorded.")
    changing = "allocation"

    def found(self):
        """The allocations in the order of the page."""
        return self.initiative.allocations.select_related("area").order_by("area__name", "round", "project", "pk")

    def rows(self):
        return [(row, _key(row)) for row in self.found()]

    def shown(self):
        self.paginator = Paginator(self.found(), PAGE)
        self.page = self.paginator.get_page(self.request.GET.get("page"))
        return list(self.page)

    def describe(self, row):
        more = [word for word in (row.project, row.round, date(row.decided_on) if row.decided_on else "") if word]
        words = f"{row.area.name} ({row.area.gss_code}): {money_exact(row.amount_gbp)}"
        return (f"{words}. {', '.join(more)}" if more else words), True

    def make_form(self, data=None):
        initial = {"version": self.initiative.version}
        return forms.AllocationForm(data, initial=initial, user=self.request.user)

    def new_row(self, form):
        return form.row()

    def context(self):
        found = super().context()
        said, warning = money.allocated_in_words(self.initiative, money.allocated(self.initiative))
        came = "&from=check" if self.from_check else ""
        return found | {
            "said": said,
            "warning": warning,
            "paste": to("paste_allocations", self.initiative) + ("?from=check" if came else ""),
            "page": self.page.number,
            "pages": self.paginator.num_pages,
            "page_address": lambda number: f"?page={number}{came}",
        }


def _key(row):
    return {"area": row.area, "round": row.round, "project": row.project}


class OneAllocation(OneRow):
    """The place, the amount, the round or the date."""

    title = gettext_lazy("Change an allocation")
    part = "allocations"
    back_to = "allocations"

    def found(self):
        return self.initiative.allocations.select_related("area")

    def make_form(self, data=None):
        initial = forms.AllocationForm.initial_from(self.row) | {"version": self.initiative.version}
        return forms.AllocationForm(data, initial=initial, user=self.request.user)


class PasteAllocations(_OfFunds, Part):
    """Many places at once; an amount that is there already for the place and round is replaced."""

    title = gettext_lazy("Add many allocations")
    part = "allocations"
    template = "journey/paste.html"

    def found(self):
        """What is there already."""
        return self.initiative.allocations.select_related("area")

    def make_form(self, data=None):
        return forms.PasteForm(data, initial={"version": self.initiative.version})

    def save(self, form):
        added = form.rows()
        kept = {(row.area_id, row.round, row.project): _key(row) for row in self.found()}
        before = len(kept)
        kept |= {(row["area"].pk, row["round"], row["project"]): row for row in added}
        saved = self.set_rows(form, list(kept.values()))
        new = len(kept) - before
        words = ngettext("%(new)s allocation was added", "%(new)s allocations were added", new) % {"new": new}
        if changed := len(added) - new:
            words += ", " + ngettext("%(changed)s was replaced", "%(changed)s were replaced", changed) % {
                "changed": changed
            }
        messages.success(self.request, words + ".")
        return saved

    def after(self, form):
        """Back to the list, with its new sum."""
        return to("allocations", self.initiative) + ("?from=check" if self.from_check else "")

    def context(self):
        return {"back": self.after(None)}
