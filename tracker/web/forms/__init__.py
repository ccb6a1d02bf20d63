"""Forms for people. See base.py for the base classes, bound.py for what a field can look like."""

from tracker.web.forms.base import FilterForm, ServiceForm, ServiceModelForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField, MoneyField, Period, PeriodField
from tracker.web.forms.problems import problems

__all__ = [
    "DateField",
    "FilterForm",
    "Look",
    "MoneyField",
    "Period",
    "PeriodField",
    "ServiceForm",
    "ServiceModelForm",
    "problems",
]
