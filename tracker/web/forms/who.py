"""The forms of two pages of the journey: six plain questions, and whom to ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import PlainQuestion, Role
from policies.questions import ALONE, QUESTIONS
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.initiative import Versioned

LETTER_LENGTH = 3000


class QuestionsForm(ServiceForm, Versioned):
    """One question a field, each with its answers; "Not sure" always is one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.design = {}
        for question, options in QUESTIONS.items():
            field = forms.MultipleChoiceField(
                label=PlainQuestion(question).label,
                choices=[(option.code, option.words) for option in options],
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Select all that apply."),
            )
            field.error_messages["required"] = _("Select an answer to “%(question)s”, or “Not sure”") % {
                "question": question.label
            }
            self.fields[question.value] = field
            self.design[question.value] = Look(name=question.label, label_size="m", alone=ALONE)
        self.reword()

    def clean(self):
        """“No” and “Not sure” go with no other answer."""
        data = super().clean()
        for question in QUESTIONS:
            given = data.get(question.value) or []
            if len(given) > 1 and set(given) & set(ALONE):
                words = _("Select either “No” or “Not sure” alone, or the other answers to “%(question)s”")
                self.add_error(question.value, words % {"question": question.label})
        return data

    def rows(self):
        """The answers as rows of the record."""
        return [
            {"question": question.value, "option": option}
            for question in QUESTIONS
            for option in self.cleaned_data[question.value]
        ]


class WhoForm(ServiceForm, Versioned):
    """Which of the proposed bodies to ask, in which role, with which letter.

    `offers` are tuples of a body, its name as the page shows it, the reason, and the letter to begin with.
    """

    bodies = forms.MultipleChoiceField(
        label=_("Whom do you want to ask?"),
        help_text=_("Select all that apply. Each gets the role that you choose, and your words with it."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, offers, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = offers
        self.fields["bodies"].choices = [(body.code, name) for body, name, _reason, _letter in offers]
        self.fields["bodies"].error_messages["required"] = _("Select at least one body, or continue without asking")
        roles = [("", "---------"), *(choice for choice in Role.choices if choice[0] != Role.LEAD)]
        reveals, must, self.design = {}, [], {}
        for body, name, _reason, letter in offers:
            role, words = f"role_{body.code}", f"letter_{body.code}"
            self.fields[role] = forms.ChoiceField(
                label=_("Role of %(name)s") % {"name": name}, choices=roles, required=False
            )
            self.fields[role].error_messages["required"] = _("Select the role of %(name)s") % {"name": name}
            self.fields[words] = forms.CharField(
                label=_("Invitation to %(name)s") % {"name": name},
                widget=forms.Textarea,
                max_length=LETTER_LENGTH,
                required=False,
                initial=letter,
            )
            self.fields[words].error_messages["required"] = _("Enter the invitation to %(name)s") % {"name": name}
            reveals[body.code] = (role, words)
            must += [role, words]
            self.design[words] = Look(rows=12)
        self.design["bodies"] = Look(
            name=_("The bodies"),
            label_size="m",
            hints={body.code: reason for body, _name, reason, _letter in offers},
            reveals=reveals,
            required_when_shown=tuple(must),
        )
        self.reword()

    def rows(self, notes):
        """The roles that the answers make; `notes` say, by code, why each was proposed."""
        data = self.cleaned_data
        return [
            {
                "organisation": body,
                "role": data[f"role_{body.code}"],
                "invitation": data[f"letter_{body.code}"],
                "basis": "judged",
                "note": notes[body.code],
            }
            for body, _name, _reason, _letter in self.offers
            if body.code in data["bodies"]
        ]
