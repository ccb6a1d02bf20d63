"""Every error under /api/ is a problem in JSON."""

import json

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory, override_settings

from tracker.api import problems
from tracker.api.v1.policies import Policies

MEMBERS = {"type", "title", "status", "detail", "instance", "request_id", "errors"}
METHODS = ["post", "put", "patch", "delete", "options", "trace"]


def is_problem(answer, status):
    """Fails unless the answer is the problem of a status."""
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    body = json.loads(answer.content)
    assert set(body) == MEMBERS
    assert body["status"] == status
    assert body["type"] == "about:blank"
    return body


@pytest.mark.parametrize("debug", [False, True])
class TestWhatLeadsNowhere:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/v1/nothing",
            "/api/v1/policies/",
            "/api/v1/policies/XX-0001",
            "/api/v1/policies/MHCLG-0001/roles",
            "/api/v1/organisations/x",
            "/api/v1/areas/E99999999",
            "/api/v1/flags/NHS001:policy:XX-0001",
            "/api/v1/checks/XXX001",
            "/api/v1/scans/1",
            "/api/v1/policies/%00",
            "/api/v1/flags/%00",
            "/api/v1/policies/" + "x" * 2000,
        ],
    )
    def test_is_404(self, read, path, debug):
        with override_settings(DEBUG=debug):
            body = is_problem(read(path), 404)
        assert body["title"] == "Not Found"
        assert body["request_id"]
        assert body["errors"] == []

    @pytest.mark.parametrize("method", METHODS)
    def test_whatever_the_method(self, read, method, debug):
        with override_settings(DEBUG=debug):
            is_problem(getattr(read.client, method)("/api/v1/nothing"), 404)


class TestMethods:
    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("path", ["", "policies", "policies/MHCLG-0001", "checks", "schema", "docs"])
    @pytest.mark.parametrize("who", ["nobody", "administrator"])
    def test_only_reading(self, reading, person, method, path, who):
        read = reading(person(administrator=True) if who == "administrator" else None)
        read.client.handler.enforce_csrf_checks = True
        answer = getattr(read.client, method)(f"/api/v1/{path}")
        is_problem(answer, 405)
        assert answer["Allow"] == "GET, HEAD"

    def test_head_is_a_get_without_its_body(self, read):
        answer = read.client.head("/api/v1/policies")
        assert (answer.status_code, answer.content) == (200, b"")


class TestAccept:
    @pytest.mark.parametrize("accept", ["text/html", "text/csv", "application/xml"])
    def test_only_json(self, read, accept):
        is_problem(read("policies", Accept=accept), 406)
        is_problem(read("policies/XX-0001", Accept=accept), 406)

    @pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html,*/*;q=0.8", "application/json; indent=4"])
    def test_whoever_takes_json_gets_it(self, read, accept):
        assert read("policies", Accept=accept).status_code == 200


class TestFaultsOfOurs:
    @pytest.mark.parametrize("debug", [False, True])
    def test_is_500_without_a_word_of_what_it_was(self, read, monkeypatch, debug):
        monkeypatch.setattr(Policies, "get_queryset", lambda self: 1 / 0)
        with override_settings(DEBUG=debug):
            body = is_problem(read("policies"), 500)
        assert "division" not in str(body)
        assert body["request_id"]

    def test_whoever_listens_is_told(self, read, monkeypatch):
        monkeypatch.setattr(Policies, "get_queryset", lambda self: 1 / 0)
        read.client.raise_request_exception = True
        with pytest.raises(ZeroDivisionError):
            read("policies")

    def test_a_host_that_is_not_ours_is_never_a_record(self, read):
        assert read.client.get("/api/v1/policies", headers={"host": "evil.example"}).status_code == 400


class TestOutsideTheViews:
    """What config.urls answers with for paths under /api/."""

    @pytest.mark.parametrize(
        ("handler", "status"),
        [
            (lambda request: problems.problem_bad_request(request, SuspiciousOperation("x")), 400),
            (lambda request: problems.problem_permission_denied(request, None), 403),
            (lambda request: problems.problem_not_found(request, None), 404),
            (problems.problem_server_error, 500),
        ],
    )
    def test_is_a_problem_too(self, handler, status):
        body = is_problem(handler(RequestFactory().get("/api/other")), status)
        assert body["instance"] == "/api/other"
