"""Watching: for oneself alone, each thing once, and no more than there can be."""

import pytest

from policies.actions.action import NotAllowedError, RuleError
from policies.models import Area
from tests.policies import factories
from tracker.actions import watching
from tracker.actions.newsroom import latest
from tracker.watches import Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return factories.user()


@pytest.fixture
def place():
    return Area.objects.get(gss_code="E08000003")


def watch(user, thing, kind="place", frequency="daily"):
    return watching.watch(by=user, kind=kind, frequency=frequency, thing=thing)


def test_begins_with_what_is_there_behind_it(user, place, landscape):
    one = watch(user, place)
    assert one.after == latest() > 0
    assert (one.area, one.frequency, one.user) == (place, "daily", user)


def test_of_one_thing_once(user, place):
    watch(user, place)
    watch(factories.user(), place)
    with pytest.raises(RuleError, match="You watch it already"):
        watch(user, place, frequency="weekly")
    assert user.watches.count() == 1


def test_has_a_most(user, place, monkeypatch):
    monkeypatch.setattr(watching, "MOST", 2)
    for _ in range(2):
        factories.watch(user=user)
    with pytest.raises(RuleError, match="the most there can be"):
        watch(user, place)


def test_of_a_search_is_of_one_s_own_and_of_flags(user):
    for search in (factories.saved_search(place="flags"), factories.saved_search(user=user, place="policies")):
        with pytest.raises(NotAllowedError):
            watch(user, search, "search")
    assert watch(user, factories.saved_search(user=user, place="flags"), "search").search


def test_a_list_is_saved_and_watched_or_neither(user):
    one = watching.watch_list(by=user, name="Bad ones", query="severity=high", frequency="weekly")
    assert (one.search.name, one.search.query, one.search.place) == ("Bad ones", "severity=high", "flags")
    with pytest.raises(RuleError, match="already"):
        watching.watch_list(by=user, name="bad ones", query="severity=low", frequency="weekly")
    assert user.watches.count() == user.saved_searches.count() == 1


def test_goes_with_the_search_that_is_deleted(user):
    one = watching.watch_list(by=user, name="Bad ones", query="severity=high", frequency="weekly")
    one.search.delete()
    assert not Watch.objects.filter(pk=one.pk).exists()


def test_stops_and_leaves_the_search(user):
    one = watching.watch_list(by=user, name="Bad ones", query="severity=high", frequency="weekly")
    watching.stop_watching(by=user, watch=one)
    assert (user.watches.count(), user.saved_searches.count()) == (0, 1)


def test_is_nobody_else_s_business(user, place):
    one, other = watch(user, place), factories.user(is_administrator=True)
    for act in (
        lambda: watching.stop_watching(by=other, watch=one),
        lambda: watching.turn_off(by=other, watch=one),
        lambda: watching.change_frequency(by=other, watch=one, frequency="off"),
    ):
        with pytest.raises(NotAllowedError):
            act()
    one.refresh_from_db()
    assert one.frequency == "daily"


def test_a_faster_frequency_keeps_its_place(user, place):
    one = watch(user, place)
    factories.news()
    watching.change_frequency(by=user, watch=one, frequency="instant")
    before = one.after
    one.refresh_from_db()
    assert (one.after, one.frequency) == (before, "instant")


def test_turning_off_keeps_the_list(user, place):
    first, second = watch(user, place), factories.watch(user=user)
    stays = factories.watch()
    watching.turn_off(by=user, watch=first)
    assert set(user.watches.values_list("pk", "frequency")) == {(first.pk, "off"), (second.pk, "instant")}
    watching.turn_off(by=user)
    assert set(user.watches.values_list("frequency", flat=True)) == {"off"}
    stays.refresh_from_db()
    assert stays.frequency == "instant"
