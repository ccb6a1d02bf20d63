"""The form by which an organisation answers a role that it was given."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Answer
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look


class AnswerForm(ServiceForm):
    """Accept, accept with conditions, or dispute."""

    answer = forms.ChoiceField(
        label=_("What does your organisation say?"),
        choices=[
            (Answer.ACCEPTED, _("We accept the role")),
            (Answer.CONDITIONS, _("We accept it with conditions")),
            (Answer.DISPUTED, _("We dispute it")),
        ],
        widget=forms.RadioSelect,
    )
    conditions = forms.CharField(
        label=_("What are the conditions?"), widget=forms.Textarea, max_length=2000, required=False
    )
    reasons = forms.CharField(
        label=_("Why, and what role would be right?"), widget=forms.Textarea, max_length=2000, required=False
    )
    comment = forms.CharField(
        label=_("Anything to add"),
        help_text=_("It stands beside the role for everybody to read."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    design = {
        "answer": Look(
            name=_("The answer"),
            reveals={
                Answer.ACCEPTED.value: ("comment",),
                Answer.CONDITIONS.value: ("conditions",),
                Answer.DISPUTED.value: ("reasons",),
            },
            required_when_shown=("conditions", "reasons"),
        ),
        "conditions": Look(rows=4),
        "reasons": Look(rows=4),
        "comment": Look(rows=3),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].error_messages["required"] = _("Select what your organisation says")
        self.fields["conditions"].error_messages["required"] = _("Enter the conditions")
        self.fields["reasons"].error_messages["required"] = _("Enter why your organisation disputes the role")

    def words(self):
        """What was written with the answer that was picked."""
        data = self.cleaned_data
        return data["conditions"] or data["reasons"] or data["comment"]
