"""The forms of the journey that logs an initiative: each parses one page's answers; none writes."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from policies.models import (
    FORMS,
    CapitalWeight,
    Direction,
    Horizon,
    Kind,
    Role,
)
from tracker.web.forms import lookups
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField, MoneyField, Period, PeriodField

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class WebAddressField(forms.URLField):
    """An address that a browser opens as a page. Others, such as ftp://, the register does not keep."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class Versioned(forms.Form):
    """Carries the version of the record that the page was made from, so that nobody is overwritten unseen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class WordsForm(ServiceForm, Versioned):
    """What it says, and where that is written."""

    title = forms.CharField(label=_("Title"), max_length=250)
    form = forms.ChoiceField(label=_("What is it?"), choices=())
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("What will be done, for whom, in two or three sentences."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    source_title = forms.CharField(
        label=_("Source document"), help_text=_("Its title, and the page."), max_length=300, required=False
    )
    source_url = WebAddressField(
        label=_("Address of the source"),
        help_text=_("For example, https://www.gov.uk/government/publications/"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    source_quote = forms.CharField(
        label=_("Words of the source"),
        help_text=_("The sentence that makes the promise, as it stands there."),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
    )
    design = {"source_quote": Look(rows=4), "summary": Look(rows=5)}

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        if kind == Kind.COMMITMENT:
            del self.fields["form"]
        else:
            self.fields["form"].choices = [(form.value, form.label) for form in FORMS[kind]]


class DatesForm(ServiceForm, Versioned):
    """When, and how much money. A commitment has a due date, the others a start and an end.

    A partnership is also reviewed, and has health in its scope or not.
    """

    due = PeriodField(
        label=_("When is it due?"),
        help_text=_("For example, 27 3 2027. A year, or a month and a year, is enough if the day is not known."),
        required=False,
    )
    start = PeriodField(label=_("When did or does it start?"), help_text=_("For example, 27 3 2026."), required=False)
    end = PeriodField(label=_("When does it end?"), help_text=_("For example, 31 3 2029."), required=False)
    value_gbp = MoneyField(
        label=_("How much money is it worth?"),
        help_text=_(
            "In pounds, for example 4,800,000 or 4.8m. Leave empty if its policy carries the money, so that it"
            " counts once."
        ),
        required=False,
        min_value=0,
    )
    price_year = forms.IntegerField(
        label=_("In the prices of which year?"),
        help_text=_("For example, 2026. Leave empty if the source does not say."),
        required=False,
        min_value=1990,
        max_value=2100,
    )
    value_note = forms.CharField(label=_("Anything to say about the amount"), max_length=300, required=False)
    review_date = DateField(
        label=_("When is it to be reviewed?"), help_text=_("For example, 27 3 2028."), required=False
    )
    health_in_scope = forms.ChoiceField(
        label=_("Is health in its scope?"),
        help_text=_("Whether the agreement itself gives the partners something to do about health."),
        choices=[*YES_NO, ("", _("Not known"))],
        widget=forms.RadioSelect,
        required=False,
    )
    design = {
        "due": Look(name=_("The due date")),
        "start": Look(name=_("The start date")),
        "end": Look(name=_("The end date")),
        "value_gbp": Look(name=_("The amount of money"), prefix="£", width=10),
        "price_year": Look(name=_("The price year"), width=4),
        "review_date": Look(name=_("The review date")),
        "health_in_scope": Look(name=_("Yes, no or not known")),
    }
    only = {
        "due": Kind.COMMITMENT,
        "review_date": Kind.PARTNERSHIP,
        "health_in_scope": Kind.PARTNERSHIP,
    }

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        absent = {name for name, its_kind in self.only.items() if its_kind != kind}
        for name in absent | ({"start", "end"} if kind == Kind.COMMITMENT else set()):
            del self.fields[name]
        if kind == Kind.PARTNERSHIP:
            self.fields["start"].label = _("When was or will it be agreed?")
            self.order_fields(["start", "end", "review_date", "health_in_scope"])

    def clean(self):
        """The end is not before the start."""
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"].date < data["start"].date:
            self.add_error("end", _("The end date must be the same as or after the start date"))
        if data.get("price_year") and "value_gbp" not in self.errors and data.get("value_gbp") is None:
            self.add_error("price_year", _("Enter the amount of money that the price year is about"))
        return data

    @staticmethod
    def initial_from(initiative):
        """The dates of a record as periods."""
        found = {}
        for name in ("due", "start", "end"):
            date = getattr(initiative, f"{name}_date")
            found[name] = Period(date, getattr(initiative, f"{name}_precision")) if date else None
        scope = {True: "yes", False: "no", None: ""}[initiative.health_in_scope]
        plain = ("value_gbp", "value_note", "price_year", "review_date")
        return found | {name: getattr(initiative, name) for name in plain} | {"health_in_scope": scope}

    def fields_for_record(self):
        """The columns that the answers fill."""
        plain = ("value_gbp", "value_note", "price_year", "review_date")
        data = {name: self.cleaned_data[name] for name in plain if name in self.fields}
        if "health_in_scope" in self.fields:
            data["health_in_scope"] = {"yes": True, "no": False}.get(self.cleaned_data["health_in_scope"])
        for name in ("due", "start", "end"):
            if name in self.fields:
                period = self.cleaned_data[name]
                data[f"{name}_date"] = period.date if period else None
                data[f"{name}_precision"] = period.precision if period else ""
        return data


class PlaceForm(lookups.LookupForm, Versioned):
    """A place to add."""

    place = forms.CharField(
        label=_("Add a place"),
        help_text=_("A name or GSS code, such as Hartlepool, Greater Manchester or E92000001 (England)."),
        max_length=160,
    )
    lookups = {"place": lookups.places}
    design = {"place": Look(name=_("The place"), width=20)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].error_messages["required"] = _("Enter a place")


def with_proposals(hints, proposed):
    """The hints of choices; those that the plain answers propose (reasons by code) say so, and why."""
    words = _("Proposed by your answers: %(reasons)s")
    return {
        code: f"{hint} {words % {'reasons': ' '.join(str(each) for each in proposed[code])}}".strip()
        if code in proposed
        else hint
        for code, hint in hints.items()
    }


class CapitalsForm(ServiceForm, Versioned):
    """The capital that it mainly builds, and the others that it adds to."""

    primary = forms.ChoiceField(label=_("Which capital does it mainly build?"), widget=forms.RadioSelect)
    secondary = forms.MultipleChoiceField(
        label=_("Which others does it add to?"),
        help_text=_("Select all that apply, or none."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    rationale = forms.CharField(
        label=_("Why?"),
        help_text=_("One sentence. Your reading is enough: it is shown as a judgement."),
        widget=forms.Textarea,
        max_length=500,
        required=False,
    )

    def __init__(self, *args, capitals, proposed=(), **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(capital.code, capital.name) for capital in capitals]
        self.fields["primary"].choices = self.fields["secondary"].choices = choices
        self.fields["primary"].error_messages["required"] = _("Select the capital that it mainly builds")
        hints = {capital.code: capital.definition for capital in capitals}
        marked = with_proposals(dict.fromkeys(proposed, ""), proposed)
        self.design = {
            "primary": Look(name=_("The main capital"), hints=with_proposals(hints, proposed), label_size="m"),
            "secondary": Look(name=_("The other capitals"), hints=marked, label_size="m"),
            "rationale": Look(rows=3),
        }

    def clean(self):
        """One capital is not both the main one and another."""
        data = super().clean()
        if data.get("primary") in (data.get("secondary") or []):
            self.add_error("secondary", _("Select only capitals other than the main one"))
        return data

    def rows(self, capitals):
        """The links that the answers make; the reason stands with the main one."""
        chosen = [(self.cleaned_data["primary"], CapitalWeight.PRIMARY)]
        chosen += [(code, CapitalWeight.SECONDARY) for code in self.cleaned_data["secondary"]]
        rows = [{"capital": capitals[code], "weight": weight.value} for code, weight in chosen]
        rows[0]["rationale"] = self.cleaned_data["rationale"]
        return rows


class OutcomesForm(ServiceForm, Versioned):
    """Which outcomes it moves; what it does to each is asked on the next pages."""

    outcomes = forms.MultipleChoiceField(
        label=_("Which of these should change because of it?"),
        help_text=_("For better or worse, soon or late. Select all that apply, or none."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, outcomes, proposed=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].choices = [(outcome.code, outcome.name) for outcome in outcomes]
        hints = {each.code: each.definition for each in outcomes}
        self.design = {"outcomes": Look(name=_("The outcomes"), hints=with_proposals(hints, proposed))}


class OutcomeForm(ServiceForm, Versioned):
    """What it does to one outcome."""

    direction = forms.ChoiceField(
        label=_("Which way should it go?"), choices=Direction.choices, widget=forms.RadioSelect
    )
    mitigation = forms.CharField(
        label=_("How is the harm limited?"), widget=forms.Textarea, max_length=1000, required=False
    )
    horizon = forms.ChoiceField(label=_("When would it show?"), choices=Horizon.choices, widget=forms.RadioSelect)
    pathway = forms.CharField(
        label=_("How does it work?"),
        help_text=_("From what is done to what changes, in one sentence."),
        widget=forms.Textarea,
        max_length=1000,
        required=False,
    )
    stated = forms.ChoiceField(
        label=_("Does its own text say so?"),
        help_text=_("“No” if this is your reading of it."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    design = {
        "direction": Look(
            name=_("The direction"),
            hints={"mixed": _("Better for some and worse for others, or both at once.")},
            reveals={"worsens": ("mitigation",), "mixed": ()},
        ),
        "horizon": Look(name=_("The time"), hints={"short": _("Within about five years.")}),
        "pathway": Look(rows=3),
        "mitigation": Look(rows=3),
        "stated": Look(inline=True),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["direction"].error_messages["required"] = _("Select which way it should go")
        self.fields["horizon"].error_messages["required"] = _("Select when it would show")
        self.fields["stated"].error_messages["required"] = _("Select yes if its own text says so")


class RoleForm(lookups.LookupForm, Versioned):
    """A role to add. The lead is not changed here."""

    organisation = forms.CharField(
        label=_("Which organisation?"),
        help_text=_("A name, abbreviation or code, such as DfT, NHS bodies, Leeds or QWO."),
        max_length=200,
    )
    role = forms.ChoiceField(
        label=_("What does it do?"),
        choices=[choice for choice in Role.choices if choice[0] != Role.LEAD],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    lookups = {"organisation": lookups.organisations}
    standing = ("organisation",)
    design = {
        "organisation": Look(name=_("The organisation"), width=20),
        "role": Look(
            name=_("The role"),
            hints={
                Role.CO_LEAD: _("Answers for it together with the lead"),
                Role.ACCOUNTABLE: _("Answers for it by law or to Parliament"),
                Role.DELIVERY: _("Does the work, or part of it"),
                Role.SUPPORTING: _("Helps, and has a say"),
                Role.FUNDER: _("Gives money"),
                Role.BIDDER: _("Competes for money"),
                Role.RECIPIENT: _("Receives money or services"),
                Role.CONSULTED: _("Was or will be asked"),
            },
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].error_messages["required"] = _("Enter an organisation")
        self.fields["role"].error_messages["required"] = _("Select what the organisation does")

    def row(self):
        """The role that the answers make."""
        return {name: self.cleaned_data[name] for name in ("organisation", "role", "note")}


class VersionForm(ServiceForm, Versioned):
    """A page whose only answer is its button."""
