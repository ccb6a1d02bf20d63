"""The forms by which people decide on flags and comment on them. Each parses; none writes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.actions.flags import a_year_on
from tracker.decisions import DismissalReason
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField

MOST = 2000


class DecidingForm(ServiceForm):
    """What was read of the flag, and in whose name one decides where there is a choice."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    voice = forms.ChoiceField(label=_("In whose name do you decide?"), choices=(), widget=forms.RadioSelect)

    def __init__(self, *args, voices=(), seen="", **kwargs):
        """`voices`: pairs of key and words; no question is asked where there is one."""
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = seen
        if len(voices) < 2:
            del self.fields["voice"]
        else:
            self.fields["voice"].choices = list(voices)
            self.fields["voice"].error_messages["required"] = _("Select in whose name you decide")


class AcknowledgeForm(DecidingForm):
    """Who sees to it, how, and by when."""

    owner = forms.ChoiceField(label=_("Who sees to it?"), choices=())
    plan = forms.CharField(
        label=_("What will be done?"),
        help_text=_("Everybody who can read the flag can read this."),
        widget=forms.Textarea,
        max_length=MOST,
    )
    due_on = DateField(label=_("By when?"), help_text=_("For example, 27 3 2027."))
    design = {"owner": Look(name=_("Who sees to it")), "plan": Look(rows=4), "due_on": Look(name=_("The date"))}
    field_order = ["seen", "voice", "owner", "plan", "due_on"]

    def __init__(self, *args, owners=(), **kwargs):
        """`owners`: people who can see to it, the one who decides first."""
        super().__init__(*args, **kwargs)
        self.owners = {str(person.pk): person for person in owners}
        self.fields["owner"].choices = [(pk, person.name) for pk, person in self.owners.items()]
        self.fields["plan"].error_messages["required"] = _("Enter what will be done")
        self.fields["due_on"].error_messages["required"] = _("Enter the date by which it will be done")

    def clean_owner(self):
        """The person."""
        return self.owners[self.cleaned_data["owner"]]

    def clean_due_on(self):
        """Today or later."""
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("The date must be today or in the future"))
        return day

    def values(self):
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("owner", "plan", "due_on")}


class DismissForm(DecidingForm):
    """Why a flag is set aside, and until when."""

    reason = forms.ChoiceField(
        label=_("Why is it set aside?"), choices=DismissalReason.choices, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("Why, in your own words?"),
        help_text=_("Everybody who can read the flag can read this, and your name stands with it."),
        widget=forms.Textarea,
        max_length=MOST,
    )
    review_on = DateField(
        label=_("When will it be looked at again?"),
        help_text=_("A date within a year. On that day the flag is open again, or before if its evidence changes."),
    )
    design = {
        "reason": Look(
            name=_("Why it is set aside"),
            hints={
                DismissalReason.TRADE_OFF: _("Known, and decided: something else matters more here."),
                DismissalReason.DISPUTED: _("What it says is not so. It counts on the check’s own page."),
            },
        ),
        "comment": Look(rows=4),
        "review_on": Look(name=_("The review date")),
    }
    field_order = ["seen", "voice", "reason", "comment", "review_on"]

    def __init__(self, *args, owners=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Select why it is set aside")
        self.fields["comment"].error_messages["required"] = _("Enter why in your own words")
        self.fields["review_on"].error_messages["required"] = _("Enter the date on which it is looked at again")

    def clean_review_on(self):
        """After today, and within a year."""
        day, today = self.cleaned_data["review_on"], timezone.localdate()
        if not today < day <= a_year_on(today):
            raise ValidationError(_("The review date must be after today and within a year"))
        return day

    def values(self):
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("reason", "comment", "review_on")}


class TakeBackForm(ServiceForm):
    """Why a decision stands no longer."""

    decision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why is the decision taken back?"),
        help_text=_("The flag is then open again, and says so with your words."),
        widget=forms.Textarea,
        max_length=MOST,
    )
    design = {"reason": Look(rows=3)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Enter why it is taken back")


class CommentForm(ServiceForm):
    """A comment, and in whose name where there is a choice."""

    organisation = forms.ChoiceField(label=_("For which organisation?"), choices=(), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Your comment"),
        help_text=_("Everybody who can read the flag can read it. It cannot be changed or deleted."),
        widget=forms.Textarea,
        max_length=MOST,
    )
    design = {"words": Look(rows=4)}

    def __init__(self, *args, organisations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = {str(one.pk): one for one in organisations}
        if len(organisations) < 2:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].choices = [(pk, one.name) for pk, one in self.organisations.items()]
            self.fields["organisation"].error_messages["required"] = _("Select for which organisation")
        self.fields["words"].error_messages["required"] = _("Enter a comment")

    def speaker(self):
        """The organisation; None for an administrator."""
        picked = self.cleaned_data.get("organisation")
        return self.organisations[picked] if picked else next(iter(self.organisations.values()), None)
