"""The alignment tracker: reads the register, keeps scans and flags, reports, and shows it all."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Alignment tracker"
    default_auto_field = "django.db.models.BigAutoField"
