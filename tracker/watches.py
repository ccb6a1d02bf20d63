"""What people watch, what there is to tell them, what they were told, and what could not be sent.

The tables stand apart from `tracker.models`, which names them for everybody else.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models import Area, Initiative, Outcome, SavedSearch, SignOff
from policies.models.recorded import recorded
from policies.models.sourced import one_of


class WatchKind(models.TextChoices):
    """What can be watched."""

    PLACE = "place", _("Place")
    OUTCOME = "outcome", _("Health outcome")
    ORGANISATION = "organisation", _("Organisation")
    INITIATIVE = "initiative", _("Policy, commitment or partnership")
    SEARCH = "search", _("Saved search of flags")


class Frequency(models.TextChoices):
    """How soon a person is told. Links in emails turn a watch off and drop nothing."""

    INSTANT = "instant", _("Within minutes")
    DAILY = "daily", _("Once a day, on working days at 8am")
    WEEKLY = "weekly", _("Once a week, on its first working day at 8am")
    OFF = "off", _("Not now")


def _about(kind, **filled):
    """A watch of a kind names one thing of that kind and no other."""
    columns = ("area", "outcome", "initiative", "search")
    others = Q(**{f"{column}__isnull": column != filled.get("column") for column in columns})
    lineage = ~Q(lineage="") if kind == WatchKind.ORGANISATION else Q(lineage="")
    return Q(kind=kind) & others & lineage


class Watch(models.Model):
    """A person wants to be told what is new about something.

    `after` is the last of the news that this watch has been looked at for, so what was there when it began is not
    new; `looked_at` is when that was.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    kind = models.CharField(max_length=12, choices=WatchKind)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="+")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, null=True, related_name="+")
    lineage = models.CharField("the organisation's lineage", max_length=100, blank=True)
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, null=True, related_name="+")
    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, null=True, related_name="watches")
    frequency = models.CharField(max_length=8, choices=Frequency)
    after = models.BigIntegerField()
    looked_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "watches"
        constraints = [
            one_of("watch", "kind", WatchKind),
            one_of("watch", "frequency", Frequency),
            models.UniqueConstraint(
                fields=["user", "kind", "area", "outcome", "lineage", "initiative", "search"],
                nulls_distinct=False,
                name="watch_once",
            ),
            models.CheckConstraint(
                condition=_about(WatchKind.PLACE, column="area")
                | _about(WatchKind.OUTCOME, column="outcome")
                | _about(WatchKind.ORGANISATION)
                | _about(WatchKind.INITIATIVE, column="initiative")
                | _about(WatchKind.SEARCH, column="search"),
                name="watch_names_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.user_id} watches {self.kind}"


class News(models.Model):
    """Something that came to be: a flag opened, or a record became public, changed or ended.

    The rows are written by one collector at a time, so their numbers follow the order in which they can be seen,
    and a reader that goes on from a number misses nothing.
    """

    flag = models.ForeignKey("tracker.Flag", on_delete=models.CASCADE, null=True, related_name="news")
    opening = models.PositiveIntegerField("which of the flag's openings", null=True)
    sign_off = models.OneToOneField(SignOff, on_delete=models.CASCADE, null=True, related_name="news")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "news"
        constraints = [
            models.UniqueConstraint(fields=["flag", "opening"], name="news_of_an_opening_once"),
            models.CheckConstraint(
                condition=Q(flag__isnull=False, opening__isnull=False, sign_off__isnull=True)
                | Q(flag__isnull=True, opening__isnull=True, sign_off__isnull=False),
                name="news_of_one_thing",
            ),
        ]

    def __str__(self):
        return f"news {self.pk}"


class Told(models.Model):
    """A person was told something; nobody is told the same twice, whatever they watch."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    news = models.ForeignKey(News, on_delete=models.CASCADE, related_name="told")

    class Meta:
        verbose_name_plural = "told"
        constraints = [models.UniqueConstraint(fields=["user", "news"], name="told_once")]

    def __str__(self):
        return f"{self.user_id} was told {self.news_id}"


class FailedNotice(models.Model):
    """A person's email could not be sent: how often, why, and when to try again. It goes once one is sent."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    times = models.PositiveIntegerField(default=1)
    error = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField("not tried again before")

    def __str__(self):
        return f"{self.user_id}: {self.times}"


class RequeuedWork(models.TextChoices):
    """What an administrator can have done again."""

    UPLOAD = "upload", _("Upload")
    CHECK = "check", _("Check")
    NOTICE = "notice", _("Email")


@recorded()
class Requeue(models.Model):
    """Work that had failed was put back in the queue: what, by whom and when."""

    work = models.CharField(max_length=8, choices=RequeuedWork)
    name = models.CharField("the upload's number, the check's code or the person's number", max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [one_of("requeue", "work", RequeuedWork)]

    def __str__(self):
        return f"{self.work} {self.name}"
