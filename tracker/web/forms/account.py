"""The forms of sign-in, dressed by the design system. What they check is allauth's; the words are ours."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.web.forms.base import DesignForm
from tracker.web.forms.bound import Look

# For errors that allauth and Django's password validators raise, by their code. None says whether an account exists.
WORDS = {
    "account_inactive": _("Your account is switched off"),
    "email_password_mismatch": _("The email address or the password is not right"),
    "too_many_login_attempts": _("There were too many tries: try again in 5 minutes"),
    "enter_current_password": _("The current password is not right"),
    "password_too_short": _("The new password must be %(min_length)s characters or more"),
    "password_too_common": _("The new password is one that many people use: choose another"),
    "password_too_similar": _("The new password must be less like your name and email address"),
    "password_entirely_numeric": _("The new password must have more than numbers in it"),
}
LONG_ENOUGH = _("At least 12 characters. Three words that do not belong together are good.")


class AccountForm(DesignForm):
    """Labels of our own, no placeholders, and our words for what others raise."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
        self.reword()

    def add_error(self, field: str | None, error: Any) -> None:
        """Put our words in place of those that came, where we have some for the code."""
        if isinstance(error, ValidationError) and hasattr(error, "error_list"):
            for each in error.error_list:
                each.message = WORDS.get(each.code, each.message)
        super().add_error(field, error)


class TwiceTheSame:
    """The new password is asked for twice."""

    def clean(self) -> Any:
        """Say which field is wrong, and how."""
        cleaned = super(allauth_forms.PasswordVerificationMixin, self).clean()
        first, second = (self.cleaned_data.get(name) for name in ("password1", "password2"))
        if first and second and first != second:
            self.add_error("password2", _("The new password again must be the same as the new password"))
        return cleaned


class SignInForm(AccountForm, allauth_forms.LoginForm):
    """Email address and password; no "remember me", as sessions end after 30 idle minutes."""

    design = {"login": Look(width=20, autocomplete="username")}
    labels = {"login": _("Email address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)


class ResetPasswordForm(AccountForm, allauth_forms.ResetPasswordForm):
    """Asks where the link goes to."""

    design = {"email": Look(width=20, autocomplete="email")}
    labels = {"email": _("Email address")}


class ResetPasswordKeyForm(AccountForm, TwiceTheSame, allauth_forms.ResetPasswordKeyForm):
    """The new password, twice."""

    design = {"password1": Look(autocomplete="new-password"), "password2": Look(autocomplete="new-password")}
    labels = {"password1": _("New password"), "password2": _("New password again")}
    hints = {"password1": LONG_ENOUGH}


class ChangePasswordForm(AccountForm, TwiceTheSame, allauth_forms.ChangePasswordForm):
    """The password of now, and the new one twice."""

    design = ResetPasswordKeyForm.design
    labels = {"oldpassword": _("Current password"), **ResetPasswordKeyForm.labels}
    hints = ResetPasswordKeyForm.hints
