"""The forms of sign-in, dressed by the design system. What they check is allauth's."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _

from tracker.web.forms.base import DesignForm
from tracker.web.forms.bound import Look


class SignInForm(DesignForm, allauth_forms.LoginForm):
    """Email address and password; no "remember me", as sessions end after 30 idle minutes."""

    design = {"login": Look(width=20, autocomplete="username")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Email address")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.reword()


class ResetPasswordForm(DesignForm, allauth_forms.ResetPasswordForm):
    """Asks where the link goes to."""

    design = {"email": Look(width=20, autocomplete="email")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.reword()


class ResetPasswordKeyForm(DesignForm, allauth_forms.ResetPasswordKeyForm):
    """The new password, twice."""

    design = {"password1": Look(autocomplete="new-password"), "password2": Look(autocomplete="new-password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _(
            "At least 12 characters. Three words that do not belong together are good."
        )
        self.fields["password2"].label = _("New password again")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.reword()
