"""What all resources have in common: reading only, conditions, caching, and the addresses of their records."""

from django.utils import timezone
from rest_framework import viewsets
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response

from tracker.api import validators
from tracker.api.addresses import Addresses


class ReadOnly:
    """Mixed into every view of the API: GET and HEAD only, and how long an answer may be kept."""

    http_method_names = ["get", "head"]

    def initial(self, request, *args, **kwargs):
        """Other methods are refused before anything else is asked, so that they get one answer from all."""
        if request.method.lower() not in self.http_method_names:
            raise MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request, response, *args, **kwargs):
        """Public answers may be kept but are asked for again; what somebody saw signed in is not kept."""
        response = super().finalize_response(request, response, *args, **kwargs)
        kept = response.status_code in (200, 304) and not _signed_in(request)
        response["Cache-Control"] = "no-cache" if kept else "no-store"
        return response

    def if_changed(self, give):
        """The answer of `give`, or 304 to a caller that has it. What is shown signed in has no tag."""
        response = give()
        if _signed_in(self.request):
            return response
        tag = validators.etag(self.request, response.data)
        if validators.knows(self.request, tag):
            response = Response(status=304)
        response["ETag"] = tag
        return response


class Collection(ReadOnly):
    """A list of records, in pages."""

    tie_break = "pk"

    def list(self, request, *args, **kwargs):
        """A page of the collection."""
        return self.if_changed(lambda: super(Collection, self).list(request, *args, **kwargs))

    def as_of(self):
        """When the list was true."""
        return timezone.now()

    def get_serializer_context(self):
        """Serializers also get the addresses that they write."""
        return {**super().get_serializer_context(), "addresses": Addresses(self.request)}


class Resource(Collection, viewsets.ReadOnlyModelViewSet):
    """A collection of records, and each of them by its public code."""

    lookup_value_regex = r"[^/\x00]+"  # PostgreSQL's text holds no NUL: such an address leads nowhere

    def retrieve(self, request, *args, **kwargs):
        """One record."""
        return self.if_changed(lambda: super(Resource, self).retrieve(request, *args, **kwargs))


def _signed_in(request):
    user = getattr(request, "_user", None)
    return bool(user and user.is_authenticated)
