"""The forms about organisations: adding, changing, ending, and handing over what one held."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.models import OrganisationAlias, OrganisationKind, Sector
from tracker.web.forms import lookups
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look
from tracker.web.forms.fields import DateField, Period, PeriodField

ALL, CHOSEN, ANOTHER = "all", "chosen", "another"


class LinesField(forms.CharField):
    """Several short texts, one on each line. Cleans to a list without doubles."""

    widget = forms.Textarea

    def __init__(self, *, most, **more):
        super().__init__(**more)
        self.most = most

    def to_python(self, value):
        """The lines that say something."""
        lines = [" ".join(line.split()) for line in super().to_python(value).splitlines()]
        return list({line.lower(): line for line in reversed(lines) if line}.values())[::-1]

    def validate(self, value):
        """No line may be longer than the column."""
        super().validate(value)
        if long := next((line for line in value if len(line) > self.most), None):
            raise forms.ValidationError(
                _("“%(line)s…” must be %(most)s characters or fewer"), params={"line": long[:40], "most": self.most}
            )

    def run_validators(self, value):
        """The lines together have no other rule."""
        super().run_validators("\n".join(value))

    def prepare_value(self, value):
        """One a line."""
        return "\n".join(value) if isinstance(value, list) else value


class OrganisationForm(ServiceForm):
    """What an administrator may say of an organisation."""

    name = forms.CharField(label=_("Name"), max_length=200)
    abbreviation = forms.CharField(label=_("Abbreviation"), max_length=30, required=False)
    aliases = LinesField(
        label=_("Other names"),
        help_text=_("One on each line. A spreadsheet row may use any of them."),
        required=False,
        most=OrganisationAlias._meta.get_field("name").max_length,
        max_length=4000,
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices, widget=forms.RadioSelect)
    design = {
        "name": Look(name=_("The name")),
        "abbreviation": Look(name=_("The abbreviation"), width=10),
        "aliases": Look(name=_("The other names"), rows=4, count=False),
        "sector": Look(name=_("The sector"), inline=False),
    }


class AddForm(lookups.LookupForm, OrganisationForm):
    """A new organisation. One with a name much like it is shown first, so that none is added twice."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices, widget=forms.RadioSelect)
    active_from = DateField(label=_("When did it begin?"), required=False)
    follows = forms.CharField(
        label=_("Is it an earlier organisation under a new name?"),
        help_text=_("Enter that organisation. Reports then count the two as one. Leave empty for a new body."),
        max_length=200,
        required=False,
    )
    another = forms.BooleanField(label=_("It is none of these: add it"), required=False)
    field_order = ["name", "abbreviation", "aliases", "kind", "sector", "active_from", "follows", "another"]
    lookups = {"follows": lookups.organisations}
    design = OrganisationForm.design | {
        "kind": Look(name=_("The kind")),
        "active_from": Look(name=_("The day on which it began")),
        "follows": Look(name=_("The earlier organisation"), width=20),
        "another": Look(name=_("The box"), small=True),
    }

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        name = self._typed("name") if self.is_bound else ""
        self.similar = lookups.alike(name) if name else []
        if not self.similar:
            self.fields.pop("another")
        else:
            names = ", ".join(str(lookups._told_apart(one)) for one in self.similar)
            self.fields["another"].help_text = _("On record already: %(names)s") % {"names": names}

    def clean(self):
        """Somebody has to say that it is another one than those that are there."""
        data = super().clean()
        if self.similar and not data.get("another"):
            names = ", ".join(one.name for one in self.similar)
            words = _("Organisations with such a name are on record: %(names)s. Select the box if it is none of them")
            self.add_error("another", words % {"names": names})
        return data

    def values(self):
        """What the action takes."""
        names = ("name", "abbreviation", "aliases", "kind", "sector", "active_from")
        return {name: self.cleaned_data[name] for name in names} | {"follows": self.cleaned_data["follows"] or None}


