"""The forms about a fund's money: by what rules it is handed out, and where it goes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import Stage
from tracker.web.forms import lookups
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField, MoneyField
from tracker.web.forms.initiative import YES_NO, Versioned
from tracker.web.forms.lines import AllocationLines

# The sorts of measure that the register already uses; a new word may be added, so that nothing is forced.
TYPES = [
    ("economic", _("Economic")),
    ("skills", _("Skills")),
    ("transport", _("Transport")),
    ("regeneration/property", _("Regeneration or property")),
    ("deprivation", _("Deprivation")),
    ("environment", _("Environment")),
    ("social", _("Social")),
    ("health", _("Health or wellbeing")),
    ("value_for_money", _("Value for money")),
    ("deliverability", _("Whether it can be delivered")),
    ("other", _("Something else")),
]
PUBLISHED = "indicator"


class CriterionForm(lookups.LookupForm, Versioned):
    """One rule by which places, bids or people are chosen."""

    round = forms.CharField(
        label=_("Which round of the fund?"), help_text=_("For example, round 1 or 2026 to 2029."), max_length=80
    )
    stage = forms.ChoiceField(label=_("Where does it count?"), choices=Stage.choices, widget=forms.RadioSelect)
    criterion = forms.CharField(
        label=_("What is the criterion?"),
        help_text=_("In the words of the fund. For example, “Need for economic recovery and growth”."),
        max_length=250,
    )
    weight_percent = forms.DecimalField(
        label=_("How much does it weigh?"),
        help_text=_("In per cent of its round and stage. Leave empty if the weight is not published."),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    measured = forms.ChoiceField(
        label=_("What is it judged by?"),
        choices=[(PUBLISHED, _("A published indicator")), *TYPES],
        widget=forms.RadioSelect,
    )
    indicator = forms.CharField(
        label=_("Indicator"), help_text=_("A part of its name, or its code."), max_length=200, required=False
    )
    is_health = forms.ChoiceField(
        label=_("Is that a measure of health or wellbeing?"), choices=YES_NO, widget=forms.RadioSelect, required=False
    )
    notes = forms.CharField(label=_("Notes"), max_length=400, required=False)
    lookups = {"indicator": lookups.indicators}
    design = {
        "round": Look(name=_("The round"), width=20),
        "stage": Look(name=_("The stage")),
        "criterion": Look(name=_("The criterion")),
        "weight_percent": Look(name=_("The weight"), width=4, suffix="%"),
        "measured": Look(
            name=_("What it is judged by"),
            small=True,
            reveals={PUBLISHED: ("indicator",), "other": ("is_health",)},
            required_when_shown=("indicator", "is_health"),
        ),
        "is_health": Look(inline=True),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, words in (
            ("stage", _("Select where it counts")),
            ("measured", _("Select what it is judged by")),
            ("indicator", _("Enter an indicator")),
            ("is_health", _("Select yes if it measures health or wellbeing")),
        ):
            self.fields[name].error_messages["required"] = words

    @staticmethod
    def initial_from(row):
        """The answers that would make a criterion as it stands."""
        plain = ("round", "stage", "criterion", "notes")
        weight = row.weight_percent
        kept = row.measure_type in dict(TYPES) and (row.measure_type == "health") == row.is_health
        return {name: getattr(row, name) for name in plain} | {
            # As it was typed: 60, not 60.00.
            "weight_percent": None if weight is None else f"{weight.normalize():f}",
            "measured": PUBLISHED if row.indicator else row.measure_type if kept else "other",
            "indicator": row.indicator.code if row.indicator else "",
            "is_health": "yes" if row.is_health else "no",
        }

    def row(self):
        """The criterion that the answers make."""
        data = self.cleaned_data
        indicator = data["indicator"] if data["measured"] == PUBLISHED else None
        if indicator:
            kind, healthy = ("health" if indicator.is_health else "other"), indicator.is_health
        else:
            kind = data["measured"]
            healthy = data["is_health"] == "yes" if kind == "other" else kind == "health"
        plain = ("round", "stage", "criterion", "weight_percent", "notes")
        return {name: data[name] for name in plain} | {
            "measure_type": kind, "indicator": indicator, "is_health": healthy,
        }  # fmt: skip


class AllocationForm(lookups.LookupForm, Versioned):
    """Money for one place."""

    area = forms.CharField(
        label=_("Which place?"), help_text=_("A name or GSS code, such as Hartlepool or E06000001."), max_length=160
    )
    amount_gbp = MoneyField(label=_("How much?"), help_text=_("In pounds, for example 25,000,000 or 25m."), min_value=0)
    round = forms.CharField(label=_("Round"), max_length=80, required=False)
    project = forms.CharField(
        label=_("Project"), help_text=_("If a place gets money for several."), max_length=200, required=False
    )
    decided_on = DateField(label=_("When was it decided?"), help_text=_("For example, 27 10 2026."), required=False)
    lookups = {"area": lookups.places}
    design = {
        "area": Look(name=_("The place"), width=20),
        "amount_gbp": Look(name=_("The amount"), width=10),
        "round": Look(width=20),
        "decided_on": Look(name=_("The date of the decision")),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].error_messages["required"] = _("Enter a place")

    @staticmethod
    def initial_from(row):
        """The answers that would make an allocation as it stands."""
        plain = ("amount_gbp", "round", "project", "decided_on")
        return {name: getattr(row, name) for name in plain} | {"area": row.area.gss_code}

    def row(self):
        """The allocation that the answers make."""
        return {name: self.cleaned_data[name] for name in ("area", "amount_gbp", "round", "project", "decided_on")}


class PasteForm(ServiceForm, Versioned):
    """Money for many places at once."""

    lines = AllocationLines(
        label=_("Places and amounts"),
        help_text=_(
            "One a line: a name or GSS code, then the amount. For example, E06000001, 25,000,000. Two columns copied"
            " from a spreadsheet work too."
        ),
        max_length=60000,
    )
    round = forms.CharField(label=_("Round of all of them"), max_length=80, required=False)
    decided_on = DateField(label=_("When were they decided?"), help_text=_("For example, 27 10 2026."), required=False)
    design = {
        "lines": Look(name=_("The list of places and amounts"), rows=12, count=False),
        "round": Look(width=20),
        "decided_on": Look(name=_("The date of the decision")),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].error_messages["required"] = _("Enter at least one place and its amount")

    def rows(self):
        """The allocations that the lines make."""
        shared = {name: self.cleaned_data[name] for name in ("round", "decided_on")}
        return [
            {"area": area, "amount_gbp": pounds, "project": "", **shared} for area, pounds in self.cleaned_data["lines"]
        ]
