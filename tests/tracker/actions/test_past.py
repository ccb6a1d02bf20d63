"""As-of scans: what the checks find on the register as history says it stood."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from policies.models import Initiative, OutcomeLink
from tracker.actions import past
from tracker.models import Flag, Scan

pytestmark = pytest.mark.usefixtures("landscape")

NOW = timezone.localdate()


def found(day, code):
    return {one.fingerprint for one in past.scan_as_of(day).findings[code]}


def standing(code):
    return set(Flag.objects.standing().filter(check_code=code).values_list("fingerprint", flat=True))


def test_today_is_what_stands():
    for code in ("NHS001", "FND002", "DEP001", "CAP002", "PAR003"):
        assert found(NOW, code) == standing(code), code
        assert standing(code)


def test_before_the_first_record_there_is_nothing():
    before = past.scan_as_of(datetime.date(2020, 1, 1))
    assert before.initiatives == 0
    assert not any(before.findings.values())


def test_what_was_changed_since_is_as_it_was(move_history_back):
    policy = Initiative.objects.get(short_code="luf")
    move_history_back()
    OutcomeLink.objects.filter(initiative=policy).delete()
    Initiative.objects.filter(pk=policy.pk).update(title="Another title")
    day = NOW - datetime.timedelta(days=1)
    mark = f"OUT001:policy:{policy.reference}"
    assert mark not in found(day, "OUT001")
    assert mark in found(NOW, "OUT001")
    sentences = [one.sentence for one in past.scan_as_of(day).findings["FND002"]]
    assert any("Levelling Up Fund" in sentence for sentence in sentences)
    assert not any("Another title" in sentence for sentence in sentences)


def test_it_leaves_no_trace():
    before = (Flag.objects.count(), Scan.objects.count(), Initiative.objects.count())
    past.scan_as_of(NOW)
    assert (Flag.objects.count(), Scan.objects.count(), Initiative.objects.count()) == before


def test_the_command_says_how_many_by_check(capsys):
    call_command("scan", as_of=NOW)
    out = capsys.readouterr().out
    assert f"FND002 No health measure in allocation: {len(standing('FND002'))}" in out


@pytest.fixture
def move_history_back():
    """Date all history so far two days back, as if the register were older."""

    def move():
        from django.apps import apps
        from django.db import connection

        with connection.cursor() as cursor:
            for model in apps.get_app_config("policies").get_models():
                if history := getattr(model, "pgh_event_model", None):
                    table = history._meta.db_table
                    cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
                    cursor.execute(f"""UPDATE "{table}" SET pgh_created_at = pgh_created_at - interval '2 days'""")
                    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    return move
