"""The addresses where an organisation says what it sees in somebody's record: /policies/MHCLG-0001/links/."""

from django.urls import path

from tracker.web import links
from tracker.web.views import assertions

urlpatterns = [
    address
    for kind, name in links.LISTS.items()
    for address in (
        path(f"{name}/<reference:reference>/links/", assertions.listing, {"kind": kind}, name=f"{kind.value}_links"),
        path(
            f"{name}/<reference:reference>/links/<slug:organisation>/<slug:outcome>/",
            assertions.one,
            {"kind": kind},
            name=f"{kind.value}_link",
        ),
    )
]
