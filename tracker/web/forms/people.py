"""The forms about people: details, memberships, invitations, and joining by a link."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from policies.models import MembershipRole, Organisation, User
from tracker.web.forms import lookups
from tracker.web.forms.account import LONG_ENOUGH, WORDS
from tracker.web.forms.base import ServiceForm
from tracker.web.forms.bound import Look

NONE = "none"
HINTS = {
    MembershipRole.READER: _("Reads drafts in which the organisation has a role"),
    MembershipRole.EDITOR: _("Also writes records that it leads, and answers for it"),
    MembershipRole.APPROVER: _("Also publishes, and invites readers and editors"),
}


def name_field():
    """A person's name."""
    return forms.CharField(label=_("Full name"), max_length=200)


def email_field():
    """The address by which a person signs in."""
    return forms.EmailField(
        label=_("Email address"), help_text=_("They sign in with it, and mail goes to it."), max_length=254
    )


def role_field(choices=MembershipRole.choices, label=None):
    """What a person may do."""
    return forms.ChoiceField(
        label=label or _("What may they do?"),
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what they may do")},
    )


class DetailsForm(ServiceForm):
    """Name and email address."""

    name = name_field()
    email = email_field()
    design = {"name": Look(width=20), "email": Look(width=20)}


class MembershipForm(lookups.LookupForm):
    """An organisation and a role."""

    organisation = forms.CharField(
        label=_("Which organisation?"),
        help_text=_("A name, abbreviation or code, such as DfT or Leeds."),
        max_length=200,
        error_messages={"required": _("Enter an organisation")},
    )
    role = role_field()
    lookups = {"organisation": lookups.organisations}
    standing = ("organisation",)
    design = {
        "organisation": Look(name=_("The organisation"), width=20),
        "role": Look(name=_("The role"), hints=HINTS),
    }

    def cleaned_values(self):
        """What the action takes."""
        return {name: self.cleaned_data[name] for name in ("organisation", "role")}


class RoleForm(ServiceForm):
    """Another role for an organisation, or none."""

    role = role_field([*MembershipRole.choices, (NONE, _("Nothing: they no longer act for it"))])
    design = {"role": Look(name=_("The role"), hints=HINTS)}


class WantedForm(ServiceForm):
    """What a page with only a button asks for, so that two people who press it do not undo each other."""

    wanted = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], widget=forms.HiddenInput)


class InviteForm(MembershipForm):
    """Who is invited to act for what."""

    name = name_field()
    email = email_field()
    field_order = ["name", "email", "organisation", "role"]
    design = {"name": Look(width=20), "email": Look(width=20), **MembershipForm.design}


class OwnInviteForm(ServiceForm):
    """The same for approvers: their own organisations, and readers and editors only."""

    name = name_field()
    email = email_field()
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select the organisation")},
    )
    role = role_field([choice for choice in MembershipRole.choices if choice[0] != MembershipRole.APPROVER])
    design = {
        "name": Look(width=20),
        "email": Look(width=20),
        "organisation": Look(name=_("The organisation")),
        "role": Look(name=_("The role"), hints=HINTS),
    }

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class JoinForm(ServiceForm):
    """Name and password of somebody who was invited."""

    name = name_field()
    password1 = forms.CharField(
        label=_("Password"),
        help_text=LONG_ENOUGH,
        strip=False,
        widget=forms.PasswordInput,
        max_length=4096,
    )
    password2 = forms.CharField(label=_("Password again"), strip=False, widget=forms.PasswordInput, max_length=4096)
    design = {
        "name": Look(width=20, autocomplete="name"),
        "password1": Look(autocomplete="new-password"),
        "password2": Look(autocomplete="new-password"),
    }

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        """Ask Django's password validators, in our words."""
        data = super().clean()
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The password again must be the same as the password"))
        if first:
            try:
                validate_password(first, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                for each in error.error_list:
                    words = str(WORDS.get(each.code, each.message)).replace("new password", "password")
                    self.add_error("password1", words % (each.params or {}))
        return data


class AcceptForm(ServiceForm):
    """Nothing to fill in: the account is there."""
