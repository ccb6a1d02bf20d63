"""The daily email: what waits for one person, at most once a day, read anew at the moment of sending.

It goes out only on a working day, and only when something has come to a step since the last one: it is new, its
deadline is near or has passed, or it has waited for a week, two or four. So nobody is told the same every day, and
a step that fell on a day when no email went out is made up for by the next.
"""

import datetime
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import permissions, waiting, working_days
from policies.models import User
from tracker.actions.stop_links import number_in, token_for
from tracker.models import Slot

log = structlog.get_logger(__name__)

# Working days after which a thing that waits is told: decisions from the next day on, roles after a week.
DECISIONS = (1, 5, 10, 20)
ROLES = (5, 10, 20)
NEAR = 2  # working days before a deadline
MOST = 20  # of one kind are named; the rest are counted


@dataclass
class Digest:
    """What waits for a person, by kind, and whether any of it has come to a step."""

    updates: list = field(default_factory=list)
    missed: list = field(default_factory=list)
    moves: list = field(default_factory=list)
    reviews: list = field(default_factory=list)
    roles: list = field(default_factory=list)
    worth_sending: bool = False

    def __len__(self):
        return sum(map(len, (self.updates, self.missed, self.moves, self.reviews, self.roles)))


def people_waited_for(*, today=None):
    """Ids of those for whom there is an email to send today; none on a day on which people do not work."""
    today = today or timezone.localdate()
    if not working_days.is_working_day(today):
        return []
    return [
        user.pk for user in _asked() if not _has_had(user, today) and gather(user, today, _last(user)).worth_sending
    ]


def send(*, user, day):
    """Send a person the email of a day, unless they have had it or nothing waits any more. Says whether it went.

    The day's row is taken in the same transaction: of two that try, the second waits for the first, and when the
    mail server refuses, the row goes with the failure, so that the next try may send.
    """
    with transaction.atomic():
        user = _asked().filter(pk=user.pk).first()
        if user is None or not working_days.is_working_day(day):
            return False
        digest = gather(user, day, _last(user))
        if not digest.worth_sending:
            return False
        _, mine = Slot.objects.get_or_create(name=_name(user), due=_morning(day))
        if not mine:
            return False
        _message(user, digest, day).send()
    log.info("digest_sent", user=user.pk, things=len(digest))
    return True


def gather(user, today, last):
    """What waits for a person on a day. `last` is the day of the email before, or None."""
    missed = list(waiting.updates_missed(user, today))
    told = {request.initiative_id for request in missed}
    found = Digest(
        updates=[r for r in waiting.updates_asked_of(user, today) if r.initiative_id not in told],
        missed=missed,
        moves=list(waiting.moves_to_decide(user)),
        reviews=list(waiting.reviews(user)),
        roles=[r for r in waiting.roles_to_answer(user) if _days(r.waits_since, today) >= ROLES[0]],
    )
    steps = {step for row in (*found.updates, *found.missed) for step in _steps_of(row.round)}
    for rows, numbers in ((found.moves, DECISIONS), (found.reviews, DECISIONS), (found.roles, ROLES)):
        steps |= {working_days.after(since, n) for since in {_date(r.waits_since) for r in rows} for n in numbers}
    found.worth_sending = any((last is None or last < step) and step <= today for step in steps)
    return found


def _steps_of(asked):
    """The days on which a request is told: asked, nearly due, overdue, passed on, passed on again."""
    deadline = asked.deadline
    return (
        asked.opened_on,
        max(asked.opened_on, working_days.before(deadline, NEAR)),
        *(working_days.after(deadline, n) for n in (1, waiting.TO_APPROVERS, waiting.TO_ADMINISTRATORS)),
    )


def _date(moment):
    return timezone.localdate(moment)


def _days(moment, today):
    """How many working days a thing has waited."""
    return working_days.passed(_date(moment), today)


def _asked():
    """People who may be written to: active, not opted out, and able to do something about what waits."""
    writes = Q(memberships__role__in=permissions.WRITERS)
    return (
        User.objects.filter(Q(is_administrator=True) | writes, is_active=True, wants_digest=True)
        .order_by("pk")
        .distinct()
    )


def _name(user):
    return f"digest {user.pk}"


def _morning(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _has_had(user, day):
    return Slot.objects.filter(name=_name(user), due=_morning(day)).exists()


def _last(user):
    """The day of the last email to a person, or None."""
    last = Slot.objects.filter(name=_name(user)).order_by("-due").first()
    return _date(last.due) if last else None


def _message(user, digest, day):
    site = settings.SITE_ADDRESS.rstrip("/")
    stop = f"{site}{reverse('digest_stop', kwargs={'token': token_of(user)})}"
    context = {
        "user": user,
        "digest": digest,
        "most": MOST,
        "site": site,
        "stop": stop,
        "waited": lambda moment: _days(moment, day),
        "overdue": lambda deadline: working_days.passed(deadline, day),
    }
    return EmailMessage(
        subject=_("Policy alignment tracker: what waits for you (%(count)s)") % {"count": len(digest)},
        body=render_to_string("mail/digest.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def token_of(user):
    """What the link in an email proves: that whoever follows it got the email of this person."""
    return token_for("digest", user.pk)


def user_of(token):
    """The person of a link, or None when nobody's. Raises ExpiredLinkError."""
    number = number_in("digest", token)
    return None if number is None else User.objects.filter(pk=number).first()
