"""Saved searches: saving one, and one's own list of them. Nobody sees those of others."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from policies.actions import saved as actions
from policies.actions.action import RuleError
from policies.models import SearchList
from tracker.web import kept, saved
from tracker.web.forms.saved import SearchNameForm
from tracker.web.page import page


def mine(user):
    """A person's own saved searches by name, each with its address and the filters that are gone."""
    found = list(user.saved_searches.order_by("name"))
    for search in found:
        search.address = saved.address(search)
        search.gone = saved.gone(search.place, search.query)
    return found


@login_required
@never_cache
@require_safe
def listing(request):
    """All of one's own."""
    context = {"title": _("Saved searches"), "searches": mine(request.user), "most": actions.MOST}
    return page(request, "saved/list.html", {**context, "back": reverse("my_work")})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Name the list that one came from, with its filters."""
    place, query = request.GET.get("list", ""), request.GET.get("query", "")
    if saved.cannot_hold(place, query):
        raise Http404
    if names := saved.not_understood(place, query, request.user):
        messages.warning(request, saved.refusal(names))
        return redirect(f"{reverse(place)}?{query}")
    query = saved.normalised(place, query)
    words = saved.in_words(place, query, request.user)
    form = SearchNameForm(kept.typed(request), initial={"name": saved.name_for(place, words)})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            search = actions.save_search(by=request.user, name=name, place=place, query=query)
        except RuleError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The search is saved. You find it under My work."))
            return redirect(saved.address(search))
    back = f"{reverse(place)}?{query}" if query else reverse(place)
    context = {"title": _("Save this search"), "form": form, "words": words, "list": SearchList(place).label}
    return page(request, "saved/new.html", {**context, "back": back, "button": _("Save the search")})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request, number):
    """Another name."""
    search = get_object_or_404(request.user.saved_searches, pk=number)
    form = SearchNameForm(kept.typed(request), initial={"name": search.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_search(by=request.user, search=search, name=form.cleaned_data["name"])
        except RuleError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The search has its new name."))
            return redirect("saved")
    context = {"title": _("Rename this search"), "form": form, "words": [], "list": search.get_place_display()}
    return page(request, "saved/new.html", {**context, "back": reverse("saved"), "button": _("Save the name")})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, number):
    """Ask, and then delete."""
    search = get_object_or_404(request.user.saved_searches, pk=number)
    if request.method == "POST":
        name = search.name
        actions.delete_search(by=request.user, search=search)
        messages.success(request, _("The search “%(name)s” was deleted.") % {"name": name})
        return redirect("saved")
    return page(
        request, "saved/delete.html", {"title": _("Delete this search?"), "search": search, "back": reverse("saved")}
    )
