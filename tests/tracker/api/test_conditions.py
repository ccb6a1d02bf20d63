"""Entity tags: 304 while nothing has changed, never after something has, and nothing kept of what needs a sign-in."""

import psycopg
import pytest
from django.db import connection

from policies.models import Initiative
from tests.policies import factories
from tests.tracker.api.conftest import LISTS, RECORDS
from tracker.api import validators
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

    def test_it_costs_one_query(self, read, django_assert_num_queries):
        known = tag(read)
        with django_assert_num_queries(1):
            read("policies", **{"If-None-Match": known})

    @pytest.mark.parametrize("given", ['W/"other"', '"x", "y"', "*", "nonsense", ""])
    def test_another_tag_gets_the_answer(self, read, given):
        assert read("policies", **{"If-None-Match": given}).status_code == 200

    def test_one_of_several_tags_is_enough(self, read):
        assert read("policies", **{"If-None-Match": f'"x", {tag(read)}'}).status_code == 304

    def test_each_address_has_its_own(self, read):
        assert len({tag(read, path) for path in PATHS}) == len(PATHS)


class TestChanged:
    @pytest.mark.parametrize(
        "write",
        [
            lambda: factories.policy(),
            lambda: Initiative.objects.filter(reference="MHCLG-0001").update(title="Another"),
            lambda: factories.outcome_link(),
            lambda: Initiative.objects.filter(kind="partnership").first().responsibilities.all().delete(),
            lambda: factories.area(),
            lambda: factories.flag(initiative=None),
            lambda: Flag.objects.filter(check_code="NHS001").update(plan="Soon"),
            lambda: Flag.objects.filter(check_code="NHS001").delete(),
            lambda: factories.scan(),
        ],
    )
    def test_any_write_makes_another_tag(self, read, write):
        before = tag(read)
        write()
        assert tag(read) != before

    def test_another_day_makes_another_tag(self, read, monkeypatch):
        before = tag(read)
        monkeypatch.setattr(validators.timezone, "localdate", lambda: "another day")
        assert tag(read) != before

    def test_another_program_makes_another_tag(self, read, monkeypatch):
        before = tag(read)
        monkeypatch.setattr(validators, "_program", lambda: "another program")
        assert tag(read) != before


class TestWritersAtTheSameTime:
    """Two writers beside the reader, as connections of their own."""

    @pytest.fixture
    def writers(self, read):
        opened = [psycopg.connect(**_parameters()) for _ in range(2)]
        yield opened
        for writer in opened:
            writer.rollback()
            writer.close()
        with psycopg.connect(**_parameters()) as cleaner:
            cleaner.execute("DELETE FROM policies_collection WHERE code LIKE 'race-%'")

    def test_the_one_with_the_lower_number_that_commits_last_is_seen(self, read, writers):
        early, late = writers
        _write(early, "race-1")
        _write(late, "race-2")
        late.commit()
        while_open = tag(read)
        early.commit()
        assert tag(read) != while_open

    def test_one_that_gives_up_changes_nothing_for_good(self, read, writers):
        before = tag(read)
        _write(writers[0], "race-3")
        assert tag(read) != before
        writers[0].rollback()
        assert tag(read) == before

    def test_a_writer_of_something_else_is_not_noticed(self, read, writers):
        before = tag(read)
        writers[0].execute("INSERT INTO tracker_heartbeat (name, at) VALUES ('race', now())")
        assert tag(read) == before


def _parameters():
    wanted = connection.get_connection_params()
    return {name: wanted[name] for name in ("dbname", "user", "password", "host", "port") if name in wanted}


def _write(writer, code):
    writer.execute(
        "INSERT INTO policies_collection (code, name, description) VALUES (%(code)s, %(code)s, '')", {"code": code}
    )


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
