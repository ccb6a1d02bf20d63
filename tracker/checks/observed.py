"""MET, the part that looks at published values: is it measured here, lately, and does it go the right way?

All of it works as soon as observations are on the register, and says nothing of what is not known: an indicator
without any observation here may well be published elsewhere.
"""

from tracker.checks.base import Check, Sql, Threshold, register
from tracker.models import Severity

# Measures of progress by an indicator, of live initiatives in scope. `placed_by` is where places are named: the
# initiative itself or, for a commitment that names none, the live policy above it.
MEASURED = """
measured AS MATERIALIZED (
    SELECT m.id, m.indicator_id, m.baseline_value, m.baseline_date, m.target_value, m.target_date,
           COALESCE(NULLIF(m.unit, ''), x.unit) AS unit, {same_unit} AS same_unit,
           x.name, x.polarity, x.frequency, i.id AS initiative_id, i.kind, i.reference, i.title,
           CASE WHEN EXISTS (SELECT FROM policies_footprint AS f WHERE f.initiative_id = i.id) THEN i.id
                ELSE above.id END AS placed_by
    FROM policies_measure AS m
    JOIN policies_indicator AS x ON x.id = m.indicator_id
    JOIN policies_initiative AS i ON i.id = m.initiative_id AND i.status = 'published'
    LEFT JOIN policies_initiative AS above ON above.id = i.parent_id AND i.kind = 'commitment'
        AND above.status = 'published' AND above.sensitivity IN ('official', i.sensitivity)
    WHERE m.purpose = 'progress' AND (%(everything)s OR i.id = ANY(%(initiatives)s))
)"""

# Per cent and years go by several names; a target in another unit than the indicator's cannot be compared with it.
UNIT = "CASE WHEN {0} ~* '^(%%|per ?cent)' THEN '%%' WHEN {0} ~* '^(yrs?|years?)( |$)' THEN 'years' ELSE lower({0}) END"
MEASURED = MEASURED.format(
    same_unit=f"(m.unit = '' OR x.unit = '' OR {UNIT.format('m.unit')} = {UNIT.format('x.unit')})"
)

# The latest period of each indicator at each place that is asked about, or at what lies in it; and at all places.
REACHED = """
pair AS MATERIALIZED (
    SELECT DISTINCT measured.indicator_id, f.area_id
    FROM measured JOIN policies_footprint AS f ON f.initiative_id = measured.placed_by
), known AS MATERIALIZED (
    SELECT indicator_id, area_id, max(period_end) AS period_end FROM policies_observation
    WHERE indicator_id IN (SELECT indicator_id FROM measured)
    GROUP BY indicator_id, area_id
), reached AS MATERIALIZED (
    SELECT pair.indicator_id, pair.area_id, max(known.period_end) AS period_end
    FROM pair
    JOIN policies_areaclosure AS within ON within.ancestor_id = pair.area_id
    JOIN known ON known.indicator_id = pair.indicator_id AND known.area_id = within.descendant_id
    GROUP BY pair.indicator_id, pair.area_id
), anywhere AS MATERIALIZED (
    SELECT indicator_id, max(period_end) AS period_end FROM known GROUP BY indicator_id
), seen AS MATERIALIZED (
    SELECT measured.id, count(f.id) AS places, max(reached.period_end) AS period_end
    FROM measured
    LEFT JOIN policies_footprint AS f ON f.initiative_id = measured.placed_by
    LEFT JOIN reached ON reached.indicator_id = measured.indicator_id AND reached.area_id = f.area_id
    GROUP BY measured.id
)"""

FLAG = """
       %(severity)s AS found_severity,
       kind AS found_subject,
       initiative_id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area"""

