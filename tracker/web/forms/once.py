"""Forms that make a record: sent twice by a double click or a slow network, they make one."""

import hashlib
import secrets

from django import forms


class Once(forms.Form):
    """Carries a number of its own, so that the same form with the same answers is known again."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = secrets.token_hex(16)

    def submission(self):
        """What tells this form with these answers from any other; empty when the form has lost its number.

        Other answers make another submission, so that what somebody typed after going back is not lost.
        """
        token = self.data.get("token", "")
        sent = sorted((name, self.data.getlist(name)) for name in self.data if name != "csrfmiddlewaretoken")
        return hashlib.sha256(repr(sent).encode()).hexdigest() if token else ""
