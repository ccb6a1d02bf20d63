"""Entity tags: 304 while nothing has changed, never after something has, and nothing kept of what needs a sign-in."""

import pytest

from policies.actions import revisions
from policies.models import Initiative, Outcome
from tests.policies import factories
from tests.tracker.actions.test_scans import settled_scan
from tests.tracker.api.conftest import LISTS, RECORDS, Reader
from tracker.models import Flag

PATHS = ["", *LISTS, *(f"{collection}/{code}" for collection, code in RECORDS.items()), "policies?sort=title"]


def tag(read, path="policies"):
    """The tag of an answer."""
    return read(f"/api/v1/{path}")["ETag"]


class TestUnchanged:
    @pytest.mark.parametrize("path", PATHS)
    def test_the_tag_gets_304_and_no_body(self, read, path):
        first = read(f"/api/v1/{path}")
        assert first["Cache-Control"] == "no-cache"
        assert "Cookie" in first["Vary"]
        second = read(f"/api/v1/{path}", **{"If-None-Match": first["ETag"]})
        assert (second.status_code, second.content) == (304, b"")
        assert second["ETag"] == first["ETag"]

    @pytest.mark.parametrize("given", ['W/"other"', '"x", "y"', "*", "nonsense", ""])
    def test_another_tag_gets_the_answer(self, read, given):
        assert read("policies", **{"If-None-Match": given}).status_code == 200

    def test_one_of_several_tags_is_enough(self, read):
        assert read("policies", **{"If-None-Match": f'"x", {tag(read)}'}).status_code == 304

    def test_each_address_has_its_own(self, read):
        assert len({tag(read, path) for path in PATHS}) == len(PATHS)


class TestChanged:
    @pytest.mark.parametrize(
        ("path", "write"),
        [
            ("policies", lambda: factories.policy(status="published", reference="AAA-0001")),
            ("policies", lambda: Initiative.objects.filter(reference="MHCLG-0001").update(title="Another")),
            ("policies/MHCLG-0001", lambda: Initiative.objects.filter(reference="MHCLG-0001").update(title="B")),
            ("policies/MHCLG-0001", lambda: policy().responsibilities.exclude(role="lead").delete()),
            ("policies/MHCLG-0001", lambda: factories.outcome_link(initiative=policy())),
            ("areas", lambda: factories.area(gss_code="E00000001")),
            ("outcomes", lambda: factories.outcome()),
            ("flags/NHS001:policy:MHCLG-0001", lambda: Flag.objects.filter(check_code="NHS001").update(summary="S")),
            ("checks", lambda: Flag.objects.filter(check_code="NHS001").delete()),
            ("scans", lambda: factories.scan()),
        ],
    )
    def test_another_answer_has_another_tag(self, read, path, write):
        before = tag(read, path)
        write()
        assert tag(read, path) != before

    def test_a_page_that_follows_makes_another_tag(self, read):
        before = tag(read, "capitals?page_size=4")
        factories.capital()
        assert tag(read, "capitals?page_size=4") != before

    def test_what_stops_being_public_makes_another_tag(self, read):
        before = tag(read)
        Initiative.objects.filter(reference="MHCLG-0001").update(sensitivity="official_sensitive")
        assert tag(read) != before


def policy():
    return Initiative.objects.get(reference="MHCLG-0001")


class TestWhatIsNotPublic:
    """Nobody can tell from tags, or from the scans that are told, that a draft was saved."""

    @pytest.mark.parametrize(
        "write",
        [
            lambda: factories.policy(),
            lambda: factories.commitment(parent=policy()),
            lambda: factories.outcome_link(outcome=Outcome.objects.first()),
            lambda: factories.user(),
            lambda: factories.policy(status="published", sensitivity="official_sensitive"),
            lambda: factories.dependency(depends_on=policy()),
            lambda: factories.flag(),
        ],
    )
    def test_changes_no_tag(self, read, write):
        paths = [path for path in PATHS if path != "organisations"]
        before = {path: tag(read, path) for path in paths}
        write()
        assert {path: tag(read, path) for path in paths} == before


@pytest.mark.django_db(transaction=True)
class TestScansOfWhatIsNotPublic:
    def scanned(self, write):
        """Write, scan what changed, and give what was told before and after."""
        settled_scan()
        reader = Reader()
        before = reader.json("scans")["results"]
        write()
        assert settled_scan().scan is not None
        return before, reader.json("scans")["results"]

    @pytest.mark.parametrize(
        "write",
        [
            lambda: factories.policy(),
            lambda: factories.commitment(parent=policy()),
            lambda: factories.measure(initiative=factories.commitment(parent=policy())),
            lambda: factories.dependency(depends_on=policy()),
            lambda: factories.policy(status="published", sensitivity="official_sensitive"),
            lambda: revisions.start_revision(by=factories.user(is_administrator=True), initiative=policy()),
        ],
    )
    def test_are_told_to_those_who_have_signed_in(self, write, person):
        before, after = self.scanned(write)
        assert after == before
        known = Reader(person("reader", "dft")).json("scans")["results"]
        assert len(known) > len(after)

    @pytest.mark.parametrize(
        "write",
        [
            lambda: Initiative.objects.filter(reference="MHCLG-0001").update(title="Another"),
            lambda: Initiative.objects.filter(reference="MHCLG-0001").update(sensitivity="official_sensitive"),
            lambda: factories.measure(initiative=policy()),
            lambda: factories.area(),
            lambda: [factories.policy(), factories.measure(initiative=policy())],
        ],
    )
    def test_of_public_records_are_told_to_all(self, write):
        before, after = self.scanned(write)
        assert len(after) > len(before)


class TestSignedIn:
    @pytest.mark.parametrize("path", PATHS)
    def test_nothing_is_kept(self, reading, person, path):
        answer = reading(person("editor", "dhsc"))(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert "ETag" not in answer

    def test_a_public_tag_gets_the_whole_answer(self, reading, person):
        known = tag(reading())
        assert reading(person())("policies", **{"If-None-Match": known}).status_code == 200
