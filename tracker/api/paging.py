"""Pages of a list, joined by cursors."""

import hashlib

from django.core import signing
from django.utils import timezone
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import remove_query_param, replace_query_param

from tracker.api.keyset import Order
from tracker.api.problems import ParameterError, parameter_error

CURSOR, PAGE_SIZE = "cursor", "page_size"
LARGEST = 200
LICENCE = {
    "name": "Open Government Licence v3.0",
    "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def envelope(results, *, following=None, previous=None, as_of=None):
    """What every list answers with: an object at the top, and as of when it is true."""
    return {"results": results, "next": following, "previous": previous, "as_of": as_of, "licence": LICENCE}


def instant(moment):
    """A time in UTC with Z; None stays None."""
    return moment and moment.astimezone(timezone.get_fixed_timezone(0)).isoformat().replace("+00:00", "Z")


class CursorPages(BasePagination):
    """Pages by keyset: no count, no offset, and no row twice or left out while others are written.

    A cursor holds the position of the row next to the page, signed: it fits the query that it came from, and
    nobody can make one up.
    """

    def paginate_queryset(self, queryset, request, view=None):
        """The rows of one page, with the addresses of its neighbours noted. Raises ParameterError."""
        self.request, self.view = request, view
        size = _page_size(request)
        cursor = self._read()
        order = Order(queryset, view.tie_break)
        backwards = bool(cursor and cursor["b"])
        found = order.from_position(cursor["at"] if cursor else None, backwards=backwards)
        rows = list(found[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        before = more if backwards else cursor is not None
        after = cursor is not None if backwards else more
        self.next = self._address(order.position(rows[-1]), False) if rows and after else None
        self.previous = self._address(order.position(rows[0]), True) if rows and before else None
        return rows

    def get_paginated_response(self, data):
        """The page in its envelope."""
        as_of = instant(self.view.as_of())
        return Response(envelope(data, following=self.next, previous=self.previous, as_of=as_of))

    def _salt(self):
        """What a cursor is bound to: the address and all of its parameters but those of paging."""
        asked = sorted((k, v) for k, v in self.request.query_params.lists() if k not in (CURSOR, PAGE_SIZE))
        return "tracker.api.paging:" + hashlib.sha256(repr((self.request.path, asked)).encode()).hexdigest()

    def _address(self, position, backwards):
        text = signing.dumps({"at": position, "b": backwards}, salt=self._salt(), compress=True)
        return replace_query_param(self.request.build_absolute_uri(), CURSOR, text)

    def _read(self):
        text = self.request.query_params.get(CURSOR)
        if text is None:
            return None
        try:
            return signing.loads(text, salt=self._salt())
        except signing.BadSignature as error:
            detail = (
                "cursor: take it from the next or previous link of the same list with the same parameters, or "
                f"start again at {remove_query_param(self.request.get_full_path(), CURSOR)}"
            )
            raise ParameterError([parameter_error(CURSOR, "bad_cursor", detail)]) from error

    def get_schema_operation_parameters(self, view):
        """The two parameters of paging, for the OpenAPI description."""
        return [
            {
                "name": CURSOR,
                "in": "query",
                "required": False,
                "description": "Where the page starts: part of the `next` and `previous` links.",
                "schema": {"type": "string"},
            },
            {
                "name": PAGE_SIZE,
                "in": "query",
                "required": False,
                "description": "How many results a page has at most.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST,
                    "default": api_settings.PAGE_SIZE,
                },
            },
        ]

    def get_paginated_response_schema(self, schema):
        """The envelope, for the OpenAPI description."""
        return envelope_schema(schema)


def envelope_schema(results):
    """The envelope of a list of such results, for the OpenAPI description."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["results", "next", "previous", "as_of", "licence"],
        "properties": {
            "results": results,
            "next": {**link, "description": "The page after this one; null on the last page."},
            "previous": {**link, "description": "The page before this one; null on the first page."},
            "as_of": {
                "type": ["string", "null"],
                "format": "date-time",
                "description": "When this was true. For flags, when the last scan finished; null before it.",
            },
            "licence": {
                "type": "object",
                "required": ["name", "url"],
                "properties": {"name": {"type": "string"}, "url": {"type": "string", "format": "uri"}},
                "example": LICENCE,
            },
        },
    }


def _page_size(request):
    text = request.query_params.get(PAGE_SIZE)
    if text is None:
        return api_settings.PAGE_SIZE
    # No more than ten digits are read: Python refuses to convert thousands of them.
    if text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= LARGEST:
        return int(text)
    detail = f"page_size: enter a whole number from 1 to {LARGEST}"
    raise ParameterError([parameter_error(PAGE_SIZE, "not_allowed", detail)])
