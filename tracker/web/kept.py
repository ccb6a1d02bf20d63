"""What somebody typed when their session had ended: kept until they have signed in again, then shown in its form.

Nothing kept is ever saved by itself. It is shown at the address that it was sent to, and only to the person whose
page it was: the browser carries a keyed digest of who was last signed in, since the ended session can no longer
say. If somebody else signs in, or nobody was known, it is dropped: words typed for one account must not turn up
in another. Passwords, files and forgery tokens are never kept.
"""

import time

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import QueryDict
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

KEY = "kept_answers"
COOKIE = f"{'__Host-' if settings.SESSION_COOKIE_SECURE else ''}person"
SALT = "tracker.web.kept"
MOST_CHARACTERS = 100_000
MOST_NAMES = 300
LONGEST = 60 * 60  # seconds
NEVER = ("csrfmiddlewaretoken", "password")


def digest(user):
    """Who somebody is, in a way that says nothing to others."""
    return salted_hmac(SALT, str(user.pk), algorithm="sha256").hexdigest()


def mark(request, response):
    """Let the browser remember who was last signed in, until it is closed."""
    value = signing.Signer(salt=SALT).sign(digest(request.user))
    if request.COOKIES.get(COOKIE) != value:
        response.set_cookie(COOKIE, value, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


def _marked(request):
    try:
        return signing.Signer(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return ""


def turned_away(request, response):
    """Whether answers came and were answered with the way to the sign-in."""
    return (
        request.method == "POST"
        and response.status_code == 302
        and response.get("Location", "").startswith(f"{resolve_url(settings.LOGIN_URL)}?")
        and not request.path.startswith(resolve_url(settings.LOGIN_URL).removesuffix("login/"))
    )


def is_ours(request):
    """Whether answers were sent by a page of this service, as the browser itself says, and can be kept."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}" and _fits(request)


def keep(request):
    """Put what was sent aside, if it is known whose it is and it is no more than a form of ours can hold."""
    if _fits(request):
        request.session[KEY] = {
            "owner": _marked(request),
            "address": request.get_full_path(),
            "pairs": _pairs(request),
            "at": time.time(),
        }


def _pairs(request):
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in NEVER)
        for value in values
    ]


def _fits(request):
    pairs = _pairs(request)
    size = sum(len(name) + len(value) for name, value in pairs)
    return bool(_marked(request)) and len(pairs) <= MOST_NAMES and size <= MOST_CHARACTERS


def settle(request):
    """Drop what is kept for somebody else, or for too long."""
    held = request.session.get(KEY)
    if held and (not constant_time_compare(held["owner"], digest(request.user)) or time.time() - held["at"] > LONGEST):
        del request.session[KEY]


def kept(request):
    """What was typed for this address before the sign-in, with a notice that says so; None when there is nothing."""
    held = request.session.get(KEY)
    if not held or held["address"] != request.get_full_path():
        return None
    data = QueryDict(mutable=True)
    for name, value in held["pairs"]:
        data.appendlist(name, value)
    messages.warning(request, _("You were signed out. Check what you typed and save again."))
    return data


def typed(request):
    """What a form is filled from: what is sent now, else what was kept, else None."""
    if request.method != "POST":
        return kept(request)
    if request.session.get(KEY, {}).get("address") == request.get_full_path():
        del request.session[KEY]
    return request.POST


def fills(form, data):
    """Whether there is an answer to one of the form's questions among what was typed."""
    names = [bound.name for bound in form.visible_fields()]
    return any(key == name or key.startswith(f"{name}-") for key in data for name in names)
