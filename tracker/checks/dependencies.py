"""DEP008: what an initiative waits for, and whether it will come in time."""

import json

from policies.models import EndOutcome
from tracker.checks.base import Check, Sql, register
from tracker.models import Severity

# `latest` is the last day on which the initiative may still be due, `earliest` the first on which what it needs may
# be: a date that is known to the year leaves a year open, and only what is surely later counts. What it needs starts
# or is due; the end of a policy's life is no date by which anything must be there. Closed as met in full is good news.
SLIPS_SQL = """
WITH waiting AS (
    SELECT d.id, i.id AS initiative_id, i.reference, i.title, COALESCE(i.due_date, i.end_date) AS own_date,
           CASE CASE WHEN i.due_date IS NULL THEN i.end_precision ELSE i.due_precision END
               WHEN 'year' THEN date_trunc('year', COALESCE(i.due_date, i.end_date)) + interval '1 year -1 day'
               WHEN 'month' THEN date_trunc('month', COALESCE(i.due_date, i.end_date)) + interval '1 month -1 day'
               ELSE COALESCE(i.due_date, i.end_date) END AS latest,
           n.id AS other_id, n.reference AS other_reference, n.title AS other_title, n.status, n.due_date,
           n.start_date, n.ended_outcome, d.note,
           CASE n.due_precision WHEN 'year' THEN date_trunc('year', n.due_date)
               WHEN 'month' THEN date_trunc('month', n.due_date) ELSE n.due_date END AS earliest,
           CASE n.start_precision WHEN 'year' THEN date_trunc('year', n.start_date)
               WHEN 'month' THEN date_trunc('month', n.start_date) ELSE n.start_date END AS earliest_start
    FROM policies_dependency AS d
    JOIN policies_initiative AS i ON i.id = d.initiative_id AND i.status = 'published'
    JOIN policies_initiative AS n ON n.id = d.depends_on_id AND n.status IN ('published', 'closed', 'withdrawn')
    WHERE {concerned}
), slipped AS (
    SELECT waiting.*,
           CASE
               WHEN status = 'withdrawn' THEN 'which has been withdrawn'
               WHEN status = 'closed' AND ended_outcome = ANY(%(ended)s)
                   THEN 'which is closed; how it ended: ' || (%(outcomes)s::jsonb ->> ended_outcome::text)
               WHEN status = 'published' AND due_date < %(today)s::date
                   THEN 'which was due by ' || to_char(due_date, 'FMDD FMMonth YYYY') || ' and has not been closed'
               WHEN status = 'published' AND earliest > latest
                   THEN 'which is due by ' || to_char(due_date, 'FMDD FMMonth YYYY') || ', later than its own date, '
                       || to_char(own_date, 'FMDD FMMonth YYYY')
               WHEN status = 'published' AND earliest_start > latest
                   THEN 'which starts on ' || to_char(start_date, 'FMDD FMMonth YYYY') || ', later than its own date, '
                       || to_char(own_date, 'FMDD FMMonth YYYY')
           END AS words
    FROM waiting
)
SELECT 'DEP008:pair:' || reference || '+' || other_reference AS fingerprint,
       %(severity)s AS found_severity,
       'pair' AS found_subject,
       initiative_id AS found_initiative,
       other_id AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       '“' || title || '” depends on “' || other_title || '”, ' || words || '.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Depends on', 'value', other_reference || ' ' || other_title),
               jsonb_build_object('label', 'State of that', 'value', CASE status WHEN 'published' THEN 'Live'
                   WHEN 'closed' THEN 'Closed' ELSE 'Withdrawn' END),
               jsonb_build_object('label', 'Due date of that', 'value', COALESCE(due_date::text, 'Not recorded')),
               jsonb_build_object('label', 'Own due or end date', 'value', COALESCE(own_date::text, 'Not recorded')),
               jsonb_build_object('label', 'What is said of the dependency', 'value', note)
           )
       ) AS proof
FROM slipped WHERE words IS NOT NULL
"""


@register
class DependencySlips(Check):
    """Flags: a live initiative that depends on another that is overdue, due or starting later than it, closed without
    having been met in full, or withdrawn. Dates known to the month or year count as later only where every day of
    them is. Where either date is not recorded, nobody can tell, and nothing is flagged on its account.

    Why: a plan is as late as the latest thing that it waits for, and its lead may be the last to know.

    Do: talk to the lead of what is needed. Then move a date, find another way, or take the dependency away.

    Source: this tracker's own, after the Treasury's Green Book: dependencies are part of a plan and are managed.
    """

    code = "DEP008"
    title = "Dependency slips"
    severity = Severity.HIGH
    subject = "pair"

    def found(self, scope):
        narrow = "(d.initiative_id = ANY(%(initiatives)s) OR d.depends_on_id = ANY(%(initiatives)s))"
        ended = [outcome for outcome in EndOutcome if outcome != EndOutcome.MET]
        return Sql(
            SLIPS_SQL.format(concerned="true" if scope.initiatives is None else narrow),
            {
                "severity": self.severity,
                "today": scope.today,
                "ended": [outcome.value for outcome in ended],
                "outcomes": json.dumps({outcome.value: outcome.label.lower() for outcome in ended}),
                "initiatives": sorted(scope.initiatives or ()),
            },
        )
