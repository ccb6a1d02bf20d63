"""Signing in: nobody opens an account for themselves, and no session lasts longer than a working day."""

import time
from smtplib import SMTPException

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.utils.cache import add_never_cache_headers

from tracker.web import kept

STARTED = "signed_in_at"

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, because what a person may do follows from the organisation."""

    def send_mail(self, template_prefix, email, context):
        """Send, and if the mail server refuses, say so in the log: a page tells nobody whether an address is known."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.exception("mail_not_sent", kind=template_prefix)

    def is_open_for_signup(self, request):
        """Never."""
        return False


class SignedInMiddleware:
    """Ends sessions that are too old, however busy, and keeps signed-in pages out of every cache.

    What was typed when a session had ended is kept until its owner has signed in again: see `tracker.web.kept`.

    `SESSION_COOKIE_AGE` ends a session that nobody uses; `SESSION_ABSOLUTE_AGE` ends every other, in seconds
    after the sign-in. Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and self._too_old(request.session):
            logout(request)
            if request.method == "POST":
                kept.keep(request)
            response = redirect_to_login(request.get_full_path())
            add_never_cache_headers(response)
            return response
        if request.user.is_authenticated:
            kept.settle(request)
        response = self.get_response(request)
        if kept.turned_away(request, response):
            kept.keep(request)
        if request.user.is_authenticated:
            kept.mark(request, response)
            add_never_cache_headers(response)  # no-store is among them
        return response

    @staticmethod
    def _too_old(session):
        return time.time() - session.setdefault(STARTED, time.time()) > settings.SESSION_ABSOLUTE_AGE
