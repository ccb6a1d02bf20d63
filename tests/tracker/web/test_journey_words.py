"""What the journey makes of a form that is sent twice, and of titles that nobody can see."""

import re

import pytest
from django.urls import reverse

from policies.models import Initiative, Organisation
from tests.tracker.web.test_journey import send

pytestmark = [pytest.mark.usefixtures("landscape"), pytest.mark.django_db]


@pytest.fixture
def lead():
    """The key of DfT, as the form sends it."""
    return Organisation.objects.get(code="dft").pk


@pytest.fixture
def approver(person, client):
    """An approver of DfT, signed in."""
    user = person("approver", "dft")
    client.force_login(user)
    return user


@pytest.fixture
def draft(approver, client, lead):
    """A draft as the start page makes it."""
    client.post(reverse("journey_start"), {"title": "Quiet streets by 2029", "lead": lead})
    return Initiative.objects.get(title="Quiet streets by 2029")


class TestSentTwice:
    def page(self):
        return f"{reverse('journey_start')}?kind=commitment"

    def form(self, client, lead):
        text = client.get(self.page()).content.decode()
        return {
            "token": re.search(r'name="token" value="([^"]+)"', text)[1],
            "title": "Once",
            "lead": Organisation.objects.get(code="dft").pk,
        }

    def test_four_quick_posts_make_one_draft_and_lead_to_it(self, approver, client, lead):
        form = self.form(client, lead)
        answers = {client.post(self.page(), form)["Location"] for _ in range(4)}
        assert len(answers) == 1
        assert Initiative.objects.filter(title="Once").count() == 1

    def test_what_was_typed_after_going_back_makes_its_own(self, approver, client, lead):
        form = self.form(client, lead)
        first = client.post(self.page(), form)["Location"]
        assert client.post(self.page(), form | {"title": "Once more"})["Location"] != first

    def test_each_page_is_another_form(self, approver, client, lead):
        assert self.form(client, lead)["token"] != self.form(client, lead)["token"]


HIDDEN = {
    "zero width": "\u200b\u2060",
    "joiners alone": "\u200d\u200c",
    "direction turned": "abc\u202edef",
    "isolate": "abc\u2066def",
    "control": "a\x07b",
    "blank letters": "\u3164\u2800",
    "byte order mark": "\ufefftitle",
    "no-break spaces": "\u00a0\u00a0\u200b",
}
SEEN = ["Ünïcödé", "Cynllun iechyd ŵ", "健康", "שלום", "صحة", "🚲 Bikes 👩‍⚕️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "£2bn – “quoted”", "می‌خواهم"]


@pytest.mark.parametrize("title", HIDDEN.values(), ids=HIDDEN)
def test_a_title_of_hidden_characters_is_refused_with_what_to_do(draft, client, lead, title):
    answer = send(client, "words", draft, {"title": title})
    assert "no hidden characters. Type it again instead of pasting it" in answer.content.decode()
    answer = client.post(reverse("journey_start"), {"title": title, "lead": lead})
    assert "no hidden characters. Type it again instead of pasting it" in answer.content.decode()
    assert Initiative.objects.get(pk=draft.pk).title == draft.title


@pytest.mark.parametrize("title", SEEN)
def test_every_script_and_emoji_is_fine(draft, client, title):
    assert send(client, "words", draft, {"title": title, "summary": f"{title}\r\n\t{title}"}).status_code == 302
    assert Initiative.objects.get(pk=draft.pk).title == title


def test_who_writes_only_for_what_has_ended_is_told_whom_to_ask(client, person):
    client.force_login(person("editor", "dluhc"))
    answer = client.get(reverse("journey_start"))
    assert answer.status_code == 403
    assert "Ask an administrator to move you to the successor" in answer.content.decode()
