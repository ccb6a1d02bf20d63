"""The web server's way in."""

import os

from django.core.wsgi import get_wsgi_application

# Made the current Celery app by importing it: without it this process would send its tasks to nowhere.
from config.celery import app as celery_app

__all__ = ["application", "celery_app"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