NOT_HERE_SQL = f"""
WITH {MEASURED}, {REACHED}, place AS MATERIALIZED (
    SELECT measured.placed_by, count(*) AS number,
           string_agg(area.name, ', ' ORDER BY area.name, area.gss_code) AS names
    FROM (SELECT DISTINCT placed_by FROM measured) AS measured
    JOIN policies_footprint AS f ON f.initiative_id = measured.placed_by
    JOIN policies_area AS area ON area.id = f.area_id
    GROUP BY measured.placed_by
)
SELECT 'MET005:' || kind || ':' || reference || ':measure:' || id AS fingerprint, {FLAG},
       '“' || name || '” should show the effect of “' || title || '”, and has no observation on record for '
           || CASE WHEN number = 1 THEN names ELSE 'any of its ' || number || ' places' END || '.' AS sentence,
       jsonb_build_object('facts', jsonb_build_array(
           jsonb_build_object('label', 'Indicator', 'value', name),
           jsonb_build_object('label', 'Places', 'value', names),
           jsonb_build_object('label', 'Latest observation elsewhere, period to', 'value', anywhere.period_end)
       )) AS proof
FROM measured
JOIN seen USING (id)
JOIN anywhere USING (indicator_id)
JOIN place USING (placed_by)
WHERE seen.period_end IS NULL
"""  # noqa: S608 - of the constants above


class OfObservations(Check):
    """A check by one statement on measures and observations."""

    statement: str

    def found(self, scope):
        limits = {name: self.limit(name) for name in self.thresholds}
        return Sql(self.statement, scope.parameters() | {"severity": self.severity} | limits)


@register
class NotMeasuredHere(OfObservations):
    """Flags: a measure by an indicator that has observations, and none for any place that the initiative names, nor
    for a place within it. A commitment that names no place goes by the policy's.

    Why: what is published for regions alone cannot show whether it worked in a town.

    Do: choose an indicator that is published for these places, or record observations of their own.

    Source: Health Foundation, The government's levelling up agenda (2021): short- and longer-term measures of
    health and wellbeing.
    """

    code = "MET005"
    title = "Not measured here"
    severity = Severity.LOW
    statement = NOT_HERE_SQL


# The one place for which a measure can be read: the country that is named, or else the only place.
# `series` is of people, or of the one sex that the indicator is of, or else the mean of men and women; where several
# ages are published, it is not known which is meant. Periods are compared with those of the same length, so that one
# year does not follow three.
JUDGED = f"""
{MEASURED}, here AS MATERIALIZED (
    SELECT measured.placed_by,
           CASE WHEN count(*) FILTER (WHERE area.kind = 'country') = 1
                    THEN max(area.id) FILTER (WHERE area.kind = 'country')
                WHEN count(*) = 1 THEN max(area.id) END AS area_id
    FROM (SELECT DISTINCT placed_by FROM measured) AS measured
    JOIN policies_footprint AS f ON f.initiative_id = measured.placed_by
    JOIN policies_area AS area ON area.id = f.area_id
    GROUP BY measured.placed_by
), sited AS MATERIALIZED (
    SELECT measured.*, here.area_id FROM measured JOIN here USING (placed_by) WHERE here.area_id IS NOT NULL
), series AS MATERIALIZED (
    SELECT indicator_id, area_id, period_start, period_end,
           CASE WHEN count(*) FILTER (WHERE sex = 'persons') = 1 THEN max(value) FILTER (WHERE sex = 'persons')
                WHEN count(*) = 1 AND min(min(sex)) OVER whole = max(max(sex)) OVER whole THEN max(value)
                WHEN count(*) = 2 AND count(DISTINCT sex) = 2 AND count(DISTINCT age) = 1 THEN avg(value) END AS value
    FROM (SELECT DISTINCT indicator_id, area_id FROM sited) AS wanted
    JOIN policies_observation USING (indicator_id, area_id)
    GROUP BY indicator_id, area_id, period_start, period_end
    WINDOW whole AS (PARTITION BY indicator_id, area_id)
), followed AS (
    SELECT series.*,
           lag(value) OVER alike AS value_before, lag(period_end) OVER alike AS before_end,
           row_number() OVER (PARTITION BY indicator_id, area_id ORDER BY period_end DESC, period_start DESC) AS age
    FROM series WHERE value IS NOT NULL
    WINDOW alike AS (
        PARTITION BY indicator_id, area_id, round((period_end - period_start) / 30.0) ORDER BY period_end
    )
), latest AS MATERIALIZED (SELECT * FROM followed WHERE age = 1),
lined AS (
    SELECT sited.*, area.name AS place, latest.value, latest.period_end, latest.value_before, latest.before_end,
           CASE WHEN same_unit AND target_value <> baseline_value AND latest.period_end > baseline_date
                    AND target_date > baseline_date
                THEN baseline_value + (target_value - baseline_value)
                    * LEAST(1, (latest.period_end - baseline_date)::numeric / (target_date - baseline_date))
           END AS expected,
           CASE polarity WHEN 'higher' THEN 1 WHEN 'lower' THEN -1 ELSE sign(target_value - baseline_value) END AS good
    FROM sited JOIN latest USING (indicator_id, area_id) JOIN policies_area AS area ON area.id = latest.area_id
), judged AS (
    SELECT lined.*,
           COALESCE((expected - value) * sign(target_value - baseline_value)
               > abs(target_value - baseline_value) * %(behind)s / 100.0, FALSE) AS behind,
           COALESCE((value - value_before) * good < 0, FALSE) AS worse
    FROM lined
)"""  # noqa: S608 - of the constants above


