"""Where a thing's own page is, and where the rows behind a number are."""

from urllib.parse import urlencode

from django.urls import reverse

from policies.models import Kind

LISTS = {Kind.POLICY: "policies", Kind.COMMITMENT: "commitments", Kind.PARTNERSHIP: "partnerships"}


def record(initiative):
    """The page of a policy, commitment or partnership."""
    return address(initiative.kind, initiative.reference)


def address(kind, reference):
    """The same, of one that is only named."""
    return reverse(kind, kwargs={"reference": reference})


def rows(name, **filters):
    """A list narrowed by filters: a value that is a list is given once for each member, None is left out."""
    wanted = {key: _plain(value) for key, value in filters.items() if value is not None and value != ""}
    query = urlencode(wanted, doseq=True)
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _plain(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else str(value)


def flag(flag):
    """The page of a flag."""
    return reverse("flag", kwargs={"fingerprint": flag.fingerprint})


def check(code):
    """The page of a check."""
    return reverse("check", kwargs={"code": code})
