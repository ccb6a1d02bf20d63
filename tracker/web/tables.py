"""Django's admin, for the rare look into a table: it shows rows and writes none.

Whatever can be changed is changed on pages that call actions. There is one way to sign in, so this site has none
of its own: it sends to the service's page, with its limits on tries, and opens for administrators only.
"""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from policies.models import Invitation, ServiceToken, User
from policies.permissions import is_administrator
from tracker.web.administering import ONLY_ADMINISTRATORS

# Columns that nobody needs to see, and why.
SECRETS = {
    (User, "password"): "a secret's digest",
    (Invitation, "digest"): "a secret's digest",
    (ServiceToken, "digest"): "a secret's digest",
}
MOST_COLUMNS = 7


class Tables(admin.AdminSite):
    """The site: every table of the register and the tracker, as it stands in the database."""

    site_header = _("Policy alignment tracker: tables")
    site_title = _("Tables")
    index_title = _("What the database holds. Nothing can be changed here.")
    site_url = "/administration/"

    def has_permission(self, request):
        """Administrators who may sign in."""
        return is_administrator(request.user)

    def login(self, request, extra_context=None):
        """The service's own page; who has signed in and is no administrator is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied(ONLY_ADMINISTRATORS)
        return redirect_to_login(request.GET.get("next") or "/django-admin/")

    def logout(self, request, extra_context=None):
        """The service's own page."""
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        """The service's own page."""
        return redirect("account_change_password")


class Rows(admin.ModelAdmin):
    """One table: its rows in pages, and each with all its columns but secrets."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def __init__(self, model, site):
        super().__init__(model, site)
        secret = {name for of, name in SECRETS if of is model}
        columns = [field.name for field in model._meta.concrete_fields if field.name not in secret]
        self.fields = columns
        self.list_display = columns[:MOST_COLUMNS]
        self.list_select_related = [name for name in self.list_display if model._meta.get_field(name).is_relation]
        self.ordering = ["-pk"]

    def lookup_allowed(self, lookup, value, request=None):
        """None by the address: a column that is not shown could be read letter by letter."""
        return False

    def has_view_permission(self, request, obj=None):
        """Administrators."""
        return is_administrator(request.user)

    has_module_permission = has_view_permission

    def has_add_permission(self, request, obj=None):
        """Nobody: actions write."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody: actions write."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody: actions write."""
        return False


site = Tables(name="admin")


def models():
    """The tables that are shown: all of ours but the history of each, which its record's page tells."""
    found = [model for label in ("policies", "tracker") for model in apps.get_app_config(label).get_models()]
    return [model for model in found if not (model._meta.proxy or hasattr(model, "pgh_tracked_model"))]


for each in models():
    site.register(each, Rows)
