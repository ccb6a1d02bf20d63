"""What the pages that show a thing say of watching it."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.models import SearchList
from tracker.watches import Watch
from tracker.web import saved


def offer(user, kind, key, **thing):
    """The link of a thing's page to watching it, or to how it is watched; none for those not signed in."""
    if not user.is_authenticated:
        return []
    watched = Watch.objects.filter(user=user, kind=kind, **thing).first()
    if watched:
        return [{"text": _("You watch this"), "href": reverse("watch", kwargs={"number": watched.pk})}]
    return [{"text": _("Watch this"), "href": address(kind, key)}]


def address(kind, key):
    """Where a thing can be watched."""
    return f"{reverse('watch_new', kwargs={'kind': kind})}?{urlencode({'of': key})}"


def offer_list(request):
    """Where the list of flags that is shown can be watched; empty for bare lists and other lists."""
    place = request.resolver_match.url_name if request.resolver_match else ""
    if not request.user.is_authenticated or place != SearchList.FLAGS:
        return ""
    query = saved.normalised(place, request.GET.urlencode())
    return f"{reverse('watch_list')}?{urlencode({'query': query})}" if query else ""
