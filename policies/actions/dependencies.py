"""What needs what: a chain of needs never leads back to where it began."""

from django.db import connection

from policies.actions.action import RuleError
from policies.models import Dependency, Initiative


def refuse_circle(by, initiative):
    """Raise RuleError with the circle in words, if the needs of a record lead back to it.

    Two people who each add one half at the same moment wait for each other here, so the second sees the first's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dependencies'))")
    if circle := way_back(initiative):
        raise RuleError(in_words(by, circle))


def way_back(initiative):
    """Ids along the shortest way from a record through its needs back to itself, both ends named; or nothing.

    A revision stands for the record that it revises: what leads back to that is a circle.
    """
    start, ends = initiative.pk, {initiative.pk, initiative.revises_id}
    came_from, edge = {}, {start}
    while edge:
        found = Dependency.objects.filter(initiative__in=edge).order_by("pk")
        edge = set()
        for needing, needed in found.values_list("initiative_id", "depends_on_id"):
            if needed in ends:
                return [*_way(came_from, start, needing), needed]
            if needed not in came_from:
                came_from[needed] = needing
                edge.add(needed)
    return []


def _way(came_from, start, end):
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def in_words(by, circle):
    """The circle as one sentence; a record that the person cannot see stays unnamed."""
    seen = Initiative.objects.readable_by(by).filter(pk__in=circle)
    names = {row.pk: f"“{row.title}” ({row.reference})" for row in seen}
    first, *others = (names.get(pk, "a record that you cannot see") for pk in circle)
    first = first[:1].upper() + first[1:]
    chain = ", which needs ".join(others)
    return f"{first} needs {chain}, so none of them could come first. Remove one of these needs before you add this."
