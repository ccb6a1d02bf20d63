"""Every form of every page: nothing sent, and each bad value in each field. It says what to do, and loses nothing.

The pages are those of docs/permissions.md; whoever can open most of them sends the forms, and all is rolled back.
"""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.db import transaction

from tests.test_permissions import ADDRESSES, cases, quiet, readers, records

__all__ = ["quiet", "readers", "records"]

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]

FORBIDDEN_WORDS = re.compile(r"\b(please|sorry|valid|invalid|forbidden|this field)\b", re.IGNORECASE)
BAD = ["", " ", "x" * 3000, "\x00", "a\x07b", "\u202eabc", "-1", "9" * 40, "31 Febuary", "<script>alert(1)</script>"]
# Pages whose form is not ours to word, or that sign one out.
APART = {"account_logout", "alive", "ready", "security-contact"}
TEXT = ("text", "email", "search", "tel", "url", None)


class Fields(HTMLParser):
    """The fields of a page's forms that are sent by POST, by name: kind and a value that was there."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.ids, self.inside, self.textarea = [], set(), None, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids.add(found["id"])
        if tag == "form":
            self.inside = {} if found.get("method", "").lower() == "post" and not found.get("action") else None
            if self.inside is not None:
                self.forms.append(self.inside)
        elif self.inside is not None and found.get("name") and tag in ("input", "textarea", "select", "button"):
            self._keep(tag, found)

    def _keep(self, tag, found):
        kind, name, value = found.get("type"), found["name"], found.get("value", "")
        if tag == "button" or kind in ("submit", "file") or name == "csrfmiddlewaretoken":
            return
        if kind in ("radio", "checkbox"):
            chosen = "checked" in found or (kind == "radio" and name not in self.inside)
            if chosen:
                self.inside[name] = ("choice", value)
            else:
                self.inside.setdefault(name, ("choice", None))
        else:
            is_text = tag == "textarea" or (tag == "input" and kind in TEXT)
            self.inside[name] = ("text" if is_text else tag if tag == "select" else kind, value)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None


def sends(client, address, data):
    with transaction.atomic():
        answer = client.post(address, data)
        transaction.set_rollback(True)
    return answer


def faults(answer, name, field, value, typed=False):
    """What is wrong with the answer to a form with a bad value, which somebody typed if it is not a choice."""
    where = f"{name}, {field}={value[:20]!r}"
    if answer.status_code not in (200, 302, 400, 403, 404, 409, 410):
        return [f"{where}: {answer.status_code}"]
    if answer.status_code != 200:
        return []
    html = answer.content.decode()
    found, main = [], html.split('id="main-content"')[-1].split("</main>")[0]
    if "<script>alert(1)" in main:
        found.append(f"{where}: markup comes back as markup")
    summary = re.search(r'<div class="govuk-error-summary".*?</ul>', html, re.DOTALL)
    if summary:
        ids = Fields(html).ids
        for target in re.findall(r'href="#([^"]+)"', summary[0]):
            if target not in ids:
                found.append(f"{where}: an error leads to #{target}, which is nowhere")
        words = unescape(re.sub(r"<[^>]+>", " ", summary[0]))
        if FORBIDDEN_WORDS.search(words):
            found.append(f"{where}: says {FORBIDDEN_WORDS.search(words)[0]!r}")
        if typed and value in ("-1", "31 Febuary") and f'value="{value}"' not in html and f">{value}<" not in html:
            found.append(f"{where}: what was typed is gone")
    return found


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name not in APART and not name.startswith("api-")])
def test_every_form_says_what_to_do_and_loses_nothing(client, records, readers, name):
    client.force_login(readers["administrator"])
    found = []
    for _about, address in cases(name, ADDRESSES[name], records, readers):
        page = client.get(address)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        for form in Fields(page.content.decode()).forms:
            good = {field: value for field, (_kind, value) in form.items() if value is not None}
            found += faults(sends(client, address, {}), name, "nothing", "")
            for field, (kind, _value) in form.items():
                for value in BAD if kind == "text" else BAD[3:4] + BAD[6:7]:
                    answer = sends(client, address, good | {field: value})
                    found += faults(answer, name, field, value, typed=kind == "text")
        break
    assert found == []