class EditForm(OrganisationForm):
    """The same of one that is there, with the dates that are known of it."""

    active_from = PeriodField(label=_("When did it begin?"), required=False)
    active_to = PeriodField(
        label=_("When did it end?"),
        help_text=_("The first day without it. For example, 27 3 2027. Empty if it has not ended after all."),
        required=False,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    design = OrganisationForm.design | {
        "active_from": Look(name=_("The day on which it began")),
        "active_to": Look(name=_("The day on which it ended")),
    }

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        if organisation.active_to is None:
            self.fields.pop("active_to")

    @staticmethod
    def initial_of(organisation, last_seen):
        """What the form begins with."""
        return {
            "name": organisation.name,
            "abbreviation": organisation.abbreviation,
            "aliases": [alias.name for alias in organisation.aliases.all()],
            "sector": organisation.sector,
            "active_from": _period(organisation, "active_from"),
            "active_to": _period(organisation, "active_to"),
            "seen": last_seen,
        }

    def values(self):
        """What the action takes."""
        data = self.cleaned_data
        told = {name: data[name] for name in ("name", "abbreviation", "sector", "aliases")}
        for name in ("active_from", "active_to"):
            if name in data:
                told |= {
                    name: data[name].date if data[name] else None,
                    f"{name}_precision": data[name].precision if data[name] else "",
                }
        return told | {"last_seen": data["seen"]}


def _period(organisation, name):
    day = getattr(organisation, name)
    return Period(day, getattr(organisation, f"{name}_precision") or "day") if day else None


def _successor(label, help_text="", required=False):
    return forms.CharField(label=label, help_text=help_text, max_length=200, required=required)


class EndForm(lookups.LookupForm):
    """When it ended, why, and who does its work now."""

    on = DateField(label=_("On which day did it end?"), help_text=_("The first day without it. For example, 9 7 2024."))
    reason = forms.CharField(
        label=_("Why did it end?"), help_text=_("For example, the order or announcement that says so."), max_length=500
    )
    first = _successor(_("Which organisation does its work now?"), _("Leave empty if none does."))
    second = _successor(_("A second successor"))
    third = _successor(_("A third successor"))
    lookups = dict.fromkeys(("first", "second", "third"), lookups.organisations)
    standing = ("first", "second", "third")
    design = {
        "on": Look(name=_("The day on which it ended")),
        "reason": Look(name=_("The reason")),
        "first": Look(name=_("The successor"), width=20),
        "second": Look(name=_("The second successor"), width=20),
        "third": Look(name=_("The third successor"), width=20),
    }

    def successors(self):
        """Those that were named, once each."""
        named = [self.cleaned_data[name] for name in self.lookups if self.cleaned_data[name]]
        return list({one.pk: one for one in named}.values())


class SuccessorForm(lookups.LookupForm):
    """To whom: one of the successors on record, or another organisation."""

    successor = forms.ChoiceField(label=_("To which organisation?"), widget=forms.RadioSelect)
    other = forms.CharField(label=_("Which one?"), max_length=200, required=False)
    lookups = {"other": lookups.organisations}
    standing = ("other",)
    design = {
        "successor": Look(name=_("The organisation"), reveals={ANOTHER: ("other",)}, required_when_shown=("other",)),
        "other": Look(name=_("The other organisation"), width=20),
    }

    def __init__(self, *args, heirs, **kwargs):
        super().__init__(*args, **kwargs)
        self.heirs = {str(one.pk): one for one in heirs}
        field = self.fields["successor"]
        field.choices = [*((pk, one.name) for pk, one in self.heirs.items()), (ANOTHER, _("Another organisation"))]
        field.error_messages["required"] = _("Select the organisation")
        if len(heirs) == 1:
            self.initial.setdefault("successor", str(heirs[0].pk))

    def chosen(self):
        """The organisation that was picked."""
        return self.heirs.get(self.cleaned_data["successor"]) or self.cleaned_data["other"]


class HandOverForm(SuccessorForm):
    """Which records go to whom, and since when."""

    which = forms.ChoiceField(label=_("Which records?"), widget=forms.RadioSelect)
    records = forms.MultipleChoiceField(label=_("Records"), required=False, widget=forms.CheckboxSelectMultiple)
    on = DateField(label=_("Since when?"), help_text=_("The first day on which the successor held the roles."))
    field_order = ["successor", "other", "which", "records", "on"]
    design = SuccessorForm.design | {
        "which": Look(name=_("The records"), reveals={CHOSEN: ("records",)}, required_when_shown=("records",)),
        "records": Look(name=_("The records"), small=True),
        "on": Look(name=_("The day")),
    }

    def __init__(self, *args, records, total, **kwargs):
        super().__init__(*args, **kwargs)
        words = _("All %(n)s records") if total > 1 else _("The one record")
        self.fields["which"].choices = [(ALL, words % {"n": total}), (CHOSEN, _("Only those that I select"))]
        self.fields["which"].error_messages["required"] = _("Select which records")
        self.fields["records"].choices = [(str(one.pk), self._words(one)) for one in records]
        self.fields["records"].error_messages["required"] = _("Select one or more records")
        if total > len(records):
            self.fields["records"].help_text = _("The first %(n)s are shown.") % {"n": len(records)}

    @staticmethod
    def _words(record):
        roles = ", ".join(role.get_role_display() for role in record.held)
        return f"{record.title} ({record.reference}): {roles}"


class MoveForm(SuccessorForm):
    """Which people act for the successor from now on."""

    people = forms.MultipleChoiceField(label=_("Who?"), widget=forms.CheckboxSelectMultiple)
    field_order = ["successor", "other", "people"]
    design = SuccessorForm.design | {"people": Look(name=_("The people"), small=True)}

    def __init__(self, *args, memberships, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["people"]
        field.choices = [
            (str(one.user_id), f"{one.user.name} ({one.user.email}), {one.get_role_display()}") for one in memberships
        ]
        field.error_messages["required"] = _("Select one or more people")
        self.initial.setdefault("people", [value for value, _words in field.choices])
