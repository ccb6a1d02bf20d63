"""What the logs must not hold: the tokens of links in mails, whoever writes the line, and whole mails."""

import io
import logging
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded.paths import PROJECT
from config.supervisor import applications
from tests.policies import factories
from tracker.actions import digests
from tracker.actions.stop_links import token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    """The lines as the service writes them, whatever the tests keep quiet."""
    described = dict(settings.LOGGING["formatters"]["lines"])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(described.pop("()")(**described))
    names = ("django_structlog", "django.request", "django.security")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in names:
        logging.getLogger(name).setLevel(before[name])
        logging.getLogger(name).removeHandler(handler)


SECRETS = {
    "/join/": lambda: "an-invitation-that-is-a-secret",
    "/emails/stop/": lambda: digests.token_of(factories.user()),
    "/watches/off/": lambda: f"watch.{token_for('watch', factories.watch().pk)}",
    "/account/password/reset/key/": lambda: "5-d0a1b2-secretsecretsecret",
}


@pytest.mark.parametrize("path", SECRETS)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_path_with_a_token_is_logged_without_it(client, log, path, method):
    token = SECRETS[path]()
    getattr(client, method)(f"{path}{token}/?a=b")
    text = log.getvalue()
    assert path in text, "the line is there"
    assert token not in text
    assert token.rpartition(":")[2] not in text


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /join/{}/",
        "redirect to /account/login/?next=/join/{}/",
        "redirect to /account/login/?next=%2Fjoin%2F{}%2F",
        "https://tracker.example/watches/off/{}",
        "{{'path': '/emails/stop/{}/'}}",
    ],
)
def test_so_is_any_other_line_that_holds_one(log, line):
    token = "watch.5:1abc-Def_9"
    logging.getLogger("django.request").warning(line.format(token))
    logging.getLogger("django.request").warning("%s", line.format(token.replace(":", "%3A")))
    assert "5:1abc" not in log.getvalue()
    assert "1abc-Def_9" not in log.getvalue()


def test_so_is_a_traceback(log):
    try:
        raise ValueError("no route to /join/a-secret-of-somebody/")
    except ValueError:
        logging.getLogger("django.request").exception("failed")
    assert "no route to /join/" in log.getvalue()
    assert "a-secret" not in log.getvalue()


@pytest.mark.parametrize("path", ["/policies/MHCLG-0001/", "/emails/", "/watches/5/", "/flags/?q=joined"])
def test_other_paths_stay_whole(client, log, path):
    client.get(path)
    assert path in log.getvalue()


def test_gunicorn_writes_no_line_for_each_request():
    """Its access log would hold whole paths; ours has each request once already."""
    for file in (Path(applications.__file__), PROJECT / "docker-compose.yml", PROJECT / "Dockerfile"):
        assert "access-log" not in file.read_text()
