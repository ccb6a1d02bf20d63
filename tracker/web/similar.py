"""Promises that may be the same as one that is being written, and who leads them."""

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F, Prefetch

from policies.models import Initiative, Kind, Responsibility, Role, Status

# How alike two titles must be, 0 to 1. Found by trial on the landscape: below it, most pairs share only common words.
LEAST = 0.33
MOST = 3


def similar(initiative, user):
    """The most alike commitments that the user can see, nearest first; closed ones too, as they were promised."""
    leads = Responsibility.objects.filter(role=Role.LEAD).select_related("organisation")
    return list(
        Initiative.objects.visible_to(user)
        .filter(kind=Kind.COMMITMENT)
        .exclude(pk=initiative.pk)
        .exclude(status=Status.WITHDRAWN)
        .annotate(likeness=TrigramSimilarity("title", initiative.title))
        .filter(likeness__gte=LEAST)
        .order_by(F("likeness").desc(), "reference")
        .prefetch_related(Prefetch("responsibilities", leads, to_attr="leads"))[:MOST]
    )
