"""The form that asks for a record as it stood on a day."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.web.forms.base import FilterForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField


class AsOfForm(FilterForm):
    """A day up to today, sent with GET so that the address can be passed on."""

    as_of = DateField(
        label=gettext_lazy("See the record as it stood at the end of a day"),
        help_text=gettext_lazy("For example, 1 11 2026."),
    )
    design = {"as_of": Look(name=gettext_lazy("The day"))}
    is_filter = False

    def clean_as_of(self):
        """The day; nobody can know how it will stand."""
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            message = _("The day must be today or earlier: how the record will stand is not known")
            raise ValidationError(message, code="future")
        return day
