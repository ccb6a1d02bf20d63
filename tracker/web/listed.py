"""Pages of the journey that set one of the record's lists: the whole of it, a row added or removed, a row changed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from policies.actions import initiatives, parts
from policies.actions.action import RuleError, StaleVersionError
from tracker.web.forms import initiative as forms
from tracker.web.stepping import Step, to


class Part(Step):
    """A page that sets one of the record's lists."""

    part = ""

    def set_rows(self, form, rows):
        """Make the list what it should be."""
        return initiatives.set_parts(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            part=self.part,
            rows=rows,
        )


class Listed(Part):
    """A page with rows, a form to add one, and at each row a button to take it away and a link to change it."""

    template = "journey/list.html"
    button = _("Add")
    adding = ""
    nothing = ""
    changing = ""  # the name of the page that changes one row, if there is one

    def rows(self):
        """The rows as they stand: pairs of the row and its key values for the action."""
        raise NotImplementedError

    def describe(self, row):
        """A row in words, and whether it may be changed or taken away."""
        raise NotImplementedError

    def post(self, request, **kwargs):
        """Take a row away, or add one."""
        number = request.POST.get("remove")
        if number is None:
            return super().post(request, **kwargs)
        form = forms.VersionForm(request.POST)
        rows = self.rows()
        kept = [values for row, values in rows if str(row.pk) != number or not self.describe(row)[1]]
        if form.is_valid() and len(kept) < len(rows):
            return self.save_rows(form, kept)
        return redirect(request.get_full_path())

    def save_rows(self, form, rows):
        """Save the list without the row; if somebody was faster, or it stands still, show the list as it is now."""
        try:
            self.set_rows(form, rows)
        except StaleVersionError:
            self.warn()
        except RuleError as error:
            messages.warning(self.request, str(error))
        return redirect(self.request.get_full_path())

    def warn(self):
        """Say why the list is as it was."""
        messages.warning(
            self.request,
            _("Somebody else changed this record, so nothing was removed. This is the list as it is now."),
        )

    def save(self, form):
        return self.set_rows(form, [*(values for _row, values in self.rows()), self.new_row(form)])

    def new_row(self, form):
        """The row that the answers make."""
        raise NotImplementedError

    def after(self, form):
        """Stay, so that another can be added; the page's link leads on."""
        return self.request.get_full_path() if form is not None else super().after(form)

    def change_address(self, row):
        """Where a row is changed."""
        if not self.changing:
            return ""
        return to(self.changing, self.initiative, pk=row.pk) + ("?from=check" if self.from_check else "")

    def shown(self):
        """The rows that the page shows."""
        return [row for row, _values in self.rows()]

    def context(self):
        rows = [(row, *self.describe(row)) for row in self.shown()]
        return {
            "rows": [(row, words, free, self.change_address(row) if free else "") for row, words, free in rows],
            "adding": self.adding,
            "nothing": self.nothing,
            "version": self.initiative.version,
            "onward": to("check" if self.from_check else "tasks", self.initiative),
        }


class OneRow(Part):
    """A page that changes one row of a list in place, so that its id and its history go on."""

    back_to = ""  # the name of the list's page

    def found(self):
        """The rows of which this may be one."""
        raise NotImplementedError

    def prepare(self):
        self.row = self.found().filter(pk=self.more["pk"]).first()
        if self.row is None:
            raise Http404

    def values(self, form):
        """The columns that the answers fill."""
        return form.row()

    def save(self, form):
        return parts.change_row(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            part=self.part,
            pk=self.row.pk,
            values=self.values(form),
        )

    def after(self, form):
        """Back to the list."""
        return to(self.back_to, self.initiative) + ("?from=check" if self.from_check else "")

    def context(self):
        return {"back": self.after(None)}
