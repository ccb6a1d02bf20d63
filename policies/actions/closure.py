"""Which areas lie in which, at any depth: AreaClosure, computed from AreaPart and AreaSuccession."""

import datetime
from collections import defaultdict

from policies.models import Area, AreaClosure, AreaPart, AreaSuccession

EVER = (datetime.date.min, datetime.date.max)


def recompute():
    """Bring AreaClosure up to date; returns how many pairs were added, changed and removed."""
    wanted = pairs(
        areas=Area.objects.values_list("pk", flat=True),
        parts=AreaPart.objects.values_list("part_id", "whole_id", "share", "active_from", "active_to"),
        successions=AreaSuccession.objects.values_list("predecessor_id", "successor_id"),
    )
    present = {(row.ancestor_id, row.descendant_id): row.pk for row in AreaClosure.objects.all()}
    surplus = [pk for pair, pk in present.items() if pair not in wanted]
    AreaClosure.objects.filter(pk__in=surplus).delete()
    missing = sorted(wanted - present.keys())
    AreaClosure.objects.bulk_create(
        [AreaClosure(ancestor_id=ancestor, descendant_id=descendant) for ancestor, descendant in missing]
    )
    return len(missing), 0, len(surplus)


def pairs(*, areas, parts, successions):
    """Every (ancestor, descendant), each area with itself among them.

    A path goes up through wholes that the part was in at the same time. A part that only lies partly in a
    whole counts for itself, but nothing is inferred for what lies in it: a village in a county that straddles
    two NHS areas may be in either. An area that was replaced by exactly one other lies in that one; one that
    was split lies in none of its successors.
    """
    upward = defaultdict(list)
    for part, whole, share, start, end in parts:
        upward[part].append((whole, share >= 1, (start or EVER[0], end or EVER[1])))
    successors = defaultdict(list)
    for predecessor, successor in successions:
        successors[predecessor].append(successor)
    for predecessor, found in successors.items():
        if len(found) == 1:
            upward[predecessor].append((found[0], True, None))
    return {(ancestor, area) for area in areas for ancestor in _ancestors(area, upward)}


def _ancestors(area, upward):
    """The area and all above it. A step to a successor leads to another time, so its period is open again."""
    found, seen = {area}, set()
    waiting = [(whole, _step(EVER, period)) for whole, _, period in upward[area]]
    while waiting:
        state = waiting.pop()
        whole, period = state
        if state in seen or period[0] > period[1]:
            continue
        seen.add(state)
        found.add(whole)
        waiting.extend((above, _step(period, when)) for above, wholly, when in upward[whole] if wholly)
    return found


def _step(period, when):
    return EVER if when is None else (max(period[0], when[0]), min(period[1], when[1]))
