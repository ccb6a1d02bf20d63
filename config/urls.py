"""Every address of the service, and what answers when none fits or something breaks."""

from django.urls import include, path

from tracker.api import problems
from tracker.web import errors, tables
from tracker.web.views import health

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path(".well-known/security.txt", health.security_contact, name="security-contact"),
    path("api/v1/", include("tracker.api.urls")),
    path("django-admin/", tables.site.urls),
    path("", include("tracker.web.urls")),
]


def bad_request(request, exception=None):
    """400: problem details for machines, a page for people."""
    if request.path.startswith("/api/"):
        return problems.problem_bad_request(request, exception)
    return errors.bad_request(request, exception)


def permission_denied(request, exception=None):
    """403: problem details for machines, a page for people."""
    if request.path.startswith("/api/"):
        return problems.problem_permission_denied(request, exception)
    return errors.permission_denied(request, exception)


def not_found(request, exception=None):
    """404: problem details for machines, a page for people."""
    if request.path.startswith("/api/"):
        return problems.problem_not_found(request, exception)
    return errors.not_found(request, exception)


def server_error(request):
    """500: problem details for machines, a page for people."""
    if request.path.startswith("/api/"):
        return problems.problem_server_error(request)
    return errors.server_error(request)


handler400 = bad_request
handler403 = permission_denied
handler404 = not_found
handler500 = server_error
