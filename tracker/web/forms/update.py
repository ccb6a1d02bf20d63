"""The form of a progress update."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import MoveReason, Rag
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import MoneyField, PeriodField
from tracker.web.forms.initiative import YES_NO, Versioned


class UpdateForm(ServiceForm, Versioned):
    """How it goes, what was spent, and whether its date has moved."""

    rag = forms.ChoiceField(label=_("How is it going?"), choices=Rag.choices, widget=forms.RadioSelect)
    narrative = forms.CharField(
        label=_("What has happened?"),
        help_text=_("In two or three sentences. Everybody can read it."),
        widget=forms.Textarea,
        max_length=2000,
    )
    spent_gbp = MoneyField(
        label=_("How much has been spent to date?"),
        help_text=_("In pounds, for example 4,800,000 or 4.8m. Leave empty if it is not known."),
        required=False,
        min_value=0,
    )
    moved = forms.ChoiceField(label=_("Has the date moved?"), choices=YES_NO, widget=forms.RadioSelect)
    moved_to = PeriodField(
        label=_("What is the new date?"),
        help_text=_("For example, 27 3 2029. A year, or a month and a year, is enough if the day is not known."),
        required=False,
    )
    moved_reason_code = forms.ChoiceField(
        label=_("What is the main reason?"), choices=MoveReason.choices, widget=forms.RadioSelect, required=False
    )
    moved_reason = forms.CharField(
        label=_("What else should people know about it?"),
        help_text=_("In one sentence. Another approver reads it before the date moves."),
        max_length=300,
        required=False,
    )
    design = {
        "rag": Look(name=_("How it is going")),
        "narrative": Look(name=_("What has happened"), rows=5),
        "spent_gbp": Look(name=_("The amount spent"), prefix="£", width=10),
        "moved": Look(
            name=_("Whether the date has moved"),
            reveals={"yes": ("moved_to", "moved_reason_code", "moved_reason")},
            required_when_shown=("moved_to", "moved_reason_code", "moved_reason"),
        ),
        "moved_to": Look(name=_("The new date")),
        "moved_reason_code": Look(name=_("The main reason"), small=True),
        "moved_reason": Look(name=_("What people should know")),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rag"].error_messages["required"] = _("Select how it is going")
        self.fields["narrative"].error_messages["required"] = _("Enter what has happened")
        self.fields["moved"].error_messages["required"] = _("Select yes if the date has moved")
        self.fields["moved_to"].error_messages["required"] = _("Enter the new date")
        self.fields["moved_reason"].error_messages["required"] = _("Enter what people should know about it")
        self.fields["moved_reason_code"].error_messages["required"] = _("Select the main reason")

    def values(self):
        """What the action takes."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("version", "rag", "narrative", "spent_gbp")}
        if data["moved"] == "yes":
            told |= {"moved_to": data["moved_to"].date, "moved_precision": data["moved_to"].precision}
            told |= {name: data[name] for name in ("moved_reason_code", "moved_reason")}
        return told


class MoveForm(ServiceForm, Versioned):
    """Whether a date that somebody proposed becomes the record's."""

    decision = forms.ChoiceField(
        label=_("Do you approve the new date?"),
        choices=[("approve", _("Approve it")), ("decline", _("Decline it"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Why is it declined?"),
        help_text=_("The person who proposed it reads this."),
        widget=forms.Textarea,
        max_length=300,
        required=False,
    )
    design = {
        "decision": Look(name=_("Your decision"), reveals={"decline": ("reasons",)}, required_when_shown=("reasons",)),
        "reasons": Look(name=_("The reason"), rows=3),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].error_messages["required"] = _("Select whether you approve the new date")
        self.fields["reasons"].error_messages["required"] = _("Enter why it is declined")
