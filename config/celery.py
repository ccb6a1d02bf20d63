"""Celery: the fast path of background work. PostgreSQL keeps what must not be lost."""

import os

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

NOTICE_SECONDS = 60  # as long as a word to send somebody a notice stays good: see tracker.tasks

app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks(["tracker"])


@setup_logging.connect
def use_our_logging(**_kwargs):
    """Leave logging as the settings have it: Celery would replace it."""


@app.on_after_finalize.connect
def plan(sender, **_kwargs):
    """What beat sends, and how often. Any number of beats is harmless.

    The nightly scan and the daily emails take a slot each; the sweep and the notices move a cursor with what they
    write; an upload is taken up by one worker; a heartbeat twice is one.
    """
    from celery.schedules import crontab

    sender.add_periodic_task(settings.SWEEP_SECONDS, sender.tasks["tracker.tasks.scan_changes"].s(), name="sweep")
    sender.add_periodic_task(settings.SWEEP_SECONDS, sender.tasks["tracker.tasks.work_off_uploads"].s(), name="uploads")
    sender.add_periodic_task(settings.HEARTBEAT_SECONDS, sender.tasks["tracker.tasks.beat_heart"].s(), name="heartbeat")
    sender.add_periodic_task(
        crontab(hour=2, minute=30), sender.tasks["tracker.tasks.scan_nightly"].s(), name="nightly scan"
    )
    sender.add_periodic_task(NOTICE_SECONDS, sender.tasks["tracker.tasks.sweep_notices"].s(), name="notices")
    # More than once, since a lost word would otherwise cost a day; whoever has had the email gets no second.
    sender.add_periodic_task(
        crontab(hour="9-11", minute=0, day_of_week="mon-fri"),
        sender.tasks["tracker.tasks.plan_digests"].s(),
        name="daily email",
    )
