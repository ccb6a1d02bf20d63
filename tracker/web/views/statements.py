"""Pages that say how the service is, and where to write about it."""

from django.conf import settings
from django.views.decorators.http import require_safe

from tracker.web import kept
from tracker.web.page import page


@require_safe
def accessibility(request):
    """The accessibility statement."""
    return page(request, "statements/accessibility.html", {"address": _address()})


@require_safe
def cookies(request):
    """The cookies page: names and lifetimes as the settings have them."""
    context = {
        "session_name": settings.SESSION_COOKIE_NAME,
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
        "session_hours": settings.SESSION_ABSOLUTE_AGE // 3600,
        "csrf_name": settings.CSRF_COOKIE_NAME,
        "person_name": kept.COOKIE,
    }
    return page(request, "statements/cookies.html", context)


@require_safe
def feedback(request):
    """Where to write."""
    return page(request, "statements/feedback.html", {"address": _address()})


def _address():
    """The feedback address, and how it reads."""
    return {"href": settings.FEEDBACK_ADDRESS, "text": settings.FEEDBACK_ADDRESS.removeprefix("mailto:")}
