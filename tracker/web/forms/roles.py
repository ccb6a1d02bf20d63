"""The forms by which an organisation answers a role that it was given, and by which the lead replies."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Answer, Role
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look


class AnswerForm(ServiceForm):
    """Accept, accept with conditions, dispute, or propose another role."""

    answer = forms.ChoiceField(
        label=_("What does your organisation say?"),
        choices=[
            (Answer.ACCEPTED, _("We accept the role")),
            (Answer.CONDITIONS, _("We accept it with conditions")),
            (Answer.OTHER_ROLE, _("We propose another role")),
            (Answer.DISPUTED, _("We dispute it")),
        ],
        widget=forms.RadioSelect,
    )
    conditions = forms.CharField(
        label=_("What are the conditions?"), widget=forms.Textarea, max_length=2000, required=False
    )
    proposed_role = forms.ChoiceField(
        label=_("Which role would be right?"), choices=(), widget=forms.RadioSelect, required=False
    )
    because = forms.CharField(label=_("Why that one?"), widget=forms.Textarea, max_length=2000, required=False)
    reasons = forms.CharField(
        label=_("Why does your organisation dispute it?"), widget=forms.Textarea, max_length=2000, required=False
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
                Answer.OTHER_ROLE.value: ("proposed_role", "because"),
                Answer.DISPUTED.value: ("reasons",),
            },
            required_when_shown=("conditions", "proposed_role", "because", "reasons"),
        ),
        "conditions": Look(rows=4),
        "proposed_role": Look(small=True),
        "because": Look(rows=4),
        "reasons": Look(rows=4),
        "comment": Look(rows=3),
    }

    def __init__(self, *args, role, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposed_role"].choices = [choice for choice in Role.choices if choice[0] not in (Role.LEAD, role)]
        self.fields["proposed_role"].error_messages["required"] = _("Select which role would be right")
        self.fields["because"].error_messages["required"] = _("Enter why that role would be right")
        self.fields["answer"].error_messages["required"] = _("Select what your organisation says")
        self.fields["conditions"].error_messages["required"] = _("Enter the conditions")
        self.fields["reasons"].error_messages["required"] = _("Enter why your organisation disputes the role")

    def words(self):
        """What was written with the answer that was picked."""
        data = self.cleaned_data
        return data["conditions"] or data["because"] or data["reasons"] or data["comment"]


GIVE, KEEP = "give", "keep"


class SettleForm(ServiceForm):
    """What the lead says to an answer: give the role that is proposed, or keep the role and say why."""

    decision = forms.ChoiceField(label=_("What do you say to that?"), choices=(), widget=forms.RadioSelect)
    comment = forms.CharField(label=_("Anything to add"), widget=forms.Textarea, max_length=2000, required=False)
    reply = forms.CharField(
        label=_("Your reply"),
        help_text=_("It stands beside the answer for everybody to read."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    design = {
        "decision": Look(
            name=_("What you say"), reveals={GIVE: ("comment",), KEEP: ("reply",)}, required_when_shown=("reply",)
        ),
        "comment": Look(rows=3),
        "reply": Look(rows=4),
    }
    # What the lead read, so that a proposal that changes meanwhile is not given unseen.
    proposed_role = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposed_role"].initial = held.proposed_role
        role = held.get_role_display().lower()
        if held.answer == Answer.OTHER_ROLE:
            proposed = held.get_proposed_role_display().lower()
            self.fields["decision"].choices = [
                (GIVE, _("Give it the role that it proposes: %(role)s") % {"role": proposed}),
                (KEEP, _("Keep the role as it is: %(role)s") % {"role": role}),
            ]
            self.fields["decision"].error_messages["required"] = _("Select what you say to that")
            self.fields["reply"].error_messages["required"] = _("Enter your reply")
        else:
            del self.fields["decision"], self.fields["comment"]
            self.design = {"reply": Look(rows=4)}
            self.fields["reply"].required = True
            self.reword()
