"""Verification: flags that are missing, left over or outdated are told; nothing is written."""

import pytest
from django.core.management import call_command

from policies.models import Initiative
from tests.conftest import TODAY
from tests.policies import deciding
from tests.tracker.actions.test_scans import register  # noqa: F401
from tracker.actions import verifying
from tracker.models import Flag


def told():
    found, sure = verifying.verify(today=TODAY)
    assert sure
    return {(one.fingerprint, one.what) for one in found}


def test_flags_as_a_full_scan_leaves_them_are_told_to_be_right(landscape):
    assert told() == set()


def test_what_people_decided_is_no_difference(landscape):
    deciding.dismissal(flag=Flag.objects.standing().first())
    assert told() == set()


def test_each_kind_of_difference_is_told(landscape):
    left, missing, outdated = Flag.objects.standing().filter(check_code="NHS001").order_by("pk")[:3]
    Flag.objects.create(
        fingerprint="NHS001:policy:GONE-1",
        check_code="NHS001",
        severity="high",
        subject="policy",
        initiative=left.initiative,
        summary="It was true once.",
        evidence={},
        evidence_digest="0" * 32,
        first_seen_at=left.first_seen_at,
        changed_at=left.changed_at,
    )
    Flag.objects.filter(pk=missing.pk).update(resolved_at=missing.changed_at)
    Flag.objects.filter(pk=outdated.pk).update(evidence_digest="0" * 32)
    before = set(Flag.objects.values_list("pk", "evidence_digest", "resolved_at"))
    assert told() == {
        ("NHS001:policy:GONE-1", "left over"),
        (missing.fingerprint, "missing"),
        (outdated.fingerprint, "outdated"),
    }
    assert set(Flag.objects.values_list("pk", "evidence_digest", "resolved_at")) == before


def test_the_command_ends_with_1_on_any_difference(landscape, capsys):
    call_command("scan", verify=True, today=TODAY)
    assert "Every flag is as a look at everything would leave it." in capsys.readouterr().out
    flag = Flag.objects.standing().first()
    Flag.objects.filter(pk=flag.pk).update(summary="Something else.")
    with pytest.raises(SystemExit, match="1"):
        call_command("scan", verify=True, today=TODAY)
    assert f"{flag.fingerprint}: outdated" in capsys.readouterr().err


def test_what_waits_to_be_scanned_is_scanned_first(register):  # noqa: F811
    Initiative.objects.filter(short_code="luf").update(title="Another title")
    assert told() == set()
    assert Flag.objects.filter(summary__contains="Another title").exists()
