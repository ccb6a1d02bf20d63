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


def test_mail_is_written_to_files_unless_a_server_is_named():
    """Printed, it would be in the log: whole mails, with links that prove who follows them."""
    assert mail()[0] == "config.mail.OutboxBackend"
    assert mail(NOTIFY_API_KEY="")[0] == "config.mail.OutboxBackend"


def test_the_key_of_notify_takes_its_place():
    assert mail(NOTIFY_API_KEY="a-key", NOTIFY_TEMPLATE_ID="b")[0] == "config.mail.NotifyBackend"


def test_a_key_without_a_template_is_told_at_the_start_without_the_key():
    with pytest.raises(subprocess.CalledProcessError) as caught:
        mail(NOTIFY_API_KEY="a-key-that-is-secret")
    assert "NOTIFY_TEMPLATE_ID" in caught.value.stderr
    assert "a-key-that-is-secret" not in caught.value.stderr


@pytest.mark.parametrize("scheme", ["smtp", "smtp+tls"])
def test_the_mail_server_of_email_url_is_the_one_that_is_used(scheme):
    found = mail(EMAIL_URL=f"{scheme}://post:secret@mail.example:587/")
    assert found == ["django.core.mail.backends.smtp.EmailBackend", "mail.example", "587", "post"]
