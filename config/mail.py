"""How mail leaves: into files on this machine, or by GOV.UK Notify. SMTP is Django's own.

Errors of either are OSErrors, as those of SMTP are, so whoever sends needs to know of no other kind.
"""

import datetime
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.filebased import EmailBackend as Files
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

SECONDS = 10  # the longest that one request to Notify may take


class MailNotTakenError(OSError):
    """The mail could not be handed over."""


class OutboxBackend(Files):
    """Writes each mail to a file that its owner alone can read: mails hold links that prove who follows them."""

    def __init__(self, *args, file_path=None, **kwargs):
        path = Path(file_path or settings.EMAIL_FILE_PATH)
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            super().__init__(*args, file_path=str(path), **kwargs)
        except (OSError, ImproperlyConfigured) as error:
            raise MailNotTakenError(f"cannot write to the outbox: {type(error).__name__}") from error

    def open(self):
        """The file of the next mails."""
        if self.stream is not None:
            return False
        name = f"{datetime.datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
        number = os.open(Path(self.file_path) / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.stream = os.fdopen(number, "ab")
        return True


class NotifyBackend(BaseEmailBackend):
    """Hands mails to GOV.UK Notify, one request a recipient.

    The template there has the subject ((subject)) and the body ((body)). Notify reads the body as its own kind of
    Markdown, in which our plain text is plain text and addresses become links.
    """

    def __init__(self, fail_silently=False, **kwargs):
        super().__init__(fail_silently=fail_silently)
        self.client = NotificationsAPIClient(settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_ADDRESS, timeout=SECONDS)

    def send_messages(self, messages):
        """How many were taken. Raises MailNotTakenError at the first that was not."""
        return sum(self._sent(message) for message in messages if message.recipients())

    def _sent(self, message):
        link = message.extra_headers.get("List-Unsubscribe", "").strip("<>")
        try:
            for address in message.recipients():
                self.client.send_email_notification(
                    email_address=address,
                    template_id=settings.NOTIFY_TEMPLATE_ID,
                    personalisation={"subject": message.subject, "body": message.body},
                    one_click_unsubscribe_url=link if link.startswith("https://") else None,
                )
        except APIError as error:
            if self.fail_silently:
                return False
            # Its words can hold the address that was written to; its number is enough to look it up there.
            raise MailNotTakenError(f"GOV.UK Notify answered {error.status_code}") from None
        return True
