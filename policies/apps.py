"""The register: what government has set out to do."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = "Register"
    default_auto_field = "django.db.models.BigAutoField"
