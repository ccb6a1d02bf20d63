"""What if: the flags that would open and close, and how the capitals would balance, if drafts were published now.

The change is really made, inside a savepoint that is rolled back: nothing is written, no change is logged, nobody is
told. The change log says what it bore on, just as it does for a scan, and the same checks look at that before and
after; sentences are worked out only for what differs.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies.actions.action import RuleError
from policies.actions.revisions import carry_over
from policies.models import Change, Initiative, Responsibility, Role, Status
from policies.workbook import uploads
from policies.workbook.problems import WorkbookError
from tracker.actions.findings import Finding, Look
from tracker.actions.neighbourhood import of_changes
from tracker.checks.balance import CapitalShare, balance
from tracker.checks.limits import configured
from tracker.models import Severity

MOST_LEADS = 3


@dataclass(frozen=True)
class Balance:
    """The capitals of one portfolio, before and after, in the same order."""

    name: str
    before: list[CapitalShare]
    after: list[CapitalShare]

    @property
    def moved(self):
        """Whether anything is different afterwards."""
        return self.before != self.after

    def rows(self):
        """Pairs of before and after, a capital each."""
        return list(zip(self.before, self.after, strict=True))


@dataclass
class Preview:
    """What would change. `refusal` says why it could not be published as it stands, if it could not."""

    opens: list[Finding] = field(default_factory=list)
    closes: list[Finding] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    records: int = 0
    refusal: str = ""


def what_if_published(initiative, *, user, today=None) -> Preview:
    """If a draft or a revision were published now, as far as the user may read what it bears on."""

    def make():
        draft = Initiative.objects.get(pk=initiative.pk)  # anew each time, since carrying over changes what it is given
        _publish(draft)
        return [draft.revises or draft]

    return _what_if(make, user=user, today=today)


def what_if_uploaded(upload, *, user, today=None) -> Preview:
    """If a workbook that was read were written, and all that it adds and changes were published."""

    def make():
        records = uploads.write_records(upload)
        for record in records:
            _publish(record)
        return [record.revises or record for record in records]

    return _what_if(make, user=user, today=today)


def _what_if(make, *, user, today):
    today = today or timezone.localdate()
    with transaction.atomic():
        try:
            preview = _compare(make, today, user)
        except (RuleError, WorkbookError) as error:
            preview = Preview(refusal=_words(error))
        transaction.set_rollback(True)
    return preview


def _compare(make, today, user):
    """Make the change twice: once to learn what it bears on, and again to look at that afterwards."""
    checks, since = configured(), _last_change()
    with _undone():
        records = make()
        around = of_changes(since=since)
        portfolios = {"": _("The whole register")} | _leads(records)
    looks = _looks(checks, around, today)
    before = {code: look.fingerprints() for code, look in looks.items()}
    shares = [balance(lineage) for lineage in portfolios]
    opens, closes, gone = [], [], {}
    with _undone():
        since = _last_change()
        make()
        around_again = of_changes(since=since)
        # What is new has other ids than the first time.
        again = looks if around_again == around else _looks(checks, around_again, today)
        for code, look in again.items():
            after = look.fingerprints()
            if new := after - before[code]:
                opens += look.find(only=new)
            gone[code] = before[code] - after
        changed = [balance(lineage) for lineage in portfolios]
        opens = _told(opens, user)
    for code, fewer in gone.items():
        if fewer:
            closes += looks[code].find(only=fewer)
    balances = [Balance(*row) for row in zip(portfolios.values(), shares, changed, strict=True)]
    return Preview(opens, _told(closes, user), balances, len(records))


def _looks(checks, around, today):
    return {code: Look(check, around.scope(check, today)) for code, check in checks.items()}


@contextmanager
def _undone():
    """Whatever is done within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _last_change():
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _leads(records):
    """The lead organisations of the records, by lineage: the first few, since a page shows no more."""
    found = Responsibility.objects.filter(initiative__in=records, role=Role.LEAD).order_by("organisation__code")
    return dict(found.values_list("organisation__lineage", "organisation__name")[:MOST_LEADS])


def _words(error):
    if isinstance(error, WorkbookError):
        return _("The register has changed since the workbook was read. Upload it again, and look at it afresh.")
    return str(error)


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


def _told(findings, user):
    """Findings that are only about records that the reader may read, most severe first."""
    named = {pk for finding in findings for pk in (finding.initiative, finding.other)} - {None}
    readable = set(Initiative.objects.readable_by(user).filter(pk__in=named).values_list("pk", flat=True)) | {None}
    order = list(Severity.values)
    found = [one for one in findings if {one.initiative, one.other} <= readable]
    return sorted(found, key=lambda one: (order.index(one.severity), one.check.code, one.sentence))
