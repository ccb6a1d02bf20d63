"""The form by which an administrator changes a number that a check goes by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import Severity
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look


class NumberField(forms.DecimalField):
    """A number as people write it: 100,000,000 is one."""

    widget = forms.TextInput

    def to_python(self, value):
        """The number without its commas."""
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)

    def widget_attrs(self, widget):
        """None of the number input's: commas must be typable."""
        return {}


class ReasonForm(ServiceForm):
    """Why the default holds again."""

    reason = forms.CharField(label=_("Why does the default hold again?"), max_length=500)
    design = {"reason": Look(name=_("The reason"))}


class SeverityForm(ServiceForm):
    """Another severity, and why."""

    severity = forms.ChoiceField(
        label=_("New severity"),
        help_text=_("It is that of all flags of the check."),
        choices=Severity.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why is it changed?"), help_text=_("It stands on the check's page."), max_length=500
    )
    design = {"severity": Look(name=_("The severity")), "reason": Look(name=_("The reason"))}


class ThresholdForm(ServiceForm):
    """Another number, and why."""

    value = NumberField(label=_("New value"), max_digits=17, decimal_places=4)
    reason = forms.CharField(
        label=_("Why is it changed?"), help_text=_("It stands on the check's page."), max_length=500
    )
    design = {"value": Look(width=10), "reason": Look(name=_("The reason"))}

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = unit[:1].upper() + unit[1:]
