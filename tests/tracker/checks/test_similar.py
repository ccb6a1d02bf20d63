"""Candidates for near-identical texts: none that pg_trgm would find is missing."""

import random

import pytest
from django.db import connection

from tracker.checks import similar

WORDS = ["plant", "build", "trees", "homes", "in", "by", "our", "the", "one", "million", "new", "better", "2030", "£5m"]
WORDS += ["café", "ŵyl", "NHS-led", "schools", "hospitals"]


def texts(count):
    """Titles of a few words, many of them alike."""
    chance = random.Random(4)
    return ["  ".join(chance.choices(WORDS, k=chance.randint(1, 7))).title() for _ in range(count)]


@pytest.mark.django_db
def test_the_trigrams_are_those_of_the_database():
    sample = [*texts(40), "", "a", "  -- ", "O’Neill’s\nplan"]
    text, rank = similar.trigrams(sample)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_length(show_trgm(t), 1) FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n",
            [sample],
        )
        expected = [row[0] or 0 for row in cursor.fetchall()]
    assert [int((text == number).sum()) for number in range(len(sample))] == expected
    assert len(text) == len(rank)


@pytest.mark.django_db
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.95])
def test_no_pair_is_missing(threshold):
    sample = texts(120)
    one, other = similar.candidates(sample, [[1]] * len(sample), list(range(len(sample))), threshold)
    found = set(zip(one.tolist(), other.tolist(), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH t AS (SELECT t, n - 1 AS n FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, n))"
            " SELECT a.n, b.n FROM t AS a JOIN t AS b ON a.n < b.n WHERE similarity(a.t, b.t) > %s::real",
            [sample, threshold],
        )
        expected = set(cursor.fetchall())
    assert expected
    assert expected <= found
    assert len(found) < 120 * 119 / 2


def test_only_texts_of_one_group_and_two_owners_are_paired():
    sample = ["Plant one million trees"] * 4
    one, other = similar.candidates(sample, [[1], [1, 2], [2], [3]], ["a", "b", "b", "c"], 0.7)
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1)]


@pytest.mark.parametrize("sample", [[], ["One"], ["", ""]])
def test_too_few_to_compare(sample):
    one, _other = similar.candidates(sample, [[1]] * len(sample), list(range(len(sample))), 0.7)
    assert len(one) == 0
