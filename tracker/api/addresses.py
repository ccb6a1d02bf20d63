"""Where a record is: its address in the API, and its page for people."""

from functools import cached_property
from urllib.parse import quote

from django.urls import reverse

from policies.models import Kind

COLLECTIONS = {Kind.POLICY: "policies", Kind.COMMITMENT: "commitments", Kind.PARTNERSHIP: "partnerships"}


class Addresses:
    """Full addresses for one request, so that they name the host that the caller uses."""

    def __init__(self, request):
        self._request = request

    @cached_property
    def site(self):
        """Scheme and host, without a slash at the end."""
        return self._request.build_absolute_uri("/")[:-1]

    @cached_property
    def root(self):
        """The address under which all collections lie, with a slash at the end."""
        return self.site + reverse("api-root")

    def record(self, collection, code):
        """A record's address in the API."""
        return f"{self.root}{collection}/{quote(code, safe=':')}"

    def initiative(self, initiative):
        """The address of a policy, commitment or partnership in the API."""
        return self.record(COLLECTIONS[initiative.kind], initiative.reference)

    def page(self, name, **keys):
        """A record's page for people."""
        return self.site + reverse(name, kwargs=keys)
