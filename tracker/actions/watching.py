"""Watching: what a person wants to be told of. Everybody decides it for themselves."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from policies.actions.action import NotAllowedError, RuleError, action
from policies.actions.saved import save_search
from policies.models import SearchList, User
from tracker.actions.newsroom import collect, latest
from tracker.watches import Frequency, Watch, WatchKind

MOST = 50


@action
def watch(*, by, kind, frequency, thing):
    """Watch a thing from now on: an area, an outcome, a lineage, an initiative or a saved search of flags.

    What is there already is not news. Raises RuleError for what is watched already, and past the most.
    """
    if kind == WatchKind.SEARCH and (thing.user_id != by.pk or thing.place != SearchList.FLAGS):
        raise NotAllowedError(f"{by} has no such search of flags")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once must not both be the last that fits
    if Watch.objects.filter(user=by).count() >= MOST:
        raise RuleError(f"You watch {MOST} things, the most there can be. Stop watching one first.")
    collect()
    column = {WatchKind.PLACE: "area", WatchKind.ORGANISATION: "lineage"}.get(kind, str(kind))
    values = {"kind": kind, "frequency": frequency, "after": latest(), "looked_at": timezone.now(), column: thing}
    try:
        with transaction.atomic():
            return Watch.objects.create(user=by, **values)
    except IntegrityError as error:
        if "watch_once" not in str(error):
            raise
        raise RuleError("You watch it already. Change how often you are told under What I watch.") from error


@action
def watch_list(*, by, name, query, frequency):
    """Save a list of flags with its filters under a name, and watch it."""
    search = save_search(by=by, name=name, place=SearchList.FLAGS, query=query)
    return watch(by=by, kind=WatchKind.SEARCH, frequency=frequency, thing=search)


@action
def change_frequency(*, by, watch, frequency):
    """Be told sooner, later or not now. One that was off begins anew: what came meanwhile is not news."""
    _own(by, watch)
    values = {"frequency": frequency}
    if watch.frequency == Frequency.OFF and frequency != Frequency.OFF:
        collect()
        values |= {"after": latest(), "looked_at": timezone.now()}
    Watch.objects.filter(pk=watch.pk).update(**values)


@action
def stop_watching(*, by, watch):
    """Take it off the list. A saved search stays."""
    _own(by, watch)
    watch.delete()


@action
def turn_off(*, by, watch=None):
    """What the link in an email does: no more emails about a watch, or about any. They stay on the list."""
    found = Watch.objects.filter(user=by)
    if watch is not None:
        _own(by, watch)
        found = found.filter(pk=watch.pk)
    found.update(frequency=Frequency.OFF)


def _own(by, watch):
    if watch.user_id != by.pk:
        raise NotAllowedError(f"{by} does not watch this")
