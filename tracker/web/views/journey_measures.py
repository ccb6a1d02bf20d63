"""The pages about how anybody will know that it worked."""

from django.utils.translation import gettext_lazy as _

from tracker.web.answers import measure_in_words
from tracker.web.forms import measures as forms
from tracker.web.listed import Listed, OneRow


class Measures(Listed):
    """The measures, and a form for one more."""

    title = _("Measures")
    part = "measures"
    adding = _("Add a measure")
    nothing = _("No measures are recorded.")
    changing = "measure"

    def rows(self):
        found = self.initiative.measures.select_related("indicator").order_by("pk")
        return [(row, {"purpose": row.purpose, "indicator": row.indicator, "words": row.words}) for row in found]

    def describe(self, row):
        words = measure_in_words(row)
        return (f"{words} ({_('health')})" if row.is_health else words), True

    def make_form(self, data=None):
        initial = {"version": self.initiative.version, "purpose": "progress", "horizon": ""}
        return forms.MeasureForm(data, initial=initial, user=self.request.user)

    def new_row(self, form):
        return form.row()


class OneMeasure(OneRow):
    """The measure itself, where it stands, its target or its date."""

    title = _("Change a measure")
    part = "measures"
    back_to = "measures"

    def found(self):
        return self.initiative.measures.select_related("indicator")

    def make_form(self, data=None):
        initial = forms.MeasureForm.initial_from(self.row) | {"version": self.initiative.version}
        return forms.MeasureForm(data, initial=initial, user=self.request.user)

    def values(self, form):
        values = form.row()
        if values["indicator"] and values["indicator"] == self.row.indicator:
            # What somebody wrote beside the indicator stands as long as the indicator does.
            del values["words"]
        return values
