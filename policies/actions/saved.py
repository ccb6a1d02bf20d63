"""Searches that people keep for themselves."""

from django.db import IntegrityError, transaction

from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import SavedSearch, User

MOST = 50


@action
def save_search(*, by, name, place, query):
    """Keep a list with its filters under a name. Raises RuleError for a name that is taken, and past the most."""
    User.objects.select_for_update().get(pk=by.pk)  # two at once must not both be the last that fits
    if SavedSearch.objects.filter(user=by).count() >= MOST:
        raise RuleError(f"You have {MOST} saved searches, the most there can be. Delete one first.")
    return _named(lambda: SavedSearch.objects.create(user=by, name=name.strip(), place=place, query=query), name)


@action
def rename_search(*, by, search, name):
    """Give one of one's own saved searches another name."""
    _own(by, search)
    search.name = name.strip()
    return _named(lambda: search.save(update_fields=["name"]), name)


@action
def delete_search(*, by, search):
    """Drop one of one's own saved searches."""
    _own(by, search)
    search.delete()


def _own(by, search):
    if search.user_id != by.pk:
        raise NotAllowedError(f"{by} did not save this search")


def _named(write, name):
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        if "saved_search_name_once" not in str(error):
            raise
        raise RuleError(f"You have a saved search called “{name.strip()}” already. Choose another name.") from error
