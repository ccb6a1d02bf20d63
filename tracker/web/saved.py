"""Saved searches: which lists they can be of, their filters in one spelling, and what these say in words."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

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
