"""Mail that people of the service send to others by a page."""

from smtplib import SMTPException

import structlog
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

log = structlog.get_logger(__name__)


def send_invitation(request, invitation, token):
    """Send the link of an invitation; says whether the mail server took it."""
    context = {"invitation": invitation, "link": request.build_absolute_uri(reverse("join", args=[token]))}
    subject, message = (
        render_to_string(f"administration/email/invitation_{part}.txt", context).strip()
        for part in ("subject", "message")
    )
    try:
        send_mail(" ".join(subject.split()), message, None, [invitation.email])
    except (OSError, SMTPException):
        log.exception("mail_not_sent", kind="invitation")
        return False
    return True
