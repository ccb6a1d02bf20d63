"""Notices: one email a person of what is new on what they watch, and still true as it is sent.

Everything happens in one transaction: the person's row is locked, the news are read and asked again, what is told
is noted, the watches move on, and the email goes. Of two that try, the second waits and finds nothing new; when the
mail server refuses, all of it is undone, and the next sweep tries again.
"""

import datetime
import random
from dataclasses import dataclass, field

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from policies import working_days
from policies.models import Status, User
from policies.models.signoff import SignOff, SignOffStep
from tracker.actions import notice_mail
from tracker.actions.newsroom import collect, latest
from tracker.filters.watched import flags_of, records_of
from tracker.models import Flag
from tracker.watches import FailedNotice, Frequency, News, Told, Watch

log = structlog.get_logger(__name__)

HOUR = 8
MOST_TRIES = 12
LONGEST_WAIT = 4 * 60  # minutes between two tries

# The status that a record must still have for a step on its way to be told.
HOLDS = {
    SignOffStep.PUBLISHED: Status.PUBLISHED,
    SignOffStep.REVISED: Status.PUBLISHED,
    SignOffStep.REOPENED: Status.PUBLISHED,
    SignOffStep.CLOSED: Status.CLOSED,
    SignOffStep.WITHDRAWN: Status.WITHDRAWN,
}


@dataclass
class Part:
    """What is new on one watch: flags, and sign-off steps of records, the latest of each."""

    watch: Watch
    flags: list = field(default_factory=list)
    steps: list = field(default_factory=list)

    def __len__(self):
        return len(self.flags) + len(self.steps)


def people_due(*, now=None):
    """Collect the news, and return the ids of people for whom there may be an email to send."""
    now = now or timezone.now()
    if not Watch.objects.exclude(frequency=Frequency.OFF).exists():
        return []
    with transaction.atomic():
        collect()
        top = latest()
    waits = FailedNotice.objects.filter(Q(next_at__gt=now) | Q(times__gte=MOST_TRIES), user=OuterRef("user"))
    due = due_watches(now).filter(after__lt=top, user__is_active=True)
    # Those without news have had their turn; news of the next minute waits for the next one.
    due_watches(now).filter(after__gte=top).exclude(frequency=Frequency.INSTANT).update(looked_at=now)
    return list(due.filter(~Exists(waits)).order_by("user").values_list("user", flat=True).distinct())


def due_watches(now):
    """Watches whose time has come: instant ones at any time, others once a morning or a week."""
    return Watch.objects.filter(
        Q(frequency=Frequency.INSTANT)
        | Q(frequency=Frequency.DAILY, looked_at__lt=last_morning(now))
        | Q(frequency=Frequency.WEEKLY, looked_at__lt=last_morning(now, of_week=True))
    )


def last_morning(now, *, of_week=False):
    """The last 8am of a working day at or before a moment; `of_week` of the first working day of its week."""
    day = timezone.localdate(now)
    while True:
        first = not of_week or not any(
            working_days.is_working_day(day - datetime.timedelta(days=back)) for back in range(1, day.weekday() + 1)
        )
        morning = timezone.make_aware(datetime.datetime.combine(day, datetime.time(HOUR)))
        if morning <= now and working_days.is_working_day(day) and first:
            return morning
        day -= datetime.timedelta(days=1)


def send(*, user, now=None):
    """Send a person what is new, unless nothing is. Says whether an email went."""
    now = now or timezone.now()
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).filter(pk=user.pk, is_active=True).first()
        if person is None:
            return False
        top = latest()
        watches = list(
            due_watches(now)
            .filter(user=person, after__lt=top)
            .select_related("area", "outcome", "initiative", "search")
            .order_by("pk")
        )
        parts, news = gather(person, watches, top)
        Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(after=top, looked_at=now)
        if parts:
            Told.objects.bulk_create(Told(user=person, news_id=pk) for pk in news)
            FailedNotice.objects.filter(user=person).delete()
            notice_mail.message(person, parts).send()
    if parts:
        log.info("notice_sent", user=person.pk, things=sum(map(len, parts)))
    return bool(parts)


def deliver(*, user, now=None):
    """Send, and where that fails note it, for the next sweeps to try again: later each time, and not for ever."""
    try:
        return send(user=user, now=now)
    except Exception as error:  # noqa: BLE001  whatever it is, others' emails must go
        note_failure(user=user, error=error, now=now or timezone.now())
        return False


def note_failure(*, user, error, now):
    """Count a try that failed, and plan the next: 1, 2, 4, … minutes on and up to half as long again, by chance."""
    words = f"{type(error).__name__}: {error}"[:300]
    with transaction.atomic():
        row, new = FailedNotice.objects.select_for_update().get_or_create(
            user=user, defaults={"error": words, "since": now, "next_at": now}
        )
        times = row.times if new else row.times + 1
        wait = min(2 ** (times - 1), LONGEST_WAIT) * random.uniform(1, 1.5)  # noqa: S311  no secret
        FailedNotice.objects.filter(pk=row.pk).update(
            times=times, error=words, next_at=now + datetime.timedelta(minutes=wait)
        )
    log.warning("notice_failed", user=user.pk, times=times, error=type(error).__name__)


def gather(user, watches, top):
    """What is new on a person's watches and still true, each thing once; and the numbers of the news it is."""
    parts, seen = [], set()
    for watch in watches:
        flags = [flag for flag in _flags(watch, user, top) if flag.news_id not in seen]
        steps = [step for step in _steps(watch, user, top) if step.news_id not in seen]
        seen |= {row.news_id for row in (*flags, *steps)}
        if flags or steps:
            parts.append(Part(watch, flags, steps))
    return parts, sorted(seen)


def _untold(watch, user, top, **of):
    """News of a row that came after a watch's last turn, and that the person has not been told."""
    told = Told.objects.filter(user=user, news=OuterRef("pk"))
    return News.objects.filter(~Exists(told), pk__gt=watch.after, pk__lte=top, **of)


def _flags(watch, user, top):
    """Flags of the watch that opened or opened again, stand, and can be seen and read by the person now."""
    news = _untold(watch, user, top, flag=OuterRef("pk"), opening=OuterRef("times_opened"))
    flags = Flag.objects.visible_to(user).needing_attention().filter(Exists(news))
    found = list(flags_of(watch, user, flags))
    numbers = dict(
        _untold(watch, user, top, flag__in=[flag.pk for flag in found]).order_by("pk").values_list("flag_id", "pk")
    )
    for flag in found:
        flag.news_id = numbers[flag.pk]
    return found


def _steps(watch, user, top):
    """Steps of records that the watch is about: the last of each record, if the record still stands there."""
    records = records_of(watch, user)
    news = _untold(watch, user, top, sign_off=OuterRef("pk"))
    steps = SignOff.objects.filter(Exists(news), initiative__in=records.values("pk")).select_related("initiative")
    last = steps.order_by("initiative", "-pk").distinct("initiative")
    found = [step for step in last if step.initiative.status == HOLDS[step.step]]
    numbers = dict(News.objects.filter(sign_off__in=[s.pk for s in found]).values_list("sign_off_id", "pk"))
    for step in found:
        step.news_id = numbers[step.pk]
    return found
