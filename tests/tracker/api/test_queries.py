"""A list costs the same number of queries however long it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.models import Area, Capital, Organisation, Outcome
from tests.policies import factories


@pytest.fixture
def hundred(landscape):
    """A hundred full records of each kind, so that all prefetches have something to fetch."""
    bodies, areas = list(Organisation.objects.all()[:3]), list(Area.objects.all()[:2])
    capital, outcome, indicator = Capital.objects.first(), Outcome.objects.first(), factories.indicator()
    author, above = factories.user(), factories.policy(status="published")
    for make in (factories.policy, factories.commitment, factories.partnership):
        for _ in range(100):
            parent = above if make is factories.commitment else None
            initiative = make(status="published", created_by=author, parent=parent)
            for body, role in zip(bodies, ("lead", "supporting", "funder"), strict=True):
                factories.responsibility(initiative=initiative, organisation=body, role=role)
            factories.capital_link(initiative=initiative, capital=capital)
            factories.outcome_link(initiative=initiative, outcome=outcome, asserted_by=bodies[0])
            factories.measure(initiative=initiative, indicator=indicator)
            factories.criterion(initiative=initiative, indicator=indicator)
            for area in areas:
                factories.footprint(initiative=initiative, area=area)
            factories.flag(initiative=initiative, other=above, outcome=outcome, organisation=bodies[0])
            factories.scan()


def asked(read, path, params):
    """The statements that an answer takes, and how many rows it has."""
    with CaptureQueriesContext(connection) as queries:
        page = read.json(path, params)
    return [query["sql"] for query in queries], len(page["results"])


def test_ten_rows_cost_what_a_hundred_do_and_none_are_counted(hundred, reading, person):
    for user in (None, person("editor", "dhsc")):
        read = reading(user)
        read.json("checks")  # the first request of a session writes it
        for collection in ("policies", "commitments", "partnerships", "organisations", "areas", "flags", "scans"):
            few, ten = asked(read, collection, {"page_size": 10})
            many, hundred_rows = asked(read, collection, {"page_size": 100})
            assert (ten, hundred_rows) == (10, 100), collection
            assert len(few) == len(many) <= 15, (collection, few, many)
            assert not [sql for sql in many if sql.upper().startswith("SELECT COUNT(")], collection


def test_checks_are_counted_in_one_query(read, django_assert_num_queries):
    with django_assert_num_queries(3):  # the others read the thresholds and the severities
        read.json("checks")
