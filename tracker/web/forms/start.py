"""The forms that a record begins with: which kind it is, and the least that each kind needs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import FORMS, Form, Kind, Organisation, Role
from tracker.web.forms import lookups
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.lines import OrganisationLines
from tracker.web.forms.once import Once


class KindForm(ServiceForm):
    """What is to be logged."""

    kind = forms.ChoiceField(label=_("What do you want to log?"), choices=Kind.choices, widget=forms.RadioSelect)
    design = {
        "kind": Look(
            name=_("What you want to log"),
            heading=True,
            hints={
                Kind.POLICY: _("A strategy, a white or green paper, a bill, a fund or a programme."),
                Kind.COMMITMENT: _(
                    "One promise, under a policy or alone. For example, “Halve rough sleeping by 2027”."
                ),
                Kind.PARTNERSHIP: _(
                    "An arrangement between national and local bodies, such as a devolution deal, a section 75"
                    " agreement or a town deal."
                ),
            },
        )
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].error_messages["required"] = _("Select what you want to log")
        self.fields["kind"].error_messages["invalid_choice"] = _("Select what you want to log from the list")


class Start(lookups.LookupForm, Once):
    """What every kind begins with. A subclass says its words, and puts its own questions between."""

    title = forms.CharField(label=_("What is its title?"), max_length=250)
    lead = forms.ModelChoiceField(
        label=_("Which organisation leads it?"),
        help_text=_("Those for which you can write."),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    design = {"title": Look(name=_("The title")), "lead": Look(name=_("The lead organisation"))}
    kind = None
    order = ("title", "form", "parent", "lead")

    def __init__(self, *args, leads, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = leads
        self.fields["lead"].error_messages["required"] = _("Select which organisation leads it")
        if "form" in self.fields:
            self.fields["form"].choices = [(form.value, form.label) for form in FORMS[self.kind]]
            self.fields["form"].error_messages["required"] = _("Select what it is")
        # The question which one is meant stays behind the field that it is about.
        self.order_fields([name for each in self.order for name in (each, f"{each}_pick")])

    def fields_for_record(self):
        """What the action takes beside the lead."""
        data = self.cleaned_data
        return {"title": data["title"], "form": data["form"], "parent": data.get("parent") or None}


class CommitmentStart(Start):
    """What a commitment begins with."""

    kind = Kind.COMMITMENT
    title = forms.CharField(
        label=_("What is promised?"),
        help_text=_(
            "In one line, with its number and date if it has them. For example, “Halve rough sleeping by 2027”."
        ),
        max_length=250,
        error_messages={"required": _("Enter what is promised")},
    )
    parent = forms.CharField(
        label=_("Which policy is it under?"),
        help_text=_("Its reference or a part of its title. Leave empty if it stands alone."),
        max_length=250,
        required=False,
    )
    lookups = {"parent": lookups.parents}
    design = Start.design | {"title": Look(name=_("What is promised")), "parent": Look(name=_("The policy"))}

    def fields_for_record(self):
        """A commitment has one form only."""
        self.cleaned_data["form"] = Form.COMMITMENT.value
        return super().fields_for_record()


class PolicyStart(Start):
    """What a policy begins with."""

    kind = Kind.POLICY
    title = forms.CharField(
        label=_("What is its title?"),
        help_text=_("As the document has it. For example, “Gear change: a bold vision for cycling and walking”."),
        max_length=250,
    )
    form = forms.ChoiceField(label=_("What is it?"), choices=(), widget=forms.RadioSelect)
    parent = forms.CharField(
        label=_("Is it a part of a larger policy?"),
        help_text=_("The larger one's reference or a part of its title. Leave empty if it stands alone."),
        max_length=250,
        required=False,
    )
    lookups = {"parent": lookups.umbrellas}
    design = Start.design | {"form": Look(name=_("What it is")), "parent": Look(name=_("The larger policy"))}


class PartnershipStart(Start):
    """What a partnership begins with; who is in it matters most."""

    kind = Kind.PARTNERSHIP
    title = forms.CharField(
        label=_("What is it called?"), help_text=_("For example, “Tees Valley devolution deal”."), max_length=250
    )
    form = forms.ChoiceField(label=_("What is it?"), choices=(), widget=forms.RadioSelect)
    members = OrganisationLines(
        label=_("Which other organisations are in it?"),
        help_text=_(
            "One a line, by name, abbreviation or code. Each is put down as a co-lead; you can change that, and add"
            " more, on the page about roles."
        ),
        max_length=8000,
        required=False,
    )
    design = Start.design | {
        "title": Look(name=_("The name")),
        "form": Look(name=_("What it is")),
        "members": Look(name=_("The list of organisations"), rows=5, count=False),
    }
    order = ("title", "form", "lead", "members")

    def clean(self):
        """The lead is not named a second time."""
        data = super().clean()
        if data.get("lead") in (data.get("members") or []):
            words = _("Remove %(name)s from the list: it is the lead") % {"name": data["lead"].name}
            self.add_error("members", words)
        return data

    def roles(self):
        """Who is in it, with the lead, for the action."""
        rows = [{"organisation": body, "role": Role.CO_LEAD.value} for body in self.cleaned_data["members"]]
        return [{"organisation": self.cleaned_data["lead"], "role": Role.LEAD.value}, *rows] if rows else []


STARTS = {form.kind: form for form in (PolicyStart, CommitmentStart, PartnershipStart)}
