"""The pages about who has which part in a record."""

from django.utils.translation import gettext_lazy as _

from policies.models import Kind, Role, Sector
from tracker.web.forms import initiative as forms
from tracker.web.listed import Listed, OneRow


class Roles(Listed):
    """Who has which part in it."""

    title = _("Who has a role")
    part = "roles"
    adding = _("Add an organisation")
    nothing = _("No roles are recorded.")
    changing = "role"

    def prepare(self):
        if self.initiative.kind == Kind.PARTNERSHIP:
            self.title = _("Who is in it")

    def rows(self):
        found = self.initiative.responsibilities.select_related("organisation")
        return [
            (held, {"organisation": held.organisation, "role": held.role})
            for held in found.order_by("-depth", "organisation__name", "role")
        ]

    def describe(self, row):
        words = f"{row.organisation.name}: {row.get_role_display()} ({row.organisation.get_sector_display()})"
        words += f". {row.note}" if row.note else ""
        return words, row.role != Role.LEAD

    def make_form(self, data=None):
        return forms.RoleForm(data, initial={"version": self.initiative.version}, user=self.request.user)

    def new_row(self, form):
        return form.row() | {"basis": "stated"}

    def context(self):
        present = {row.organisation.sector for row, _values in self.rows()}
        missing = [
            words
            for sector, words in (
                (Sector.LOCAL_GOVERNMENT, _("local government")),
                (Sector.NHS, _("the NHS")),
            )
            if sector not in present
        ]
        return super().context() | {"missing": missing}


class OneRole(OneRow):
    """Another organisation, another role, or another note. The lead is not changed here."""

    title = _("Change a role")
    part = "roles"
    back_to = "roles"

    def found(self):
        return self.initiative.responsibilities.exclude(role=Role.LEAD).select_related("organisation")

    def make_form(self, data=None):
        initial = {
            "version": self.initiative.version,
            "organisation": self.row.organisation.code,
            "role": self.row.role,
            "note": self.row.note,
        }
        return forms.RoleForm(data, initial=initial, user=self.request.user)
