"""Settings as a process of its own reads them, since the tests set some of their own."""

import os
import subprocess
import sys

import pytest

from config.embedded.paths import PROJECT

ASK = "from django.conf import settings as s; print(s.EMAIL_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER)"


def mail(**variables):
    """Backend, host, port and user of mail, under these variables."""
    inherited = {name: value for name, value in os.environ.items() if name != "EMAIL_URL"}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=PROJECT,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "config.settings", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.split()


def test_mail_is_printed_unless_a_server_is_named():
    assert mail()[0] == "django.core.mail.backends.console.EmailBackend"


@pytest.mark.parametrize("scheme", ["smtp", "smtp+tls"])
def test_the_mail_server_of_email_url_is_the_one_that_is_used(scheme):
    found = mail(EMAIL_URL=f"{scheme}://post:secret@mail.example:587/")
    assert found == ["django.core.mail.backends.smtp.EmailBackend", "mail.example", "587", "post"]
