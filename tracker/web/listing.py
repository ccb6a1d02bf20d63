"""What every list page does: filters from the address, the count, pages, sorting, and the same rows by API.

All of a list's state is in its address, so that it can be sent to somebody else and stays when one goes back.
"""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker.web import saved, watching
from tracker.web.chosen import words_of
from tracker.web.forms import FilterForm

PAGE_SIZE = 50
PAGE = "page"
SORT = "sort"


def tidied(request):
    """The address without parameters that hold nothing, as a browser sends them; None when it has none."""
    kept = [(name, value) for name, values in request.GET.lists() for value in values if value]
    if len(kept) == sum(len(values) for _name, values in request.GET.lists()):
        return None
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


class Listing:
    """One list as a request asks for it. `problem` is true when the address has something that no filter knows.

    A wrong filter shows no rows and says why: an empty list would be taken for an answer. `defaults` are values
    of filters that the address does not name.
    """

    def __init__(self, request, filterset_class, queryset, *, api="", defaults=None, page_size=PAGE_SIZE):
        self.request, self.path, self.query = request, request.path, request.GET.copy()
        self.api_path = api
        self.assumed = {name for name in defaults or {} if name not in self.query}
        for name in self.assumed:
            self.query.setlist(name, defaults[name])
        self.filterset = filterset_class(self.query, queryset=queryset, request=request, form=FilterForm)
        self.form = self.filterset.form
        _name_usual_order(self.form.fields[SORT])
        self._refuse_unknown()
        self.problem = bool(self.form.errors)
        rows = queryset.none() if self.problem else self.filterset.qs
        self.paginator = Paginator(_ordered(rows), page_size)
        self.page = self.paginator.get_page(self.query.get(PAGE))

    def _refuse_unknown(self):
        self.form.full_clean()
        for name in self.query:
            if name != PAGE and name not in self.form.fields:
                message = _("This list has no filter called “%(name)s”. Take it out of the address.")
                self.form.add_error(None, message % {"name": name[:60]})

    @property
    def count(self):
        """How many rows there are on all pages."""
        return self.paginator.count

    @property
    def pages(self):
        """How many pages there are."""
        return self.paginator.num_pages

    def href(self, number):
        """The address of a page of this list."""
        return self._address(**{PAGE: None if number == 1 else number})

    @property
    def previous(self):
        """The address of the page before, empty on the first."""
        return self.href(self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next(self):
        """The address of the page after, empty on the last."""
        return self.href(self.page.number + 1) if self.page.has_next() else ""

    @property
    def api(self):
        """The address at which a machine gets these same rows; empty where there is none."""
        return self.at(self.api_path) if self.api_path else ""

    def at(self, path):
        """Another address with the same filters and order."""
        query = _without(self.query, PAGE)
        return f"{path}?{query.urlencode()}" if query else path

    @property
    def clear(self):
        """This list without any filter, in the same order."""
        kept = QueryDict(mutable=True)
        if self.query.get(SORT):
            kept[SORT] = self.query[SORT]
        return f"{self.path}?{kept.urlencode()}" if kept else self.path

    @property
    def save(self):
        """Where this list can be saved as it is; empty where it cannot."""
        return "" if self.problem else saved.offer(self.request)

    @property
    def watch(self):
        """Where a list of flags can be watched as it is; empty where it cannot."""
        return "" if self.problem else watching.offer_list(self.request)

    def active(self):
        """The filters that are on: words of the filter, words of its value, address without it."""
        found = []
        for name, field in self.form.fields.items():
            if name in (SORT, PAGE) or name in self.assumed or self.form.errors.get(name):
                continue
            given = [value for value in self.query.getlist(name) if value.strip()]
            words = words_of(field, given, self.form.cleaned_data.get(name))
            label = str(field.label or name)
            found += [
                {"name": name, "label": label, "value": word, "remove": self._address(name, value)}
                for value, word in zip(given, words, strict=True)
            ]
        return found

    def sorting(self, *keys):
        """For a column that is sorted by the first of these keys that the list knows: address and state."""
        known = {str(value) for value, _label in getattr(self.form.fields.get(SORT), "choices", [])}
        key = next((key for key in keys if key in known or f"-{key}" in known), None)
        if key is None:
            return {}
        now = self.query.get(SORT, "")
        turned = f"-{key}" if now == key and f"-{key}" in known else key if key in known else f"-{key}"
        state = {key: "ascending", f"-{key}": "descending"}.get(now)
        return {"sort": self._address(**{SORT: turned, PAGE: None}), **({"sorted": state} if state else {})}

    def _address(self, drop="", value=None, **changes):
        query = self.query.copy()
        if drop:
            query.setlist(drop, [v for v in query.getlist(drop) if v != value])
            query.pop(PAGE, None)
        for key, new in changes.items():
            query.pop(key, None)
            if new is not None:
                query[key] = str(new)
        for key in [key for key in query if not any(query.getlist(key))]:
            query.pop(key)
        return f"{self.path}?{query.urlencode()}" if query else self.path


def _name_usual_order(field):
    """Say what the order is when none is asked for, in place of "Any"."""
    field.empty_label = _("Usual order")  # the field itself puts this one before its choices
    field.choices = [(value, words) for value, words in field.choices if value]


def _without(query, *names):
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept


def _ordered(rows: QuerySet):
    return rows if rows.ordered else rows.order_by("pk")
