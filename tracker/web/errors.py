"""The pages for requests that fail. config.urls and CSRF_FAILURE_VIEW name these."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from structlog.contextvars import get_contextvars

from tracker.web import kept
from tracker.web.stepping import Step


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return HttpResponse(render_to_string("errors/400.html", {}, request), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the text of the exception, when it has one, says what is missing."""
    return HttpResponse(render_to_string("errors/403.html", {"reason": str(exception or "")}, request), status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for what this user may not know of."""
    return HttpResponse(render_to_string("errors/404.html", {}, request), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of the session or the database, as they may be what failed."""
    request_id = get_contextvars().get("request_id", "")
    return HttpResponse(render_to_string("errors/500.html", {"request_id": request_id}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: says what to do, not what a token is.

    A page that was open while somebody signed in again has an old token: what was typed on it is shown anew.
    """
    if issubclass(getattr(request.resolver_match.func, "view_class", object), Step) and kept.is_ours(request):
        kept.keep(request)
        return redirect(request.get_full_path())
    context: dict[str, Any] = {}
    return HttpResponse(render_to_string("errors/csrf.html", context, request), status=403)