def said(value, unit=False):
    """A number, as SQL that gives the text that people read; with its unit."""
    number = f"rtrim(to_char(round({value}, 2), 'FM999,999,999,999,990.99'), '.')"
    return (
        f"{number} || CASE WHEN unit = '' THEN '' WHEN unit ~* '^(%%|per ?cent)' THEN '%%' ELSE ' ' || unit END"
        if unit
        else number
    )


OFF_TRACK_SQL = f"""
WITH {JUDGED}
SELECT 'MET006:' || kind || ':' || reference || ':measure:' || id AS fingerprint, {FLAG},
       '“' || title || '” is off track: “' || name || '” stands at ' || {said("value", unit=True)} || ' in ' || place
           || ' for the period to ' || to_char(period_end, 'FMDD FMMonth YYYY') || '; on a straight line to its '
           || 'target of ' || {said("target_value", unit=True)} || ' it would be '
           || {said("expected", unit=True)} || '.' AS sentence,
       jsonb_build_object('facts', jsonb_build_array(
           jsonb_build_object('label', 'Indicator', 'value', name),
           jsonb_build_object('label', 'Place', 'value', place),
           jsonb_build_object('label', 'Baseline', 'value', {said("baseline_value")}),
           jsonb_build_object('label', 'Baseline of', 'value', baseline_date),
           jsonb_build_object('label', 'Target', 'value', {said("target_value")}),
           jsonb_build_object('label', 'Target for', 'value', target_date),
           jsonb_build_object('label', 'Latest observation', 'value', {said("value")}),
           jsonb_build_object('label', 'Period to', 'value', period_end),
           jsonb_build_object('label', 'On a straight line by then', 'value', {said("expected")})
       )) AS proof
FROM judged WHERE behind
"""  # noqa: S608 - of the constants above

BEHIND = Threshold(10, "per cent of the way from baseline to target", "ours: less may be chance from year to year")


@register
class OffTrack(OfObservations):
    """Flags: a measure of which the latest observation is behind the straight line from baseline to target, by more
    than the threshold. It is read for the country that the initiative names, or for the only place that it names;
    for people, or as the mean of men and women, or for the one of them that the indicator is of. Where the baseline,
    its date, the target or its date is not on record, or the target is in another unit than the indicator, it is not
    judged.

    Why: a target missed in its last year was usually off track for years before.

    Do: look at what holds it back while there is time; then change the plan, or move the target with a reason.

    Source: this tracker's own, after audit practice: progress is judged against a path, not against hope.
    """

    code = "MET006"
    title = "Off track"
    severity = Severity.HIGH
    thresholds = {"behind": BEHIND}
    statement = OFF_TRACK_SQL


# Between the last two names, which may hold commas themselves, stands "and".
NAMES = r"regexp_replace(string_agg(DISTINCT '“' || name || '”', ', '), '”, (“[^“]*)$', '” and \1')"

