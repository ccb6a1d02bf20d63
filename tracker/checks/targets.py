"""DEP007: clashing targets, found by looking at each indicator, place and unit once."""

from tracker.checks.base import Check, Sql, Threshold, register
from tracker.checks.facts import STANDS_IN
from tracker.models import Severity

EVERYTHING = "true"
WITHIN = """m.indicator_id = ANY(ARRAY(
        SELECT indicator_id FROM policies_measure WHERE initiative_id = ANY(%(initiatives)s)))"""

# `target` is where each initiative wants to be, when and where, in its own places or, where it names none, in those
# of the initiative above it. Equal targets for one date are one row of `aim`, however many initiatives share them, so
# that what is compared are numbers and not initiatives. Units are compared without case; a target in another unit
# cannot be compared.
CLASHING_SQL = """
WITH target AS MATERIALIZED (
    SELECT m.indicator_id, i.id, m.target_value, m.target_date,
           COALESCE(NULLIF(m.unit, ''), indicator.unit) AS unit,
           CASE WHEN EXISTS (SELECT FROM policies_footprint AS f WHERE f.initiative_id = i.id)
                THEN i.id ELSE {above} END AS placed_by
    FROM policies_measure AS m
    JOIN policies_indicator AS indicator ON indicator.id = m.indicator_id
    JOIN policies_initiative AS i ON i.id = m.initiative_id AND i.status = 'published'
    WHERE m.target_value IS NOT NULL AND m.target_date IS NOT NULL AND {targets}
), aim AS MATERIALIZED (
    SELECT target.indicator_id, f.area_id, lower(btrim(target.unit)) AS unit, target.target_value AS value,
           target.target_date AS by, array_agg(DISTINCT target.id) AS initiatives
    FROM target JOIN policies_footprint AS f ON f.initiative_id = target.placed_by
    GROUP BY target.indicator_id, f.area_id, lower(btrim(target.unit)), target.target_value, target.target_date
), clash AS (
    SELECT one.indicator_id, one.area_id, one.unit, one.value AS one_value, one.by AS one_by,
           other.value AS other_value, other.by AS other_by,
           one.initiatives AS ones, other.initiatives AS others
    FROM aim AS one
    JOIN aim AS other ON other.indicator_id = one.indicator_id AND other.area_id = one.area_id
        AND other.unit = one.unit AND other.value > one.value
    WHERE GREATEST(one.by, other.by) <= LEAST(one.by, other.by) + make_interval(months => %(months)s)
), met AS (
    SELECT clash.indicator_id, clash.unit, one_id, one_value, one_by, other_id, other_value, other_by,
           string_agg(area.name, ', ' ORDER BY area.name) AS places, count(*) AS how_many
    FROM clash
    JOIN policies_area AS area ON area.id = clash.area_id
    CROSS JOIN unnest(ones) AS one_id CROSS JOIN unnest(others) AS other_id
    WHERE one_id <> other_id AND {concerned}
    GROUP BY clash.indicator_id, clash.unit, one_id, one_value, one_by, other_id, other_value, other_by
), told AS (
    SELECT met.indicator_id, LEAST(one.reference, other.reference) AS first,
           GREATEST(one.reference, other.reference) AS second,
           '“' || one.title || '” aims for ' || trim_scale(one_value) || ' by ' || to_char(one_by, 'FMDD FMMonth YYYY')
               || ' and “' || other.title || '” for ' || trim_scale(other_value) || ' by '
               || to_char(other_by, 'FMDD FMMonth YYYY') AS words,
           CASE WHEN how_many <= 3 THEN places ELSE how_many || ' places' END AS where_to, met.unit,
           jsonb_build_array(
               jsonb_build_object('Initiative', one.reference, 'Title', one.title, 'Target', trim_scale(one_value),
                   'By', one_by, 'Places', places),
               jsonb_build_object('Initiative', other.reference, 'Title', other.title,
                   'Target', trim_scale(other_value), 'By', other_by, 'Places', places)
           ) AS rows,
           row_number() OVER (
               PARTITION BY met.indicator_id, LEAST(one.id, other.id), GREATEST(one.id, other.id)
               ORDER BY places, one_by, other_by, one_value, other_value, one.reference, met.unit
           ) AS number,
           CASE WHEN one.reference < other.reference THEN one.id ELSE other.id END AS first_id,
           CASE WHEN one.reference < other.reference THEN other.id ELSE one.id END AS second_id
    FROM met
    JOIN policies_initiative AS one ON one.id = one_id
    JOIN policies_initiative AS other ON other.id = other_id
)
SELECT 'DEP007:pair:' || first || '+' || second || ':' || indicator.code AS fingerprint,
       %(severity)s AS found_severity,
       'pair' AS found_subject,
       first_id AS found_initiative,
       second_id AS found_other,
       indicator.outcome_id AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       min(words || ', both for “' || indicator.name || '”' || CASE WHEN told.unit <> '' THEN ' (' || told.unit || ')'
           ELSE '' END || ' in ' || where_to) FILTER (WHERE number = 1) || '.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(jsonb_build_object('label', 'Indicator', 'value', indicator.name),
               jsonb_build_object('label', 'Unit', 'value', COALESCE(NULLIF(min(told.unit), ''), 'Not recorded'))),
           'columns', '["Initiative", "Title", "Target", "By", "Places"]'::jsonb,
           'rows', jsonb_path_query_array(jsonb_agg(told.rows ORDER BY number), '$[*][*]')
       ) AS proof
FROM told JOIN policies_indicator AS indicator ON indicator.id = told.indicator_id
GROUP BY first, second, first_id, second_id, indicator.id
"""


@register
class ClashingTargets(Check):
    """Flags: two live initiatives that set different targets for one indicator and one place, in one unit, by dates
    no further apart than the threshold. An initiative that names no places has those of the initiative above it. A
    target without a number, date or published indicator cannot be compared, and neither can one in another unit.

    Why: those who deliver cannot meet both, and whoever reports will pick the easier one.

    Do: agree on one target and its date, and let the other initiative refer to it; or record what sets them apart.

    Source: Health Foundation, The government's levelling up agenda (2021): priorities genuinely aligned across
    departments.
    """

    code = "DEP007"
    title = "Clashing targets"
    severity = Severity.HIGH
    subject = "pair"
    thresholds = {"months": Threshold(12, "months", "ours: targets of one reporting year are meant for one another")}

    def found(self, scope):
        whole = scope.initiatives is None
        concerned = "true" if whole else "(one_id = ANY(%(initiatives)s) OR other_id = ANY(%(initiatives)s))"
        return Sql(
            CLASHING_SQL.format(above=STANDS_IN, targets=EVERYTHING if whole else WITHIN, concerned=concerned),
            {
                "severity": self.severity,
                "months": self.limit("months"),
                "initiatives": sorted(scope.initiatives or ()),
            },
        )
