"""Errors as problem details (RFC 9457), for everything under /api/: never a page of HTML.

`type` is about:blank throughout, since `status` and the `code` of each entry of `errors` tell the cases apart.
"""

from http import HTTPStatus

import structlog
from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"
FAULTS = ["unknown", "not_allowed", "repeated", "bad_cursor"]

WORDS = {
    400: "The request cannot be answered as it stands.",
    401: "Sign in to read this.",
    403: "This account may not do that.",
    404: "There is nothing at this address, or nothing that you may read.",
    405: "This address can only be read: use GET or HEAD.",
    406: "The API answers in application/json. The request accepts none of that.",
    500: "Something went wrong here. The request_id finds it in our logs.",
}


class ParameterError(exceptions.APIException):
    """Query parameters that the resource does not know, or values that they cannot have."""

    status_code = 400

    def __init__(self, errors):
        super().__init__("; ".join(error["detail"] for error in errors))
        self.errors = errors


def parameter_error(parameter, code, detail, allowed=None):
    """One entry of `errors`: which parameter, what is wrong, and what it may be where that can be listed."""
    return {"parameter": parameter, "code": code, "detail": detail, "allowed": allowed}


def problem(request, status, detail="", errors=()):
    """The members of a problem."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or WORDS.get(status, HTTPStatus(status).description),
        "instance": request.path,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        "errors": list(errors),
    }


def _answer(request, status, detail="", errors=()):
    # Not the framework's Response: a problem is JSON whatever the view's own renderers make.
    members = problem(request, status, detail, errors)
    answer = JsonResponse(members, status=status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def problem_response(error, context):
    """Django REST framework's exception handler: every error of a view as a problem."""
    set_rollback()
    request = context["request"]
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return _unexpected(request)
    detail = str(error.detail) if isinstance(error, ParameterError) else ""
    answer = _answer(request, error.status_code, detail, getattr(error, "errors", ()))
    if header := getattr(error, "auth_header", None):
        answer["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        answer["Retry-After"] = str(int(wait))
    return answer


def _unexpected(request):
    """A fault of ours: in full to the log, which listens for it, and in one line to the caller."""
    got_request_exception.send(sender=None, request=request._request)
    return _answer(request, 500)


def problem_bad_request(request, exception=None):
    """400 outside the API's views: a request that Django could not accept."""
    return _answer(request, 400)


def problem_permission_denied(request, exception=None):
    """403 outside the API's views."""
    return _answer(request, 403)


@csrf_exempt
def problem_not_found(request, exception=None):
    """404 for an address below /api/ that leads nowhere, whatever the method."""
    return _answer(request, 404)


def problem_server_error(request):
    """500 outside the API's views: asks nothing of the session or the database, as they may be what failed."""
    return _answer(request, 500)
