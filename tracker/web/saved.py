"""Saved searches: which lists they can be of, their filters in one spelling, and what these say in words."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from policies.models import Initiative, SearchList
from tracker.filters import FlagFilter, InitiativeFilter
from tracker.models import Flag
from tracker.web.chosen import words_of
from tracker.web.forms import FilterForm

FILTERS = {
    SearchList.POLICIES: InitiativeFilter,
    SearchList.COMMITMENTS: InitiativeFilter,
    SearchList.PARTNERSHIPS: InitiativeFilter,
    SearchList.FLAGS: FlagFilter,
    SearchList.SEARCH: InitiativeFilter,
}
MODELS = {InitiativeFilter: Initiative, FlagFilter: Flag}
LONGEST = 2000


def names_of(place):
    """The filters that a list has, in its own order."""
    return ["q"] if place == SearchList.SEARCH else list(FILTERS[place].base_filters)


def normalised(place, query):
    """The same filters in one spelling: those that the list knows, in its order, without what is empty."""
    asked = QueryDict(query)
    pairs = [(name, value) for name in names_of(place) for value in dict.fromkeys(asked.getlist(name)) if value.strip()]
    return urlencode(pairs)


def gone(place, query):
    """Names of stored filters that the list no longer has."""
    known = set(names_of(place))
    return [name for name in QueryDict(query) if name not in known]


def not_understood(place, query, user):
    """Names in an address that the list does not have, or whose values it does not know; a page's number is none."""
    asked, kind = QueryDict(query), FILTERS[place]
    filters = kind(asked, queryset=MODELS[kind].objects.none(), user=user, form=FilterForm)
    names = set(names_of(place))
    return [name for name in asked if name != "page" and (name not in names or name in filters.form.errors)]


def cannot_hold(place, query):
    """Whether this is no list, or no text that can be kept."""
    return place not in SearchList.values or "\0" in query or "%00" in query or len(query) > LONGEST


def refusal(names):
    """What somebody reads who wanted to save a list that is not understood."""
    words = _("The list was not saved, because the list does not understand this of it: %(names)s. Filter it again.")
    return words % {"names": ", ".join(name[:60] for name in names)}


def name_for(place, words):
    """A name to begin with: the list and its filters."""
    return ", ".join([str(SearchList(place).label), *(value for _label, value in words)])[:100]


def address(search):
    """The list with the filters, as they were stored: the list itself says what it no longer understands."""
    return f"{reverse(search.place)}?{search.query}" if search.query else reverse(search.place)


def offer(request):
    """Where the list that is shown can be saved; empty for readers who are not signed in and for bare lists."""
    place = request.resolver_match.url_name if request.resolver_match else ""
    if not request.user.is_authenticated or place not in SearchList.values:
        return ""
    query = normalised(place, request.GET.urlencode())
    return f"{reverse('saved_new')}?{urlencode({'list': place, 'query': query})}" if query else ""


def in_words(place, query, user):
    """Pairs of a filter and its value, as the list names them."""
    kind, asked = FILTERS[place], QueryDict(query)
    filters = kind(asked, queryset=MODELS[kind].objects.visible_to(user), user=user, form=FilterForm)
    filters.form.full_clean()
    found = []
    for name, field in filters.form.fields.items():
        given = [value for value in asked.getlist(name) if value.strip()]
        if name in filters.form.errors:
            found += [(str(field.label or name), value) for value in given]
        else:
            words = words_of(field, given, filters.form.cleaned_data.get(name))
            found += [(str(field.label or name), word) for word in words]
    return found
