"""The OpenAPI description: committed as it is served, and true."""

import re

import yaml
from drf_spectacular.validation import validate_schema

from tests.tracker.api.conftest import COMMITTED, LISTS, RECORDS
from tracker.api.documentation import description as generate


class TestDescription:
    def test_the_committed_file_is_what_the_program_says(self, db):
        fresh = yaml.safe_load(yaml.safe_dump(_plain(generate())))
        assert yaml.safe_load(COMMITTED.read_text()) == fresh, (
            "write it anew: manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"
        )

    def test_it_is_sound_and_of_version_3_1(self, description):
        assert description["openapi"] == "3.1.1"
        validate_schema(description)

    def test_it_has_every_collection_and_record_and_nothing_else(self, description):
        lists = {path.removeprefix("/api/v1/") for path in description["paths"] if "{" not in path}
        records = {path.split("/")[3] for path in description["paths"] if "{" in path}
        assert lists == {"", *LISTS}
        assert records == set(RECORDS)

    def test_every_operation_says_every_status(self, description):
        for path, methods in description["paths"].items():
            assert set(methods) == {"get"}
            expected = {"200", "304", "400", "401", "405", "406"} | ({"404"} if "{" in path else set())
            assert set(methods["get"]["responses"]) == expected, path

    def test_its_examples_of_codes_exist(self, read, description):
        for path, methods in description["paths"].items():
            for parameter in methods["get"]["parameters"]:
                if parameter.get("in") == "path":
                    filled = re.sub(r"\{.*\}", parameter["schema"]["example"], path)
                    assert read(filled).status_code == 200, filled


def _plain(value):
    """Lazy texts and tuples as what a file would hold."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


class TestServed:
    def test_as_json_by_default(self, read, description):
        answer = read("schema")
        assert answer["Content-Type"].startswith("application/json")
        assert answer.json() == description

    def test_as_yaml_to_those_who_want_it(self, read, description):
        answer = read("schema", Accept="application/yaml")
        assert yaml.safe_load(answer.content) == description

    def test_in_english_whatever_the_caller_prefers(self, read, description):
        generate.cache_clear()
        assert read("schema", **{"Accept-Language": "cy"}).json() == description

    def test_the_page_has_no_script_or_style_of_its_own(self, read):
        page = read("docs", Accept="text/html").content.decode()
        assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
        assert "/static/drf_spectacular_sidecar/" in page

    def test_the_script_that_starts_it_is_served_apart(self, read):
        answer = read("docs", {"script": ""})
        assert answer["Content-Type"].startswith("application/javascript")
        assert "/api/v1/schema" in answer.content.decode().replace("\\u002D", "-")

    def test_without_javascript_the_collections_are_listed(self, read):
        page = read("docs").content.decode()
        for name in LISTS:
            assert f'href="/api/v1/{name}"' in page
