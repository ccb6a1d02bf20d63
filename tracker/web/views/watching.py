"""What I watch: the list, adding, changing and stopping, and the links in emails that stop them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from policies.actions.action import RuleError
from policies.models import Area, Initiative, Organisation, Outcome, SearchList
from tracker.actions import notice_mail, watching
from tracker.actions.stop_links import ExpiredLinkError
from tracker.filters.watched import names_of, query_of, unknown_in
from tracker.watches import Frequency, WatchKind
from tracker.web import kept, saved
from tracker.web.forms.watching import FORMS, FrequencyForm, NamedForm
from tracker.web.page import page

TITLES = {
    WatchKind.PLACE: gettext_lazy("Watch a place"),
    WatchKind.OUTCOME: gettext_lazy("Watch a health outcome"),
    WatchKind.ORGANISATION: gettext_lazy("Watch an organisation"),
    WatchKind.INITIATIVE: gettext_lazy("Watch a policy, commitment or partnership"),
    WatchKind.SEARCH: gettext_lazy("Watch a saved search of flags"),
}


def mine(user):
    """What a person watches, with its name and the list that it stands for."""
    found = list(user.watches.select_related("user", "area", "outcome", "initiative", "search").order_by("-pk"))
    names = names_of(found)
    for watch in found:
        watch.name = names[watch.pk]
        watch.address = f"{reverse('flags')}?{query_of(watch)}"
    return found


def show(request, template, context):
    """A page about emails, not figures: it has no "as of" line."""
    return page(request, template, {"as_of": None, "last_checked": None, **context})


@login_required
@never_cache
@require_safe
def listing(request):
    """All that one watches, and what else can be watched."""
    watches = mine(request.user)
    for watch in watches:
        watch.unknown = unknown_in(watch) if watch.kind == WatchKind.SEARCH else []
    kinds = [
        (TITLES[kind], reverse("watch_new", kwargs={"kind": kind})) for kind in WatchKind if kind != WatchKind.SEARCH
    ]
    context = {"title": _("What I watch"), "watches": watches, "kinds": kinds, "off": Frequency.OFF}
    return show(request, "watching/list.html", {**context, "most": watching.MOST, "back": reverse("my_work")})


def _named(user, kind, key):
    """The thing that an address names, and its name; None for nothing named."""
    if not key:
        return None, ""
    if "\0" in key:
        raise Http404
    if kind == WatchKind.SEARCH:
        found = get_object_or_404(
            user.saved_searches, pk=key if key.isascii() and key.isdigit() and len(key) < 19 else 0
        )
        if found.place != SearchList.FLAGS:
            raise Http404
        return found, found.name
    if kind == WatchKind.INITIATIVE:
        found = get_object_or_404(Initiative.objects.visible_to(user), reference=key.upper())
        return found, f"{found.reference} {found.title}"
    model, column = {
        WatchKind.ORGANISATION: (Organisation, "code"),
        WatchKind.OUTCOME: (Outcome, "code"),
        WatchKind.PLACE: (Area, "gss_code"),
    }[kind]
    found = get_object_or_404(model, **{column: key})
    return found, found.name


def _thing(kind, thing):
    return thing.lineage if kind == WatchKind.ORGANISATION else thing


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request, kind):
    """Watch the thing that the address names, or one that is entered."""
    if kind not in WatchKind.values:
        raise Http404
    thing, name = _named(request.user, kind, request.GET.get("of", ""))
    if thing is None and kind == WatchKind.SEARCH:
        return redirect("saved")
    initial = {"frequency": Frequency.DAILY}
    typed = kept.typed(request)
    form = FrequencyForm(typed, initial=initial) if thing else FORMS[kind](typed, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            watching.watch(
                by=request.user,
                kind=kind,
                frequency=given["frequency"],
                thing=_thing(kind, thing or given["thing"]),
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You watch it from now on."))
            return redirect("watches")
    context = {"title": TITLES[kind], "form": form, "name": name, "button": _("Watch")}
    return show(request, "watching/form.html", {**context, "back": reverse("watches")})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_list(request):
    """Save the list of flags that one came from, and watch it."""
    query = request.GET.get("query", "")
    if saved.cannot_hold(SearchList.FLAGS, query):
        raise Http404
    if names := saved.not_understood(SearchList.FLAGS, query, request.user):
        messages.warning(request, saved.refusal(names))
        return redirect(f"{reverse('flags')}?{query}")
    query = saved.normalised(SearchList.FLAGS, query)
    words = saved.in_words(SearchList.FLAGS, query, request.user)
    initial = {"name": saved.name_for(SearchList.FLAGS, words), "frequency": Frequency.DAILY}
    form = NamedForm(kept.typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            watching.watch_list(by=request.user, query=query, **form.cleaned_data)
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The search is saved, and you watch it from now on."))
            return redirect("watches")
    context = {"title": _("Watch this list"), "form": form, "words": words, "button": _("Watch")}
    back = f"{reverse('flags')}?{query}" if query else reverse("flags")
    return show(request, "watching/form.html", {**context, "name": "", "back": back})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, number):
    """Be told sooner, later or not now."""
    watch = get_object_or_404(request.user.watches.select_related("area", "outcome", "initiative", "search"), pk=number)
    form = FrequencyForm(kept.typed(request), initial={"frequency": watch.frequency}, off=True)
    if request.method == "POST" and form.is_valid():
        watching.change_frequency(by=request.user, watch=watch, frequency=form.cleaned_data["frequency"])
        messages.success(request, _("Your answer is saved."))
        return redirect("watches")
    context = {"title": _("Change how you are told"), "form": form, "name": names_of([watch])[watch.pk]}
    return show(request, "watching/form.html", {**context, "button": _("Save"), "back": reverse("watches")})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, number):
    """Ask, and then stop watching."""
    watch = get_object_or_404(request.user.watches.select_related("area", "outcome", "initiative", "search"), pk=number)
    name = names_of([watch])[watch.pk]
    if request.method == "POST":
        watching.stop_watching(by=request.user, watch=watch)
        messages.success(request, _("You do not watch “%(name)s” any more.") % {"name": name})
        return redirect("watches")
    context = {"title": _("Stop watching this?"), "name": name, "back": reverse("watches")}
    return show(request, "watching/stop.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off(request, token):
    """Stop emails by the link in one, without sign-in: see `tracker.web.views.emails.stop` for why this is safe."""
    try:
        person, watch = notice_mail.watcher_of(token)
    except ExpiredLinkError:
        return expired(request)
    if person is None:
        raise Http404
    if request.method == "POST":
        watching.turn_off(by=person, watch=watch)
    on = person.watches.exclude(frequency=Frequency.OFF)
    on = on.filter(pk=watch.pk) if watch else on
    context = {"title": _("Stop the emails"), "name": names_of([watch])[watch.pk] if watch else ""}
    return show(request, "watching/off.html", {**context, "stopped": not on.exists()})


def expired(request):
    """What to do when the link in an email is too old."""
    answer = show(request, "watching/expired.html", {"title": _("This link has expired")})
    answer.status_code = 410
    return answer
