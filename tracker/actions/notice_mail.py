"""The email about what is new on what a person watches."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from policies.models import User
from tracker.actions.stop_links import number_in, token_for
from tracker.checks.catalogue import catalogue
from tracker.filters.watched import names_of, query_of
from tracker.watches import Watch

MOST = 20  # are named in an email; the rest are counted

ONE, ALL = "watch", "watches"


def message(user, parts):
    """The email. The first of the things are named, and the rest counted beside a link to their list."""
    site = settings.SITE_ADDRESS.rstrip("/")
    stop_all = f"{site}{_stop(ALL, user.pk)}"
    shown = _shown(parts, names_of([part.watch for part in parts]), site)
    header = shown[0]["stop"] if len(shown) == 1 else stop_all
    flags, records = sum(len(part.flags) for part in parts), sum(len(part.steps) for part in parts)
    context = {"user": user, "parts": shown, "site": site, "stop_all": stop_all}
    return EmailMessage(
        subject=_subject(flags, records),
        body=render_to_string("mail/notice.txt", context),
        to=[user.email],
        headers={
            "List-Unsubscribe": f"<{header}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def _subject(flags, records):
    number = flags + records
    if not records:
        words = ngettext("%(n)s new flag on what you watch", "%(n)s new flags on what you watch", number)
    elif not flags:
        words = ngettext("%(n)s record that you watch changed", "%(n)s records that you watch changed", number)
    else:
        words = ngettext("%(n)s thing is new on what you watch", "%(n)s things are new on what you watch", number)
    return f"Policy alignment tracker: {words % {'n': number}}"


def _shown(parts, names, site):
    checks, room, found = catalogue(), MOST, []
    for part in parts:
        steps = part.steps[:room]
        flags = part.flags[: room - len(steps)]
        room -= len(steps) + len(flags)
        for flag in flags:
            flag.check = checks.get(flag.check_code)
        found.append(
            {
                "name": names[part.watch.pk],
                "count": len(part),
                "steps": steps,
                "flags": flags,
                "more": len(part) - len(steps) - len(flags),
                "list": f"{site}{reverse('flags')}?{query_of(part.watch)}",
                "stop": f"{site}{_stop(ONE, part.watch.pk)}",
            }
        )
    return found


def _stop(about, number):
    return reverse("watch_off", kwargs={"token": f"{about}.{token_for(about, number)}"})


def watcher_of(token):
    """(person, watch) of a link, the watch None for one that is about all; (None, None) for nobody's.

    A watch that is gone leaves nothing to stop: its link is nobody's. Raises ExpiredLinkError.
    """
    about, _dot, signed = token.partition(".")
    if about not in (ONE, ALL):
        return None, None
    number = number_in(about, signed)
    if number is None:
        return None, None
    if about == ALL:
        return User.objects.filter(pk=number).first(), None
    watch = Watch.objects.select_related("user", "area", "outcome", "initiative", "search").filter(pk=number).first()
    return (watch.user, watch) if watch else (None, None)
