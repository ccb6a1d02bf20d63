"""The forms that connect a record with others: what it is under, what is under it, and what needs what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies import permissions
from policies.models import Initiative, Kind, Organisation
from tracker.web.forms import lookups
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import PeriodField
from tracker.web.forms.initiative import Versioned

NEEDS, NEEDED_BY = "needs", "needed_by"


class ParentForm(lookups.LookupForm, Versioned):
    """What the record is a part of."""

    parent = forms.CharField(
        label=_("Which policy or partnership is it under?"),
        help_text=_("Its reference or a part of its title. Leave empty if it stands alone."),
        max_length=275,
        required=False,
    )
    lookups = {"parent": lookups.parents}
    design = {"parent": Look(name=_("The policy or partnership"))}

    def __init__(self, *args, kind, **kwargs):
        if kind == Kind.POLICY:
            self.lookups = {"parent": lookups.umbrellas}
        super().__init__(*args, **kwargs)
        if kind == Kind.POLICY:
            self.fields["parent"].label = _("Which larger policy is it a part of?")
            self.fields["parent"].help_text = _(
                "Its reference or a part of its title. It must be a policy that stands alone. Leave empty if there is"
                " none."
            )


class BelowForm(lookups.LookupForm, Versioned):
    """A promise of the policy, as quickly as it can be put down."""

    title = forms.CharField(
        label=_("What is promised?"),
        help_text=_("In one line, with its number if it has one."),
        max_length=250,
        error_messages={"required": _("Enter what is promised")},
    )
    due = PeriodField(
        label=_("When is it due?"), help_text=_("A year, or a month and a year, is enough."), required=False
    )
    source_quote = forms.CharField(
        label=_("Words of the source"),
        help_text=_("The sentence that makes the promise. The source document is taken from the policy."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    lead = forms.ModelChoiceField(
        label=_("Which organisation leads it?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    design = {
        "title": Look(name=_("What is promised")),
        "due": Look(name=_("The due date")),
        "source_quote": Look(rows=3, count=False),
        "lead": Look(name=_("The lead organisation")),
    }

    def __init__(self, *args, leads, **kwargs):
        super().__init__(*args, **kwargs)
        if leads is None:
            del self.fields["lead"]
        else:
            self.fields["lead"].queryset = leads
            self.fields["lead"].error_messages["required"] = _("Select which organisation leads it")

    def fields_for_record(self):
        """The columns that the answers fill."""
        due = self.cleaned_data["due"]
        dated = {"due_date": due.date, "due_precision": due.precision} if due else {}
        return {name: self.cleaned_data[name] for name in ("title", "source_quote")} | dated


class DependencyForm(lookups.LookupForm, Versioned):
    """A record that this one needs, or that needs this one."""

    direction = forms.ChoiceField(
        label=_("Which needs which?"),
        choices=[
            (NEEDS, _("This record needs the other: the other must come first, or alongside")),
            (NEEDED_BY, _("The other needs this record")),
        ],
        widget=forms.RadioSelect,
    )
    other = forms.CharField(
        label=_("Which other record?"), help_text=_("Its reference or a part of its title."), max_length=275
    )
    note = forms.CharField(
        label=_("What for?"), help_text=_("For example, “the money for the first three years”."), max_length=300,
        required=False,
    )  # fmt: skip
    lookups = {"other": lookups.initiatives}
    design = {
        "direction": Look(name=_("Which needs which")),
        "other": Look(name=_("The other record")),
        "note": Look(name=_("What it is needed for")),
    }

    def __init__(self, *args, initiative, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.initiative, self.user = initiative, user
        self.fields["direction"].error_messages["required"] = _("Select which needs which")
        self.fields["other"].error_messages["required"] = _("Enter the other record’s reference or title")

    def clean(self):
        """The other is another, and what it needs is said by those who write for it."""
        data = super().clean()
        other = data.get("other")
        if not isinstance(other, Initiative):  # a text that fits several is asked about first
            return data
        if other.pk in (self.initiative.pk, self.initiative.revises_id):
            self.add_error("other", _("Enter another record: a record cannot need itself"))
        elif data.get("direction") == NEEDED_BY and not permissions.allowed(self.user, "edit", other):
            words = _("Only people who write for the lead of %(reference)s can say what it needs. Ask them to add it")
            self.add_error("other", words % {"reference": other.reference})
        return data
