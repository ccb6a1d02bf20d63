"""The forms of sign-off: sending for review, deciding, closing and reopening. Each parses; none writes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import END_OUTCOMES, EndOutcome, Status
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.initiative import Versioned

PUBLISH, CHANGES = "publish", "changes"


class SubmitForm(ServiceForm, Versioned):
    """What the approver should know."""

    words = forms.CharField(
        label=_("Anything the approver should know"),
        help_text=_("For example, what has changed, or who has agreed to it."),
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    design = {"words": Look(name=_("What the approver should know"), rows=3)}


class DecisionForm(ServiceForm, Versioned):
    """Publish, or ask for changes."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[(PUBLISH, _("Publish it")), (CHANGES, _("Ask for changes"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What must change?"),
        help_text=_("The writer reads this above the task list."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    design = {
        "decision": Look(
            name=_("The decision"),
            hints={PUBLISH: _("Everybody can then read it, and your name stands with it.")},
            reveals={CHANGES: ("words",)},
            required_when_shown=("words",),
            label_size="m",
        ),
        "words": Look(name=_("What must change"), rows=4),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].error_messages["required"] = _("Select whether you publish it or ask for changes")
        self.fields["words"].error_messages["required"] = _("Enter what must change")


class EndForm(ServiceForm, Versioned):
    """What came of a published record, and why it ends."""

    outcome = forms.ChoiceField(label=_("What came of it?"), choices=(), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why does it end?"),
        help_text=_("Everybody can read this. Say what was done, and what was not."),
        widget=forms.Textarea,
        max_length=2000,
    )
    design = {
        "outcome": Look(
            name=_("What came of it"),
            hints={EndOutcome.DROPPED: _("Given up before it was met: the record is shown as withdrawn.")},
        ),
        "reason": Look(name=_("The reason"), rows=4),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (outcome.value, outcome.label) for outcomes in END_OUTCOMES.values() for outcome in outcomes
        ]
        self.fields["outcome"].error_messages["required"] = _("Select what came of it")
        self.fields["reason"].error_messages["required"] = _("Enter the reason")

    def status(self):
        """Closed, or withdrawn when it was given up or never was."""
        outcome = self.cleaned_data["outcome"]
        return Status.WITHDRAWN if outcome in END_OUTCOMES[Status.WITHDRAWN] else Status.CLOSED


class ReopenForm(ServiceForm, Versioned):
    """Why an ended record is live again."""

    reason = forms.CharField(
        label=_("Why is it open again?"),
        help_text=_("Everybody can read this."),
        widget=forms.Textarea,
        max_length=2000,
    )
    design = {"reason": Look(name=_("The reason"), rows=4)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Enter the reason")
