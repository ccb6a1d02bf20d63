"""The addresses of the pages."""

from django.urls import include, path

from policies.models import Kind
from tracker.web.views import checks, flags, home, initiatives, reports, statements

urlpatterns = [
    path("", home.home, name="home"),
    path("policies/", initiatives.listing, {"kind": Kind.POLICY}, name="policies"),
    path("policies/<str:reference>/", initiatives.record, {"kind": Kind.POLICY}, name="policy"),
    path("commitments/", initiatives.listing, {"kind": Kind.COMMITMENT}, name="commitments"),
    path("commitments/<str:reference>/", initiatives.record, {"kind": Kind.COMMITMENT}, name="commitment"),
    path("partnerships/", initiatives.listing, {"kind": Kind.PARTNERSHIP}, name="partnerships"),
    path("partnerships/<str:reference>/", initiatives.record, {"kind": Kind.PARTNERSHIP}, name="partnership"),
    path("flags/", flags.listing, name="flags"),
    path("flags/<str:fingerprint>/", flags.record, name="flag"),
    path("checks/", checks.listing, name="checks"),
    path("checks/<str:code>/", checks.record, name="check"),
    path("reports/", reports.listing, name="reports"),
    path("reports/<slug:slug>/", reports.record, name="report"),
    path("accessibility/", statements.accessibility, name="accessibility-statement"),
    path("cookies/", statements.cookies, name="cookies"),
    path("feedback/", statements.feedback, name="feedback"),
    path("account/", include("allauth.account.urls")),
]