WATERMELON_SQL = f"""
WITH {JUDGED}, wrong AS MATERIALIZED (SELECT * FROM judged WHERE behind OR worse)
SELECT 'MET007:' || kind || ':' || reference AS fingerprint, {FLAG},
       '“' || title || '” was reported green on ' || to_char(reported_on, 'FMDD FMMonth YYYY') || ', while '
           || {NAMES}
           || CASE WHEN bool_and(behind) THEN CASE WHEN count(*) = 1 THEN ' is' ELSE ' are' END || ' off track.'
                   WHEN bool_and(worse AND NOT behind) THEN ' moved the wrong way.'
                   ELSE ' are off track or moved the wrong way.' END AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(jsonb_build_object('label', 'Reported green on', 'value', reported_on)),
           'columns', '["Measure", "Place", "Latest", "Period to", "Before", "Period before to", "On a straight line",
               "Target", "Found"]'::jsonb,
           'rows', jsonb_agg(jsonb_build_object(
               'Measure', name, 'Place', place, 'Latest', {said("value")}, 'Period to', period_end,
               'Before', {said("value_before")}, 'Period before to', before_end,
               'On a straight line', {said("expected")}, 'Target', {said("target_value")},
               'Found', concat_ws(', ', CASE WHEN behind THEN 'Off track' END,
                                  CASE WHEN worse THEN 'Moved the wrong way' END)
           ) ORDER BY name, id)
       ) AS proof
FROM wrong CROSS JOIN LATERAL (
    SELECT u.rag, u.reported_on FROM policies_update AS u WHERE u.initiative_id = wrong.initiative_id
    ORDER BY u.reported_on DESC LIMIT 1
) AS told
WHERE rag = 'green'
GROUP BY initiative_id, kind, reference, title, reported_on
"""  # noqa: S608 - of the constants above


@register
class Watermelon(OfObservations):
    """Flags: an initiative whose last update is green while one of its measures is off track, or its latest
    observation is worse than the one before. Measures are read as by MET006.

    Why: green outside and red inside: whoever reads the update alone sees no need to act.

    Do: ask the lead what makes it confident, and record it in the next update, or change the colour.

    Source: this tracker's own, after audit practice: reports of progress are held against the data.
    """

    code = "MET007"
    title = "Watermelon"
    severity = Severity.HIGH
    thresholds = {"behind": BEHIND}
    statement = WATERMELON_SQL


# Months between two values of an indicator, by the words of its publisher; empty where they are others.
MONTHS = """
CASE WHEN lower(frequency) IN ('annual', 'annually', 'yearly', 'every year') THEN 12
     WHEN lower(frequency) IN ('half-yearly', 'six-monthly', 'twice a year') THEN 6
     WHEN lower(frequency) IN ('quarterly', 'every quarter', 'termly') THEN 3
     WHEN lower(frequency) IN ('monthly', 'every month', 'weekly', 'daily') THEN 1
     WHEN lower(frequency) IN ('biennial', 'every two years') THEN 24
     ELSE 12 * substring(lower(frequency) FROM '^every (?:[0-9]+ to )?([0-9]{1,2}) years$')::int END"""

STALE_SQL = f"""
WITH {MEASURED}, {REACHED}, dated AS (
    SELECT measured.*, {MONTHS} AS months,
           CASE WHEN seen.places > 0 THEN seen.period_end ELSE anywhere.period_end END AS period_end
    FROM measured JOIN seen USING (id) JOIN anywhere USING (indicator_id)
)
SELECT 'MET008:' || kind || ':' || reference || ':measure:' || id AS fingerprint, {FLAG},
       '“' || name || '”, by which “' || title || '” is judged, has no observation here after '
           || to_char(period_end, 'FMDD FMMonth YYYY') || '; its frequency is ' || lower(frequency) || '.' AS sentence,
       jsonb_build_object('facts', jsonb_build_array(
           jsonb_build_object('label', 'Indicator', 'value', name),
           jsonb_build_object('label', 'Frequency', 'value', frequency),
           jsonb_build_object('label', 'Latest observation, period to', 'value', period_end)
       )) AS proof
FROM dated
WHERE period_end + make_interval(months => (months * %(times)s)::int) < %(today)s::date
"""  # noqa: S608 - of the constants above


@register
class Stale(OfObservations):
    """Flags: a measure whose latest observation, for the initiative's places or within them, ended longer ago than
    twice the indicator's frequency. Where the frequency is not known, or there is no observation, nothing is flagged.

    Why: old figures say how it was before the initiative could work.

    Do: load the newest figures; if the series has ended, choose an indicator that goes on.

    Source: this tracker's own: one period to collect and one to publish is what most publishers need.
    """

    code = "MET008"
    title = "Stale measure"
    severity = Severity.LOW
    thresholds = {"times": Threshold(2, "times the frequency", "ours: one period to collect and one to publish")}
    statement = STALE_SQL
