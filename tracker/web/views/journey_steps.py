"""The pages of the journey, one subject each. Each parses its form and calls one action."""

from django.utils.translation import gettext_lazy as _

from policies.actions import initiatives
from policies.models import Capital
from policies.questions import proposals_for
from tracker.web.forms import initiative as forms
from tracker.web.listed import Listed, Part
from tracker.web.stepping import Step


class Words(Step):
    """What it says, and where that is written."""

    title = _("What it says")

    def make_form(self, data=None):
        names = ("title", "form", "summary", "source_title", "source_url", "source_quote", "version")
        initial = {name: getattr(self.initiative, name) for name in names}
        return forms.WordsForm(data, initial=initial, kind=self.initiative.kind)

    def save(self, form):
        data = dict(form.cleaned_data)
        return initiatives.edit(by=self.request.user, initiative=self.initiative, version=data.pop("version"), **data)


class Dates(Step):
    """When, and how much money."""

    title = _("Dates and money")

    def make_form(self, data=None):
        initial = forms.DatesForm.initial_from(self.initiative) | {"version": self.initiative.version}
        return forms.DatesForm(data, initial=initial, kind=self.initiative.kind)

    def save(self, form):
        return initiatives.edit(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            **form.fields_for_record(),
        )


class Capitals(Part):
    """Which of the four capitals it builds."""

    title = _("The four capitals")
    part = "capitals"

    def prepare(self):
        self.capitals = list(Capital.objects.all())
        self.links = list(self.initiative.capital_links.select_related("capital"))
        self.proposed = proposals_for(self.initiative)

    def make_form(self, data=None):
        main = next((link for link in self.links if link.weight == "primary"), None)
        initial = {
            "version": self.initiative.version,
            "primary": main.capital.code if main else None,
            "rationale": main.rationale if main else "",
            "secondary": [link.capital.code for link in self.links if link.weight == "secondary"],
        }
        if not self.links:
            found = self.proposed
            initial["primary"] = found.main
            initial["rationale"] = " ".join(str(reason) for reason in found.capitals.get(found.main, ()))
            # Without one that is named most, whichever is picked would stand in both lists.
            initial["secondary"] = [code for code in found.capitals if code != found.main] if found.main else []
        return forms.CapitalsForm(data, initial=initial, capitals=self.capitals, proposed=self.proposed.capitals)

    def save(self, form):
        return self.set_rows(form, form.rows({capital.code: capital for capital in self.capitals}))


class Places(Listed):
    """Where it acts."""

    title = _("Places")
    part = "places"
    adding = _("Add a place")
    nothing = _("No places are recorded. If it is for the whole country, add England.")

    def rows(self):
        found = self.initiative.footprints.select_related("area").order_by("area__name", "pk")
        return [(footprint, {"area": footprint.area}) for footprint in found]

    def describe(self, row):
        return f"{row.area.name} ({row.area.get_kind_display()}, {row.area.gss_code})", True

    def make_form(self, data=None):
        return forms.PlaceForm(data, initial={"version": self.initiative.version}, user=self.request.user)

    def new_row(self, form):
        return {"area": form.cleaned_data["place"]}
