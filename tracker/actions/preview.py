"""What if: the flags that would open and close if a draft or a revision were published now.

The same checks run over the same neighbourhood before and after, in a transaction that is rolled back: nothing is
written, no change is logged, nobody is told.
"""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from policies.actions.action import RuleError
from policies.actions.revisions import carry_over
from policies.models import Initiative, OutcomeLink, Status
from tracker.actions.reconcile import compiled
from tracker.actions.scans import Neighbourhood
from tracker.checks.limits import configured
from tracker.models import Severity

FOUND_SQL = """
SELECT DISTINCT ON (fingerprint) fingerprint, found_severity::text, found_initiative::bigint, found_other::bigint,
       sentence::text
FROM ({query}) AS breach ({columns})
ORDER BY fingerprint, proof::text
"""


@dataclass(frozen=True)
class Finding:
    """A flag as it would be: its check, how severe, what about, and in what words."""

    check: type
    severity: str
    initiative: int | None
    other: int | None
    sentence: str


@dataclass
class Preview:
    """What would change. `refusal` says why it could not be published as it stands, if it could not."""

    opens: list = field(default_factory=list)
    closes: list = field(default_factory=list)
    refusal: str = ""


def what_if_published(initiative, *, user, today=None) -> Preview:
    """Flags that would open and close, most severe first: those about records that the user can read."""
    today = today or timezone.localdate()
    with transaction.atomic():
        around = _around(initiative)
        before = _found(around, today)
        try:
            _publish(initiative)
        except RuleError as error:
            transaction.set_rollback(True)
            return Preview(refusal=str(error))
        after = _found(around, today)
        readable = _readable(user, [*before.values(), *after.values()])
        transaction.set_rollback(True)
    return Preview(
        opens=_told(after, before, readable),
        closes=_told(before, after, readable),
    )


def _around(initiative):
    """What the publication can bear on, as a scan after it would work it out."""
    record = initiative.revises or initiative
    near = {record.pk, record.parent_id, initiative.parent_id} - {None}
    own = frozenset(near | set(Initiative.objects.filter(parent=record).values_list("pk", flat=True)))
    outcomes = OutcomeLink.objects.filter(initiative__in={*own, initiative.pk}).values("outcome")
    sharing = OutcomeLink.objects.filter(outcome__in=outcomes).values_list("initiative_id", flat=True)
    return Neighbourhood(own=own, outcome=own | frozenset(sharing))


def _found(around, today):
    found = {}
    with connection.cursor() as cursor:
        for check in configured().values():
            query, columns, parameters = compiled(check.found(around.scope(check, today)))
            cursor.execute(FOUND_SQL.format(query=query, columns=columns), parameters)
            found |= {fingerprint: Finding(type(check), *rest) for fingerprint, *rest in cursor.fetchall()}
    return found


def _publish(initiative):
    """As approval does it, without asking who."""
    if initiative.revises_id:
        carry_over(initiative)
        return
    Initiative.objects.filter(pk=initiative.pk).update(
        status=Status.PUBLISHED,
        published_at=timezone.now(),
        published_by=initiative.created_by_id,
        submitted_at=None,
        submitted_by=None,
    )


def _readable(user, findings):
    named = {pk for finding in findings for pk in (finding.initiative, finding.other)} - {None}
    return set(Initiative.objects.readable_by(user).filter(pk__in=named).values_list("pk", flat=True)) | {None}


def _told(these, those, readable):
    """Findings of the first that the second lacks, as far as the reader may know of them."""
    order = list(Severity.values)
    found = [
        finding
        for fingerprint, finding in these.items()
        if fingerprint not in those and {finding.initiative, finding.other} <= readable
    ]
    return sorted(found, key=lambda finding: (order.index(finding.severity), finding.check.code, finding.sentence))
