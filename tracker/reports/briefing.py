"""The briefing's tests: the findings of the Health Foundation's briefing of 2021, asked of any portfolio."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policies.models import Initiative
from tracker.models import Scan
from tracker.reports.base import Report, Result
from tracker.reports.coverage import coverage
from tracker.reports.findings.criteria import health_in_criteria
from tracker.reports.findings.departments import fragmentation
from tracker.reports.findings.devolution import deals
from tracker.reports.findings.progress import health_measures
from tracker.reports.findings.roles import local_role, nhs_role
from tracker.reports.findings.tilt import tilt
from tracker.reports.portfolio import PortfolioFilter

FINDINGS = (tilt, health_in_criteria, nhs_role, local_role, fragmentation, health_measures, deals)


class BriefingsTests(Report):
    """Seven findings, each computed from the rows."""

    code = "briefings-tests"
    title = _("The briefing’s tests")
    description = _(
        "Seven questions that the Health Foundation asked of levelling up in 2021, answered from the register: where "
        "the money goes, whether health counts in giving it out, who has a part, and whether anybody would notice."
    )

    def filterset(self, data=None, *, user=None, form=None):
        """The portfolio that is asked about."""
        return PortfolioFilter(data, queryset=Initiative.objects.none(), user=user, form=form)

    def result(self, filterset, *, user=None):
        """The seven findings for what the user can see of the portfolio."""
        portfolio = filterset.portfolio()
        return Result(
            title=str(self.title),
            portfolio=portfolio.label,
            coverage=coverage(portfolio),
            findings=tuple(finding(portfolio) for finding in FINDINGS),
            as_of=timezone.now(),
            last_scan=Scan.objects.visible_to(user).finished().first(),
        )
