"""The forms by which an organisation says, in its own name, what somebody's initiative does to an outcome."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Direction, Gap, Horizon
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.initiative import WebAddressField


class ChooseOutcomeForm(ServiceForm):
    """About which outcome, and in whose name."""

    organisation = forms.ChoiceField(
        label=_("For which organisation do you speak?"), choices=(), widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(label=_("Which outcome do you want to say something about?"), choices=())
    design = {
        "organisation": Look(name=_("The organisation")),
        "outcome": Look(name=_("The outcome")),
    }

    def __init__(self, *args, organisations, outcomes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [(each.code, each.name) for each in organisations]
        self.fields["outcome"].choices = [("", "---------"), *((each.code, each.name) for each in outcomes)]
        self.fields["organisation"].error_messages["required"] = _("Select for which organisation you speak")
        self.fields["outcome"].error_messages["required"] = _("Select an outcome")
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0].code


class AssertionForm(ServiceForm):
    """Which way it goes, when, and on what grounds."""

    direction = forms.ChoiceField(
        label=_("Which way should it go?"), choices=Direction.choices, widget=forms.RadioSelect
    )
    horizon = forms.ChoiceField(label=_("When would it show?"), choices=Horizon.choices, widget=forms.RadioSelect)
    gap = forms.ChoiceField(
        label=_("What happens to the gap between the worst-off and the rest?"),
        choices=Gap.choices,
        widget=forms.RadioSelect,
        initial=Gap.UNKNOWN,
    )
    pathway = forms.CharField(
        label=_("How does it work?"),
        help_text=_("From what is done to what changes, in one sentence. Answer this, the next question, or both."),
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    evidence = forms.CharField(
        label=_("What is the evidence?"),
        help_text=_("A study, figures, or what you have seen happen."),
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    source_url = WebAddressField(
        label=_("Address of the evidence"), max_length=500, required=False, assume_scheme="https"
    )
    design = {
        "direction": Look(
            name=_("The direction"), hints={"mixed": _("Better for some and worse for others, or both at once.")}
        ),
        "horizon": Look(name=_("The time"), hints={"short": _("Within about five years.")}),
        "gap": Look(name=_("The gap")),
        "pathway": Look(rows=3),
        "evidence": Look(rows=4),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["direction"].error_messages["required"] = _("Select which way it should go")
        self.fields["horizon"].error_messages["required"] = _("Select when it would show")
        self.fields["gap"].error_messages["required"] = _("Select what happens to the gap, or “Not known”")

    def clean(self):
        """A claim about somebody else's record gives its grounds."""
        data = super().clean()
        bare = not data.get("pathway") and not data.get("evidence")
        if bare and not {"pathway", "evidence"} & self.errors.keys():
            self.add_error("pathway", _("Enter how it works, or what the evidence is"))
        return data
