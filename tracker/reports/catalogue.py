"""Every report there is, by its code."""

from tracker.reports.briefing import BriefingsTests

REPORTS = {report.code: report for report in (BriefingsTests(),)}
