"""Who may read at all. Which records a reader sees is a condition in SQL: `visible_to(user)`."""

from django.conf import settings
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission


class SessionSignIn(SessionAuthentication):
    """The sign-in of the pages serves the API too; naming a scheme makes a missing one 401 and not 403."""

    def authenticate_header(self, request):
        """What a 401 answer says in WWW-Authenticate."""
        return 'Session realm="Policy alignment tracker"'


class ReadPublished(BasePermission):
    """Published data need no sign-in, unless PUBLIC_READING is off."""

    def has_permission(self, request, view):
        """Whether the request may read anything."""
        return settings.PUBLIC_READING or bool(request.user and request.user.is_authenticated)
