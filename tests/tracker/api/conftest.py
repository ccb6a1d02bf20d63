"""Reading the API as somebody, and holding its answers against its own description."""

from pathlib import Path

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.test import Client

ROOT = "/api/v1/"
COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
LISTS = [
    "policies",
    "commitments",
    "partnerships",
    "organisations",
    "areas",
    "outcomes",
    "capitals",
    "flags",
    "checks",
    "scans",
]
# One record of each collection that has records of their own, from the landscape.
RECORDS = {
    "policies": "MHCLG-0001",
    "commitments": "DHSC-0009",
    "partnerships": "PSHIP-0001",
    "organisations": "dhsc",
    "areas": "E08000001",
    "outcomes": "healthy_life_expectancy",
    "capitals": "human",
    "flags": "NHS001:policy:MHCLG-0001",
    "checks": "NHS001",
}


class Reader:
    """Asks the API as one user, or as nobody."""

    def __init__(self, user=None):
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user)

    def __call__(self, path="", params=None, **headers):
        """A GET below the root, or at a full address."""
        return self.client.get(path if path.startswith(("/", "http")) else ROOT + path, params, headers=headers)

    def json(self, path="", params=None):
        """The body of an answer that must be 200."""
        answer = self(path, params)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def walk(self, path, params=None, link="next"):
        """Pages from this one on, by their links."""
        page = self.json(path, params)
        while True:
            yield page
            if not page[link]:
                return
            page = self.json(page[link].removeprefix("http://testserver"))


@pytest.fixture
def read(landscape):
    """The API read by nobody in particular."""
    return Reader()


@pytest.fixture
def reading(landscape):
    """A function that gives the API as a user reads it."""
    return Reader


@pytest.fixture(scope="session")
def description():
    """The committed OpenAPI description."""
    return yaml.safe_load(COMMITTED.read_text())


@pytest.fixture(scope="session")
def conforms(description):
    """A function that fails unless an answer's body is as the description says for a path and a status."""

    def check(answer, path):
        responses = description["paths"][path]["get"]["responses"]
        response = responses[str(answer.status_code)]
        if "$ref" in response:
            response = description["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content = response["content"][answer["Content-Type"]]
        schema = {**content["schema"], "components": description["components"]}
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(
            answer.json()
        )

    return check
