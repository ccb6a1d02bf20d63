"""The form that names a saved search."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.web.forms.base import ServiceForm


class SearchNameForm(ServiceForm):
    """A name, by which its owner finds it again."""

    name = forms.CharField(label=_("Name of the search"), max_length=100)
