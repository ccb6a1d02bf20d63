"""How tests send the pages of the journey: with the version that the record has now."""

import re
from html import unescape

from django.urls import reverse

FORBIDDEN_WORDS = re.compile(r"\b(please|sorry|valid|invalid|forbidden|this field)\b", re.IGNORECASE)


def address(name, record, **more):
    """The address of a page of the journey."""
    return reverse(f"journey_{name}", kwargs={"reference": record.reference, **more})


def send(client, name, record, data, *, query="", **more):
    """Post a page's answers."""
    record.refresh_from_db()
    return client.post(address(name, record, **more) + query, {"version": record.version, **data})


def words(response):
    """The words of a page, without markup, spaces evened out."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def complaints(response):
    """The lines of the error summary, each of which must lead to a field that says the same."""
    assert response.status_code == 200
    text = response.content.decode()
    assert re.search(r"<title>\s*Error: ", text)
    summary = text[text.index("There is a problem") : text.index("<h1")] if "<h1" in text else text
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    found = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert found
    for target, message in found:
        assert target in ids, "every line of the summary leads to a field"
        assert not FORBIDDEN_WORDS.search(unescape(message)), message
        assert text.count(message) >= 2, "the field says the same words as the summary"
    return [unescape(message) for _target, message in found]
