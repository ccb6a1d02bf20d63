"""What a batch of changes can bear on: read from the change log, handed to the checks as their scope."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Func, Q

from policies.models import PUBLIC, Change, Initiative, OutcomeLink, Sensitivity
from tracker.checks.base import Scope

# Rows of these tables bear on any number of initiatives, so a change in one calls for a full scan.
BEARS_ON_ALL = {
    f"policies_{name}"
    for name in (
        "organisation",
        "organisationsuccession",
        "area",
        "areapart",
        "areasuccession",
        "capital",
        "outcome",
        "indicator",
        "observation",  # by the hundred thousand: their triggers name no initiatives, so that loading them stays fast
        "power",
        "powersign",
    )
} | {"tracker_thresholdvalue", "tracker_severityvalue"}

# Past this many changed initiatives, looking at everything is cheaper than naming them.
TOO_MANY = 5000


# A change is told by the record that it is of: a draft under a public policy, or one that needs another record,
# names that record too. Deleted records are in history.
TOUCHES_PUBLIC_SQL = """
WITH change AS MATERIALIZED (
    SELECT table_name, row_id, initiative_ids FROM policies_change
    WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8 AND cardinality(initiative_ids) > 0
), public AS MATERIALIZED (
    SELECT DISTINCT pgh_obj_id AS id FROM policies_initiativeevent
    WHERE pgh_obj_id IN (SELECT unnest(initiative_ids) FROM change UNION SELECT row_id FROM change
                         WHERE table_name = 'policies_initiative')
      AND status = ANY(%s) AND sensitivity = %s
)
SELECT EXISTS (
    SELECT FROM change
    WHERE CASE table_name
        WHEN 'policies_initiative' THEN row_id IN (SELECT id FROM public)
        WHEN 'policies_signoff' THEN false -- what a step makes public changes the record too
        WHEN 'policies_dependency' THEN NOT EXISTS (
            SELECT FROM unnest(initiative_ids) AS named WHERE named NOT IN (SELECT id FROM public)
        )
        ELSE EXISTS (SELECT FROM unnest(initiative_ids) AS named WHERE named IN (SELECT id FROM public))
    END
)
"""


@dataclass
class Neighbourhood:
    """What a batch of changes can bear on. `everything` means that no smaller answer is known."""

    everything: bool = False
    own: frozenset = frozenset()
    outcome: frozenset = frozenset()
    of_public: bool = True  # whether what changed is, or ever was, for everybody to read

    @property
    def empty(self):
        """Nothing that a check looks at has changed."""
        return not self.everything and not self.own

    def scope(self, check, today):
        """What a check has to look at again."""
        if self.everything or check.reach == "all":
            return Scope(today)
        return Scope(today, self.outcome if check.reach == "outcome" else self.own)


def neighbourhood(after, before, *, full):
    """What the changes of a span of transactions bear on."""
    if full:
        return Neighbourhood(everything=True)
    changes = Change.objects.settled(after=after, before=before).order_by()
    if changes.filter(table_name__in=BEARS_ON_ALL).exists():
        return Neighbourhood(everything=True)
    found = _around(changes)
    if not found.empty:
        found.of_public = _touches_public(after, before)
    return found


def of_changes(*, since):
    """What this transaction's own changes bear on: those after the change of that id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        changes = Change.objects.filter(xid=cursor.fetchone()[0], pk__gt=since)
    if changes.filter(table_name__in=BEARS_ON_ALL).exists():
        return Neighbourhood(everything=True)
    return _around(changes)


def _around(changes):
    changed = frozenset(_each(changes, "initiative_ids"))
    if not changed:
        return Neighbourhood()
    if len(changed) > TOO_MANY:
        return Neighbourhood(everything=True)
    return of_initiatives(changed, _each(changes, "outcome_ids"))


def _each(changes, column):
    """The ids in an array column of changes, each once."""
    return (
        changes.order_by().annotate(_one=Func(F(column), function="unnest")).values_list("_one", flat=True).distinct()
    )


def of_initiatives(changed, outcomes=()):
    """What changes of these initiatives, given by their ids, and of these outcomes' links can bear on."""
    changed, outcomes = frozenset(changed), set(outcomes)
    family = Initiative.objects.filter(Q(pk__in=changed) | Q(parent__in=changed) | Q(children__in=changed))
    own = changed | frozenset(family.values_list("pk", flat=True))
    outcomes |= set(OutcomeLink.objects.filter(initiative__in=own).values_list("outcome_id", flat=True))
    sharing = OutcomeLink.objects.filter(outcome__in=outcomes).values_list("initiative_id", flat=True)
    return Neighbourhood(own=own, outcome=own | frozenset(sharing))


def _touches_public(after, before):
    """Whether something that everybody can read, or once could, is among the changes of a span of transactions."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHES_PUBLIC_SQL, [after, before, PUBLIC, Sensitivity.OFFICIAL])
        return cursor.fetchone()[0]
