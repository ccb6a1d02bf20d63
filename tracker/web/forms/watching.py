"""The forms by which people say what they want to be told of, and how soon."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Outcome
from tracker.watches import Frequency, WatchKind
from tracker.web.forms import lookups
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look


class FrequencyForm(ServiceForm):
    """How soon one is told."""

    frequency = forms.ChoiceField(
        label=_("How soon do you want to be told?"),
        help_text=_("You get an email only when something is new, and one email for all that you watch."),
        choices=Frequency.choices,
        widget=forms.RadioSelect,
    )
    design = {"frequency": Look(name=_("How soon you want to be told"))}

    def __init__(self, *args, off=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not off:
            self.fields["frequency"].choices = [one for one in Frequency.choices if one[0] != Frequency.OFF]
        words = _("Select how soon you want to be told")
        self.fields["frequency"].error_messages |= {"required": words, "invalid_choice": words}


class NamedForm(FrequencyForm):
    """The same, with the name under which a search of flags is saved."""

    name = forms.CharField(label=_("Name of the search"), max_length=100)
    field_order = ["name", "frequency"]


class PlaceForm(lookups.LookupForm, FrequencyForm):
    """A place by its name or code."""

    thing = forms.CharField(
        label=_("Which place?"),
        help_text=_("Its name, or its GSS code such as E08000003. Wider and smaller places count too."),
        max_length=200,
    )
    field_order = ["thing", "frequency"]
    lookups = {"thing": lookups.places}
    design = FrequencyForm.design | {"thing": Look(name=_("The place"))}


class OrganisationForm(lookups.LookupForm, FrequencyForm):
    """An organisation by its name or code."""

    thing = forms.CharField(
        label=_("Which organisation?"),
        help_text=_("Its name or abbreviation. Its earlier and later names count too."),
        max_length=200,
    )
    field_order = ["thing", "frequency"]
    lookups = {"thing": lookups.organisations}
    design = FrequencyForm.design | {"thing": Look(name=_("The organisation"))}


class InitiativeForm(lookups.LookupForm, FrequencyForm):
    """A record by its reference or title."""

    thing = forms.CharField(
        label=_("Which policy, commitment or partnership?"),
        help_text=_("Its reference, such as MHCLG-0001, or its title."),
        max_length=300,
    )
    field_order = ["thing", "frequency"]
    lookups = {"thing": lookups.initiatives}
    design = FrequencyForm.design | {"thing": Look(name=_("The policy, commitment or partnership"))}


class OutcomeForm(FrequencyForm):
    """An outcome from the list."""

    thing = forms.ModelChoiceField(
        label=_("Which health outcome?"),
        queryset=Outcome.objects.order_by("position"),
        to_field_name="code",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    field_order = ["thing", "frequency"]
    design = FrequencyForm.design | {"thing": Look(name=_("The health outcome"))}

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["thing"].label_from_instance = lambda outcome: outcome.name
        words = _("Select the health outcome")
        self.fields["thing"].error_messages |= {"required": words, "invalid_choice": words}


FORMS = {
    WatchKind.PLACE: PlaceForm,
    WatchKind.OUTCOME: OutcomeForm,
    WatchKind.ORGANISATION: OrganisationForm,
    WatchKind.INITIATIVE: InitiativeForm,
}
