"""The addresses below /api/v1/. What leads nowhere is a problem in JSON, with any method and in any mode."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from tracker.api.documentation import Documentation, Schema
from tracker.api.problems import problem_not_found
from tracker.api.v1 import (
    areas,
    capitals,
    checks,
    commitments,
    flags,
    organisations,
    outcomes,
    partnerships,
    policies,
    root,
    scans,
)

router = SimpleRouter(trailing_slash=False)
router.register("policies", policies.Policies, "api-policy")
router.register("commitments", commitments.Commitments, "api-commitment")
router.register("partnerships", partnerships.Partnerships, "api-partnership")
router.register("organisations", organisations.Organisations, "api-organisation")
router.register("areas", areas.Areas, "api-area")
router.register("outcomes", outcomes.Outcomes, "api-outcome")
router.register("capitals", capitals.Capitals, "api-capital")
router.register("flags", flags.Flags, "api-flag")
router.register("checks", checks.Checks, "api-check")
router.register("scans", scans.Scans, "api-scan")

urlpatterns = [
    path("", root.Root.as_view(), name="api-root"),
    path("schema", Schema.as_view(), name="api-schema"),
    path("docs", Documentation.as_view(), name="api-docs"),
    *router.urls,
    re_path(r"", problem_not_found, name="api-not-found"),
]
