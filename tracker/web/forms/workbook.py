"""The form that takes a workbook."""

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from policies.workbook.book import FORMATS
from policies.workbook.reader import MAX_BYTES
from tracker.web.forms.base import ServiceForm


class UploadForm(ServiceForm):
    """One file."""

    file = forms.FileField(
        label=_("Filled-in workbook"),
        help_text=_("An XLSX or ODS file of at most 20 MB."),
        validators=[FileExtensionValidator(sorted(FORMATS))],
    )

    def clean_file(self):
        """The file, unless it is too large to be read into memory."""
        sent = self.cleaned_data["file"]
        if sent.size > MAX_BYTES:
            raise forms.ValidationError(_("The filled-in workbook must be 20 MB or smaller"))
        return sent
