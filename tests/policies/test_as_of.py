"""The register as it stood: whatever wrote, and however often, a look back finds what was there."""

import datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies import as_of
from policies.models import Area, AreaClosure, Collection, Footprint, Initiative, Measure, Responsibility
from tests.policies import factories


def clock():
    """The database's own time, within or without a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def execute(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def words_at(moment, **where):
    return sorted(measure.words for measure in as_of.rows(Measure, moment, **where))


class TestADay:
    @pytest.mark.parametrize(
        ("day", "end"),
        [
            ("2026-11-01", "2026-11-02T00:00+00:00"),
            ("2026-07-01", "2026-07-01T23:00+00:00"),  # summer time
            ("2026-03-28", "2026-03-29T00:00+00:00"),  # the clocks go forward the next night
            ("2026-10-25", "2026-10-26T00:00+00:00"),  # and back in the night before
        ],
    )
    def test_ends_at_midnight_in_london(self, day, end):
        assert as_of.end_of(datetime.date.fromisoformat(day)) == datetime.datetime.fromisoformat(end)


class TestWrites:
    """Each in a transaction of its own, since history is dated by transactions."""

    @pytest.fixture
    def policy(self, committed):
        return factories.policy(title="First")

    def test_before_it_was_written_a_record_is_not_there(self, policy):
        before = policy.created_at - datetime.timedelta(seconds=1)
        assert as_of.rows(Initiative, before, pgh_obj_id=policy.pk) == []
        assert as_of.by_id(Initiative, before, [policy.pk]) == {}

    def test_every_way_of_writing_is_seen(self, policy):
        measure = factories.measure(initiative=policy, words="saved")
        seen = [(clock(), ["saved"])]
        Measure.objects.filter(pk=measure.pk).update(words="updated")
        seen.append((clock(), ["updated"]))
        execute("UPDATE policies_measure SET words = 'raw' WHERE id = %s", measure.pk)
        seen.append((clock(), ["raw"]))
        Measure.objects.bulk_create([Measure(initiative=policy, words=f"bulk {n}") for n in range(2)])
        seen.append((clock(), ["bulk 0", "bulk 1", "raw"]))
        measure.refresh_from_db()
        measure.words = "bulk update"
        Measure.objects.bulk_update([measure], ["words"])
        seen.append((clock(), ["bulk 0", "bulk 1", "bulk update"]))
        execute("DELETE FROM policies_measure WHERE words LIKE 'bulk _'")
        seen.append((clock(), ["bulk update"]))
        measure.delete()
        seen.append((clock(), []))
        for moment, there in seen:
            assert words_at(moment, initiative=policy) == there

    def test_two_writes_of_one_transaction_are_one(self, policy):
        before = clock()
        with transaction.atomic():
            Initiative.objects.filter(pk=policy.pk).update(title="Second")
            Initiative.objects.filter(pk=policy.pk).update(title="Third")
        assert as_of.by_id(Initiative, before, [policy.pk])[policy.pk].title == "First"
        assert as_of.by_id(Initiative, clock(), [policy.pk])[policy.pk].title == "Third"

    def test_a_row_that_moved_is_where_it_then_was(self, policy):
        other, footprint = factories.policy(), factories.footprint(initiative=policy)
        before = clock()
        Footprint.objects.filter(pk=footprint.pk).update(initiative=other)
        assert [row.pk for row in as_of.rows(Footprint, before, initiative=policy)] == [footprint.pk]
        assert as_of.rows(Footprint, clock(), initiative=policy) == []
        assert [row.pk for row in as_of.rows(Footprint, clock(), initiative=other)] == [footprint.pk]

    def test_what_went_with_its_record_was_there_before(self, policy):
        measure, key = factories.measure(initiative=policy, words="Mine"), policy.pk
        before = clock()
        policy.delete()
        assert words_at(before, initiative=key) == ["Mine"]
        assert as_of.by_id(Initiative, before, [key])[key].title == "First"
        assert as_of.by_id(Measure, clock(), [measure.pk]) == as_of.by_id(Initiative, clock(), [key]) == {}


WRITES = st.lists(
    st.tuples(
        st.sampled_from(["add", "update", "raw", "move", "delete", "bulk", "title"]),
        st.integers(0, 5),
        st.text("abcdé ", min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=14,
)


class TestAnyWrites:
    def test_a_look_back_finds_what_was_there(self, committed):
        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
        @given(WRITES)
        def holds(writes):
            first, second = factories.policy(), factories.policy()
            seen = [(clock(), stands(first, second))]
            for what, which, words in writes:
                write(what, which, words, first, second)
                seen.append((clock(), stands(first, second)))
            for moment, there in seen:
                assert stood(moment, first, second) == there

        holds()


def stands(*policies):
    titles = set(Initiative.objects.filter(pk__in=[p.pk for p in policies]).values_list("pk", "title"))
    return titles, set(Measure.objects.filter(initiative__in=policies).values_list("pk", "initiative_id", "words"))


def stood(moment, *policies):
    titles = {(pk, row.title) for pk, row in as_of.by_id(Initiative, moment, [p.pk for p in policies]).items()}
    measures = as_of.rows(Measure, moment, initiative__in=policies)
    return titles, {(row.pk, row.initiative_id, row.words) for row in measures}


def write(what, which, words, first, second):
    """One write, in a transaction of its own, of whichever row the number points to."""
    present = list(Measure.objects.filter(initiative__in=[first, second]).order_by("pk"))
    row = present[which % len(present)] if present else None
    unique = f"{words} {factories.number()}"
    if what == "title":
        Initiative.objects.filter(pk=(first, second)[which % 2].pk).update(title=unique)
    elif what == "bulk":
        Measure.objects.bulk_create([Measure(initiative=first, words=f"{unique} {n}") for n in range(2)])
    elif what == "add" or row is None:
        factories.measure(initiative=second, words=unique)
    elif what == "update":
        Measure.objects.filter(pk=row.pk).update(words=unique)
    elif what == "raw":
        execute("UPDATE policies_measure SET words = %s WHERE id = %s", unique, row.pk)
    elif what == "move":
        Measure.objects.filter(pk=row.pk).update(initiative=first if row.initiative_id == second.pk else second)
    else:
        row.delete()


@pytest.mark.django_db
class TestReading:
    def test_takes_one_query(self, landscape, django_assert_num_queries):
        policy = Initiative.objects.get(reference="MHCLG-0001")
        now = clock()
        with django_assert_num_queries(1):
            found = as_of.rows(Responsibility, now, initiative=policy)
        assert {row.pk for row in found} == set(policy.responsibilities.values_list("pk", flat=True))

    @pytest.mark.parametrize("model", [Area, Collection, Initiative, Responsibility, Measure])
    def test_now_is_what_stands(self, landscape, model):
        assert {row.pk for row in as_of.rows(model, clock())} == set(model.objects.values_list("pk", flat=True))

    def test_a_table_without_history_says_so(self):
        with pytest.raises(LookupError, match="AreaClosure has no history"):
            as_of.rows(AreaClosure, clock())

    def test_no_ids_ask_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert as_of.by_id(Area, datetime.datetime.now(datetime.UTC), [None]) == {}
