"""Entity tags: a caller that has the current answer of an address is told so in a few bytes (304).

The tag stands for what the answer says and for nothing else. One that stood for the state of the whole register
would be cheaper, but would change when somebody saves a draft, and so tell everybody that one was saved.
"""

import hashlib

from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer

# When it was asked, and links that are signed anew each time: whether there is one is part of what is said.
PASSING = {"as_of": False, "next": True, "previous": True}


def etag(request, data):
    """The tag of a public answer at this address. `data` is what is to be rendered."""
    said = data
    if isinstance(data, dict) and "results" in data:
        said = {key: value for key, value in data.items() if key not in PASSING}
        said |= {key: bool(data.get(key)) for key, counts in PASSING.items() if counts}
    parts = request.build_absolute_uri().encode() + b"\n" + JSONRenderer().render(said)
    return f'W/"{hashlib.sha256(parts).hexdigest()[:32]}"'


def knows(request, tag):
    """Whether the caller already has the answer of this tag. A bare * is no tag and gets an answer."""
    return tag in parse_etags(request.headers.get("If-None-Match", ""))
