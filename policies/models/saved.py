"""What people keep for themselves: searches to open again, and which of their submissions already made a record."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from .initiative import Initiative
from .sourced import one_of
from .words import visible


class SearchList(models.TextChoices):
    """The lists that a search can be saved of; the codes are the names of their addresses."""

    POLICIES = "policies", "Policies"
    COMMITMENTS = "commitments", "Commitments"
    PARTNERSHIPS = "partnerships", "Partnerships"
    FLAGS = "flags", "Flags"
    SEARCH = "search", "Search"


class SavedSearch(models.Model):
    """A list with its filters, under a name, for the person who saved it and nobody else."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches", db_index=False
    )
    name = models.CharField(max_length=100)
    place = models.CharField(max_length=20, choices=SearchList)
    query = models.CharField("filters, as they stand in the address", max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint("user", Lower("name"), name="saved_search_name_once"),
            visible("saved_search_name_filled", "name"),
            one_of("saved_search", "place", SearchList),
        ]

    def __str__(self):
        return self.name


class Submission(models.Model):
    """A form that was sent and made a record, so that sending it again finds that record and makes no second."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField("digest of the form and its answers", max_length=64)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="submissions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="submission_once")]

    def __str__(self):
        return f"{self.key[:8]} made {self.initiative_id}"
