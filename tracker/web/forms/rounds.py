"""The form that opens an update round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Collection
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField

EVERYBODY = "everybody"


class RoundForm(ServiceForm):
    """Who is asked about what, by when. `organisations` are those that may be asked; `everybody` offers all at once."""

    name = forms.CharField(
        label=_("What is the round called?"), help_text=_("For example, October 2026."), max_length=80
    )
    about_from = DateField(label=_("From which day are the updates about?"), help_text=_("For example, 1 10 2026."))
    about_to = DateField(label=_("To which day?"), help_text=_("For example, 31 10 2026."))
    lead = forms.ChoiceField(
        label=_("Which lead organisations are asked?"),
        help_text=_("Each is asked about the live policies and commitments that it leads."),
    )
    records = forms.ChoiceField(
        label=_("Which records are asked about?"),
        choices=[("all", _("All that they lead")), ("collection", _("Those of one collection"))],
        widget=forms.RadioSelect,
    )
    collection = forms.ModelChoiceField(
        label=_("Which collection?"),
        queryset=Collection.objects.order_by("name"),
        to_field_name="code",
        required=False,
    )
    days = forms.IntegerField(
        label=_("How many working days do people have?"),
        help_text=_("From today, between 1 and 60. Weekends and England’s bank holidays do not count."),
        min_value=1,
        max_value=60,
    )
    design = {
        "name": Look(name=_("The name"), width=20),
        "about_from": Look(name=_("The first day")),
        "about_to": Look(name=_("The last day")),
        "lead": Look(name=_("The lead organisations")),
        "records": Look(
            name=_("The records"), reveals={"collection": ("collection",)}, required_when_shown=("collection",)
        ),
        "collection": Look(name=_("The collection")),
        "days": Look(name=_("The number of working days"), width=2),
    }

    def __init__(self, *args, organisations, everybody, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = {one.code: one for one in organisations}
        named = [(one.code, one.name) for one in organisations]
        self.fields["lead"].choices = [(EVERYBODY, _("All lead organisations")), *named] if everybody else named
        self.fields["name"].error_messages["required"] = _("Enter what the round is called")
        self.fields["records"].error_messages["required"] = _("Select which records are asked about")
        self.fields["collection"].error_messages["required"] = _("Select a collection")

    def clean(self):
        """The period's last day is not before its first."""
        data = super().clean()
        if data.get("about_from") and data.get("about_to") and data["about_to"] < data["about_from"]:
            self.add_error("about_to", _("The last day must be the same as or after the first day"))
        return data

    def values(self):
        """What the action takes."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("name", "about_from", "about_to", "days", "collection")}
        return told | {"organisation": self.organisations.get(data["lead"])}
