"""What tests of pages share: records in numbers, and a page read as its reader sees it."""

import re
from html import unescape

import pytest
from django.utils import timezone

from policies.models import (
    Area,
    Capital,
    CapitalLink,
    Footprint,
    Initiative,
    Organisation,
    Outcome,
    OutcomeLink,
    Responsibility,
    Role,
    Status,
)
from tracker.models import Flag


class Page:
    """A response with what a reader would look for."""

    def __init__(self, response):
        self.response, self.html = response, response.content.decode()

    @property
    def text(self):
        """The words, without markup, spaces evened out."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.html)))

    @property
    def title(self):
        """The page title."""
        return unescape(re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)[1]).strip()

    @property
    def main(self):
        """The words of the main part."""
        inside = self.html.split('id="main-content"')[1].split("</main>")[0]
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))

    def links(self, starting=""):
        """Addresses of the main part's links, in order."""
        inside = self.html.split('id="main-content"')[1].split("</main>")[0]
        return [unescape(href) for href in re.findall(r'href="([^"]+)"', inside) if href.startswith(starting)]


@pytest.fixture
def read(client):
    """A function that gets a page and checks that it came: `read("/policies/")`."""

    def get(address, *, status=200, by=None):
        if by is not None:
            client.force_login(by)
        response = client.get(address)
        assert response.status_code == status, address
        return Page(response)

    return get


@pytest.fixture
def many(registrar_user):
    """A function that puts in so many records of a kind, each with links, roles, a place and two flags."""

    def make(number, kind="policy", prefix="MANY", parent=None):
        form = {"policy": "fund", "commitment": "commitment", "partnership": "town_deal"}[kind]
        now = timezone.now()
        first = Initiative.objects.filter(reference__startswith=f"{prefix}-").count() + 1
        made = Initiative.objects.bulk_create(
            Initiative(
                kind=kind, form=form, reference=f"{prefix}-{i:04d}", title=f"{prefix.title()} {i}", parent=parent,
                value_gbp=1000 * i, status=Status.PUBLISHED, created_by=registrar_user, published_by=registrar_user,
                published_at=now,
            )
            for i in range(first, first + number)
        )  # fmt: skip
        lead, council = (Organisation.objects.get(code=code) for code in ("dft", "local-authorities"))
        capital, outcome = Capital.objects.first(), Outcome.objects.first()
        area = Area.objects.get(gss_code="E47000001")
        CapitalLink.objects.bulk_create(CapitalLink(initiative=i, capital=capital, weight="primary") for i in made)
        OutcomeLink.objects.bulk_create(
            OutcomeLink(initiative=i, outcome=outcome, direction="improves", horizon="long") for i in made
        )
        Responsibility.objects.bulk_create(
            [Responsibility(initiative=i, organisation=lead, role=Role.LEAD) for i in made]
            + [Responsibility(initiative=i, organisation=council, role=Role.CONSULTED) for i in made]
        )
        Footprint.objects.bulk_create(Footprint(initiative=i, area=area) for i in made)
        Flag.objects.bulk_create(flag(i, code, severity) for i in made for code, severity in FLAGS)
        return made

    return make


FLAGS = (("NHS001", "high"), ("OUT006", "low"))


def flag(initiative, code="NHS001", severity="high", **more):
    """A flag about an initiative, not yet saved."""
    now = timezone.now()
    return Flag(
        **{
            "fingerprint": f"{code}:{initiative.kind}:{initiative.reference}", "check_code": code,
            "severity": severity, "subject": initiative.kind, "initiative": initiative,
            "summary": f"“{initiative.title}” is flagged.", "evidence": {"facts": [], "rows": []},
            "evidence_digest": "0" * 32, "first_seen_at": now, "changed_at": now,
        }
        | more
    )  # fmt: skip
