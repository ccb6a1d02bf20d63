"""What a watch is about: the list of flags that it stands for, the records, and what it is called."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from policies.models import Initiative, Organisation
from tracker.filters.flags import FlagFilter
from tracker.filters.initiatives import InitiativeFilter
from tracker.filters.lineages import lineages
from tracker.watches import WatchKind


def query_of(watch):
    """The filters of the list of flags that a watch stands for, as they stand in its address."""
    if watch.kind == WatchKind.SEARCH:
        return watch.search.query
    query = QueryDict(mutable=True)
    if watch.kind == WatchKind.PLACE:
        query["place"] = watch.area.gss_code
    elif watch.kind == WatchKind.OUTCOME:
        query["outcome"] = watch.outcome.code
    elif watch.kind == WatchKind.ORGANISATION:
        query["role_lineage"] = watch.lineage
    else:
        query["initiative"] = watch.initiative.reference
    return query.urlencode()


def unknown_in(watch):
    """Names of filters of the watch that the list of flags does not have or does not understand any more."""
    query = QueryDict(query_of(watch))
    form = FlagFilter(query, user=watch.user).form
    return [name for name in query if name not in form.fields or name in form.errors]


def flags_of(watch, user, flags):
    """Those of the flags that a watch is about, most severe first; none where its search is not understood."""
    query = QueryDict(query_of(watch))
    filters = FlagFilter(query, queryset=flags, user=user)
    if set(query) - set(filters.form.fields) or filters.form.errors:
        return flags.none()
    return filters.qs.by_severity()


def records_of(watch, user):
    """The records that a watch is about, of those that the person may see; none for a search of flags."""
    readable = Initiative.objects.visible_to(user)
    if watch.kind == WatchKind.INITIATIVE:
        return readable.filter(pk=watch.initiative_id)
    if watch.kind == WatchKind.ORGANISATION:
        bodies = Organisation.objects.filter(lineage=watch.lineage)
        return readable.filter(responsibilities__organisation__in=bodies)
    if watch.kind == WatchKind.SEARCH:
        return readable.none()
    return InitiativeFilter(QueryDict(query_of(watch)), queryset=readable, user=user).qs


def names_of(watches):
    """By watch: what it is called. One query for the organisations among them."""
    wanted = {watch.lineage for watch in watches if watch.kind == WatchKind.ORGANISATION}
    bodies = dict(lineages().filter(lineage__in=wanted).values_list("lineage", "name")) if wanted else {}
    return {watch.pk: _name(watch, bodies) for watch in watches}


def _name(watch, bodies):
    if watch.kind == WatchKind.ORGANISATION:
        return bodies.get(watch.lineage, watch.lineage)
    if watch.kind == WatchKind.INITIATIVE:
        readable = Initiative.objects.readable_by(watch.user).filter(pk=watch.initiative_id)
        title = watch.initiative.title if readable.exists() else _("a record that you can no longer open")
        return f"{watch.initiative.reference} {title}"
    return (watch.area or watch.outcome or watch.search).name
