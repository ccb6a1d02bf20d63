"""One search over the whole register: initiatives of every kind, and organisations."""

from django.db.models import Count, Prefetch
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from policies.models import Initiative, Kind, Organisation, Responsibility, Role
from tracker.filters import InitiativeFilter, OrganisationFilter
from tracker.web import links, saved
from tracker.web.forms import FilterForm
from tracker.web.page import page

NUMBERS = {
    Kind.POLICY: lambda n: ngettext("%(n)s policy", "%(n)s policies", n) % {"n": n},
    Kind.COMMITMENT: lambda n: ngettext("%(n)s commitment", "%(n)s commitments", n) % {"n": n},
    Kind.PARTNERSHIP: lambda n: ngettext("%(n)s partnership", "%(n)s partnerships", n) % {"n": n},
}
MOST = 25
MOST_BODIES = 8


@require_safe
def search(request):
    """What speaks most of the words first; each kind's count leads to its list with the same words."""
    words = request.GET.get("q", "").strip()
    everything = Initiative.objects.visible_to(request.user)
    found = InitiativeFilter({"q": words}, queryset=everything, request=request, form=FilterForm)
    bodies = OrganisationFilter({"q": words}, queryset=Organisation.objects.all(), request=request, form=FilterForm)
    asked = bool(words) and not found.form.errors
    if asked and (named := _named(words, everything)):
        return redirect(links.record(named))
    context = {
        "title": _("Search"),
        "words": words,
        "problem": " ".join(found.form.errors.get("q", ())) if words else "",
        "asked": asked,
        "counts": _counts(found.qs, words) if asked else [],
        "initiatives": _shown(found.qs) if asked else [],
        "bodies": list(bodies.qs[:MOST_BODIES]) if asked and not bodies.form.errors else [],
        "record_address": links.record,
        "rows": links.rows,
        "most": MOST,
        "save": saved.offer(request) if asked else "",
    }
    return page(request, "search/search.html", context)


def _named(words, visible):
    """A record whose very reference or short code was typed."""
    return visible.filter(reference__iexact=words).first() or visible.filter(short_code__iexact=words).first()


def _counts(found, words):
    numbers = dict(found.order_by().values_list("kind").annotate(number=Count("pk")))
    return [
        {"words": NUMBERS[kind](numbers.get(kind, 0)), "count": numbers.get(kind, 0), "href": links.rows(name, q=words)}
        for kind, name in links.LISTS.items()
    ]


def _shown(found):
    leads = Responsibility.objects.filter(role=Role.LEAD).select_related("organisation")
    return list(
        found.select_related("parent").prefetch_related(Prefetch("responsibilities", leads, to_attr="leads"))[:MOST]
    )
