"""The form of a measure: how anybody will know, from what to what, and by when."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Horizon, Purpose
from tracker.web.forms import lookups
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField
from tracker.web.forms.initiative import YES_NO, Versioned


def _number(label, help_text):
    return forms.DecimalField(label=label, help_text=help_text, max_digits=20, decimal_places=6, required=False)


class MeasureForm(lookups.LookupForm, Versioned):
    """A measure: a published indicator, or one in words; with where it stands and where it should get to."""

    what = forms.ChoiceField(
        label=_("How will anybody know that it worked?"),
        choices=[("indicator", _("By a published indicator")), ("words", _("By a measure in my own words"))],
        widget=forms.RadioSelect,
    )
    indicator = forms.CharField(
        label=_("Indicator"),
        help_text=_("A part of its name, such as smoking, or its code."),
        max_length=200,
        required=False,
    )
    words = forms.CharField(
        label=_("The measure"), help_text=_("What is counted, and where."), max_length=200, required=False
    )
    is_health = forms.ChoiceField(
        label=_("Is it a measure of health or wellbeing?"), choices=YES_NO, widget=forms.RadioSelect, required=False
    )
    horizon = forms.ChoiceField(
        label=_("How soon would it show a change?"),
        choices=[*Horizon.choices, ("", _("Not known"))],
        widget=forms.RadioSelect,
        required=False,
    )
    purpose = forms.ChoiceField(
        label=_("What is it used for?"), choices=Purpose.choices, widget=forms.RadioSelect, required=False
    )
    baseline_value = _number(_("Where does it stand now?"), _("A number. Leave empty if it is not known."))
    baseline_date = DateField(label=_("At what date?"), help_text=_("For example, 31 3 2026."), required=False)
    target_value = _number(_("Target"), _("A number. Leave empty if there is none."))
    unit = forms.CharField(label=_("Unit"), help_text=_("Such as %, years or people."), max_length=60, required=False)
    target_date = DateField(label=_("Target date"), help_text=_("For example, 31 3 2029."), required=False)
    lookups = {"indicator": lookups.indicators}
    design = {
        "what": Look(
            name=_("The kind of measure"),
            reveals={"indicator": ("indicator",), "words": ("words", "is_health", "horizon")},
            required_when_shown=("indicator", "words", "is_health"),
        ),
        "is_health": Look(inline=True),
        "horizon": Look(name=_("The time"), hints={"short": _("Within about five years.")}),
        "purpose": Look(name=_("What it is used for")),
        "baseline_value": Look(name=_("The baseline"), width=10),
        "baseline_date": Look(name=_("The date of the baseline")),
        "target_value": Look(width=10),
        "unit": Look(width=10),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].error_messages["required"] = _("Select how anybody will know that it worked")
        self.fields["indicator"].error_messages["required"] = _("Enter an indicator")
        self.fields["words"].error_messages["required"] = _("Enter the measure")
        self.fields["is_health"].error_messages["required"] = _("Select yes if it measures health or wellbeing")

    def clean(self):
        """The target lies after the baseline."""
        data = super().clean()
        first, last = data.get("baseline_date"), data.get("target_date")
        if first and last and last < first:
            self.add_error("target_date", _("The target date must be the same as or after the date of the baseline"))
        return data

    @staticmethod
    def initial_from(measure):
        """The answers that would make a measure as it stands."""
        plain = ("words", "purpose", "baseline_value", "baseline_date", "target_value", "unit", "target_date")
        found = {name: getattr(measure, name) for name in plain}
        for name in ("baseline_value", "target_value"):
            # As it was typed: 5, not 5.000000.
            found[name] = None if found[name] is None else f"{found[name].normalize():f}"
        return found | {
            "what": "indicator" if measure.indicator else "words",
            "indicator": measure.indicator.code if measure.indicator else "",
            "is_health": "yes" if measure.is_health else "no",
            "horizon": measure.horizon,
        }

    def row(self):
        """The measure that the answers make."""
        data = self.cleaned_data
        indicator = data["indicator"] if data["what"] == "indicator" else None
        plain = ("baseline_value", "baseline_date", "target_value", "unit", "target_date")
        return {name: data[name] for name in plain} | {
            "purpose": data["purpose"] or Purpose.PROGRESS.value,
            "indicator": indicator,
            "words": "" if indicator else data["words"],
            "is_health": indicator.is_health if indicator else data["is_health"] == "yes",
            "horizon": indicator.horizon if indicator else data["horizon"] or "",
        }
