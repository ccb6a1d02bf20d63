"""What all tests share: the real landscape in every test database, loaded once per worker.

A test that wants it asks for `landscape`; one that wants none of it asks for `empty_register`, which empties the
register inside the test's own transaction.
"""

import datetime
import logging
import os

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase

from policies.actions.people import registrar
from policies.models import Initiative, Membership, Organisation, User
from tracker.actions import scans
from tracker.models import Flag, Scan

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The day on which the landscape's expected answers were written down; checks that go by dates use it.
TODAY = datetime.date(2026, 11, 24)


@pytest.fixture(scope="session", autouse=True)
def _quiet_settings():
    """Tests send no word to a broker unless they are about that, and need no built static files."""
    from django.conf import settings

    settings.ANNOUNCE_CHANGES = False
    # A line for each request, and a traceback for each refusal, cost more than the requests of most tests.
    for name in ("django_structlog", "django.request"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def load_landscape():
    """Put the reference data and the landscape in, and scan it."""
    call_command("load_landscape", verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115
    scans.scan_all(today=TODAY, reason="test")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test database holds the landscape from the start."""
    with django_db_blocker.unblock():
        load_landscape()
        name = connection.settings_dict["NAME"]
        _maintain(f'DROP DATABASE IF EXISTS "{name}_master"', f'CREATE DATABASE "{name}_master" TEMPLATE "{name}"')

        def restore(_case):
            """Copying the master is ten times faster than emptying the tables and loading the landscape."""
            _maintain(
                f'DROP DATABASE "{name}" WITH (FORCE)',
                f'CREATE DATABASE "{name}" TEMPLATE "{name}_master" STRATEGY FILE_COPY',
            )

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = restore
    yield
    TransactionTestCase._fixture_teardown = original
    with django_db_blocker.unblock():
        _maintain(f'DROP DATABASE IF EXISTS "{name}_master"')


def _maintain(*statements):
    """Run statements about whole databases, which wait for nobody's connection."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def landscape(db):
    """The landscape, scanned: what every test database holds."""


@pytest.fixture
def empty_register(db):
    """Reference data and no initiatives, flags or scans."""
    Flag.objects.all().delete()
    Scan.objects.all().delete()
    Initiative.objects.filter(kind="commitment").delete()
    Initiative.objects.filter(parent__isnull=False).delete()
    Initiative.objects.all().delete()


@pytest.fixture
def person(db):
    """A function that makes a person: `person("approver", "dhsc")`, `person()` for a signed-in nobody."""

    def make(role=None, organisation=None, *, administrator=False, email=None):
        number = User.objects.count()
        user = User.objects.create_user(
            email or f"{role or 'nobody'}{number}@test.example",
            "correct horse battery",
            name=f"{(role or 'nobody').title()} {number}",
            is_administrator=administrator,
        )
        if organisation:
            Membership.objects.create(user=user, organisation=Organisation.objects.get(code=organisation), role=role)
        return user

    return make


@pytest.fixture
def registrar_user(db):
    """The account in whose name files are loaded."""
    return registrar()
