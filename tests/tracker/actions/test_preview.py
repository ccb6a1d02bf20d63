"""What if: the same checks before and after, and no trace of it."""

import pytest
from django.db import connection

from policies.actions import initiatives, revisions
from policies.models import Area, Capital, Change, Initiative, Organisation, Outcome
from tests.conftest import TODAY
from tests.policies import factories, steps
from tracker.actions import scans
from tracker.actions.preview import what_if_published
from tracker.checks.catalogue import catalogue
from tracker.models import Flag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("landscape")]


@pytest.fixture
def administrator():
    return factories.user(is_administrator=True)


@pytest.fixture
def draft(administrator):
    lead = Organisation.objects.get(code="dft")
    return initiatives.create(by=administrator, kind="policy", form="programme", lead=lead, title="Quiet streets")


def codes(findings):
    return sorted(finding.check.code for finding in findings)


def standing():
    return set(Flag.objects.filter(resolved_at=None).values_list("fingerprint", flat=True))


def test_a_draft_is_told_what_would_open(draft, administrator):
    preview = what_if_published(draft, user=administrator, today=TODAY)
    assert {"CAP001", "LOC001", "OUT001"} <= set(codes(preview.opens))
    assert preview.closes == []
    assert "“Quiet streets”" in preview.opens[0].sentence


def test_what_it_says_is_what_a_scan_then_finds(draft, administrator):
    outcome = Outcome.objects.get(code="air_quality_mortality")
    rows = [{"outcome": outcome, "direction": "worsens", "horizon": "long"}]
    initiatives.set_parts(by=administrator, initiative=draft, version=1, part="outcomes", rows=rows)
    place = [{"area": Area.objects.get(name="England")}]
    initiatives.set_parts(by=administrator, initiative=draft, version=2, part="places", rows=place)
    scans.scan_all(today=TODAY)
    before = standing()
    preview = what_if_published(Initiative.objects.get(pk=draft.pk), user=administrator, today=TODAY)
    steps.publish(draft, by=administrator)
    scans.scan_all(today=TODAY)
    opened = Flag.objects.filter(fingerprint__in=standing() - before)
    assert codes(preview.opens) == sorted(opened.values_list("check_code", flat=True))
    assert "DEP001" in codes(preview.opens), "others move the same outcome the other way"
    assert len(preview.closes) == len(before - standing())


def test_a_revision_is_told_what_would_be_resolved(administrator):
    policy = Initiative.objects.get(reference="MHCLG-0004")
    copy = revisions.start_revision(by=administrator, initiative=policy)
    rows = [
        {"organisation": held.organisation, "role": held.role}
        for held in copy.responsibilities.select_related("organisation")
    ]
    rows.append({"organisation": Organisation.objects.get(code="nhs-bodies"), "role": "delivery"})
    initiatives.set_parts(by=administrator, initiative=copy, version=1, part="roles", rows=rows)
    preview = what_if_published(Initiative.objects.get(pk=copy.pk), user=administrator, today=TODAY)
    assert "NHS001" in codes(preview.closes)
    assert "NHS001" not in codes(preview.opens)


def test_an_unchanged_revision_changes_nothing(administrator):
    policy = Initiative.objects.get(reference="MHCLG-0004")
    copy = revisions.start_revision(by=administrator, initiative=policy)
    preview = what_if_published(copy, user=administrator, today=TODAY)
    assert (preview.opens, preview.closes, preview.refusal) == ([], [], "")


def test_it_leaves_no_trace(draft, administrator):
    def traces():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM policies_initiativeevent), (SELECT count(*) FROM policies_signoff),"
                " (SELECT max(version) FROM policies_initiative), (SELECT count(*) FROM tracker_scan)"
            )
            return (*cursor.fetchone(), Change.objects.count(), standing())

    before = traces()
    what_if_published(draft, user=administrator, today=TODAY)
    assert traces() == before
    assert Initiative.objects.get(pk=draft.pk).status == "draft"


def test_what_cannot_be_published_says_why(administrator):
    policy = factories.policy(status="published")
    copy = revisions.start_revision(by=administrator, initiative=policy)
    above = factories.policy(status="published")
    initiatives.edit(by=administrator, initiative=copy, version=1, parent=above)
    factories.policy(parent=policy)
    preview = what_if_published(Initiative.objects.get(pk=copy.pk), user=administrator, today=TODAY)
    assert "does not allow this any more" in preview.refusal
    assert preview.opens == preview.closes == []


def test_records_that_the_reader_cannot_see_stay_unnamed(draft, administrator, person):
    """Another department's sensitive initiative pulls the other way: only those who can read it are told."""
    outcome = Outcome.objects.get(code="air_quality_mortality")
    rows = [{"outcome": outcome, "direction": "worsens", "horizon": "long"}]
    initiatives.set_parts(by=administrator, initiative=draft, version=1, part="outcomes", rows=rows)
    secret = factories.policy(status="published", sensitivity="official_sensitive", title="Hushed up")
    factories.responsibility(initiative=secret, organisation=Organisation.objects.get(code="desnz"), role="lead")
    factories.outcome_link(initiative=secret, outcome=outcome, direction="improves", horizon="long")
    draft = Initiative.objects.get(pk=draft.pk)
    told = {
        name: any("Hushed up" in finding.sentence for finding in what_if_published(draft, user=user, today=TODAY).opens)
        for name, user in (("administrator", administrator), ("editor", person("editor", "dft")))
    }
    assert told["editor"] is False


def test_the_queries_do_not_grow_with_what_is_found(draft, administrator, django_assert_max_num_queries):
    with django_assert_max_num_queries(3 * len(catalogue()) + 50):
        what_if_published(draft, user=administrator, today=TODAY)


def test_the_balance_of_capitals_before_and_after(draft, administrator):
    initiatives.edit(by=administrator, initiative=draft, version=1, value_gbp=50_000_000_000)
    rows = [{"capital": Capital.objects.get(code="natural"), "weight": "primary"}]
    initiatives.set_parts(by=administrator, initiative=draft, version=2, part="capitals", rows=rows)
    whole, lead = what_if_published(draft, user=administrator, today=TODAY).balances
    assert (whole.name, lead.name) == ("The whole register", "Department for Transport")
    assert whole.moved
    natural = {before.name: (before, after) for before, after in whole.rows()}["Natural"]
    assert natural[1].pounds - natural[0].pounds == 50_000_000_000
    assert natural[1].initiatives - natural[0].initiatives == 1
    assert natural[1].percent > natural[0].percent


def test_a_draft_without_a_capital_leaves_the_balance(draft, administrator):
    assert not any(one.moved for one in what_if_published(draft, user=administrator, today=TODAY).balances)
