"""DEP001: opposing effects, found without comparing initiatives pair by pair."""

from tracker.checks.base import Check, Sql, register
from tracker.checks.facts import STANDS_IN
from tracker.models import Severity

# One side of a clash. It acts from its start to its due or end date, open where unknown, in its own places or, where
# it names none, in those of the initiative above it.
SIDE = f"""
    SELECT link.id AS link_id, link.outcome_id, i.id, i.start_date, COALESCE(i.due_date, i.end_date) AS last_date,
           CASE WHEN EXISTS (SELECT FROM policies_footprint AS f WHERE f.initiative_id = i.id)
                THEN i.id ELSE {STANDS_IN} END AS placed_by,
           body.lineage, body.id AS lead_id
    FROM policies_outcomelink AS link
    JOIN policies_initiative AS i ON i.id = link.initiative_id AND i.status = 'published'
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
        AND body.kind IN ('department', 'agency', 'nhs_national')
"""  # noqa: S608 - put together from statements of ours

# Which links each side is made of: all, or within a scope the harms to outcomes that the scope moves, and what
# improves them within the scope or, for a harm within it, anywhere.
EVERYTHING = {"harms": "link.direction = 'worsens'", "goods": "link.direction = 'improves'"}
WITHIN = {
    "harms": """link.direction = 'worsens' AND link.outcome_id = ANY(ARRAY(
        SELECT outcome_id FROM policies_outcomelink WHERE initiative_id = ANY(%(initiatives)s)))""",
    "goods": """link.id IN (
        SELECT id FROM policies_outcomelink WHERE direction = 'improves' AND initiative_id = ANY(%(initiatives)s)
        UNION
        SELECT id FROM policies_outcomelink WHERE direction = 'improves' AND outcome_id = ANY(ARRAY(
            SELECT outcome_id FROM harm WHERE harm.id = ANY(%(initiatives)s))))""",
}

# `improved` is bounded, however many initiatives there are: outcomes by places by leads. Each harm looks up there
# whether anything meets it; only for those that something meets are the initiatives named.
OPPOSING_SQL = """
WITH harm AS MATERIALIZED ({side} WHERE {harms}), good AS MATERIALIZED ({side} WHERE {goods}),
harmed AS MATERIALIZED (
    SELECT harm.link_id, f.area_id FROM harm JOIN policies_footprint AS f ON f.initiative_id = harm.placed_by
), touching AS MATERIALIZED (
    SELECT DISTINCT here.area_id AS here, above.ancestor_id AS there
    FROM (SELECT DISTINCT area_id FROM harmed) AS here
    JOIN policies_areaclosure AS below ON below.ancestor_id = here.area_id
    JOIN policies_areaclosure AS above ON above.descendant_id = below.descendant_id
), placed AS MATERIALIZED (
    SELECT good.*, f.area_id FROM good JOIN policies_footprint AS f ON f.initiative_id = good.placed_by
    WHERE good.outcome_id IN (SELECT outcome_id FROM harm)
), improved AS MATERIALIZED (
    SELECT outcome_id, area_id, lineage, min(COALESCE(start_date, '-infinity')) AS first,
           max(COALESCE(last_date, 'infinity')) AS last
    FROM placed GROUP BY outcome_id, area_id, lineage
), met AS MATERIALIZED (
    SELECT harm.* FROM harm
    WHERE EXISTS (
        SELECT FROM harmed
        JOIN touching ON touching.here = harmed.area_id
        JOIN improved ON improved.area_id = touching.there
        WHERE harmed.link_id = harm.link_id AND improved.outcome_id = harm.outcome_id
          AND improved.lineage <> harm.lineage
          AND COALESCE(harm.start_date, '-infinity') <= improved.last
          AND improved.first <= COALESCE(harm.last_date, 'infinity')
    )
), pair AS MATERIALIZED (
    SELECT DISTINCT met.link_id AS harm_link, placed.link_id AS good_link, met.id AS harm_id, placed.id AS good_id,
           met.lead_id AS harm_lead, placed.lead_id AS good_lead
    FROM met
    JOIN harmed ON harmed.link_id = met.link_id
    JOIN touching ON touching.here = harmed.area_id
    JOIN placed ON placed.outcome_id = met.outcome_id AND placed.area_id = touching.there
    WHERE placed.lineage <> met.lineage AND {concerned}
      AND COALESCE(met.start_date, '-infinity') <= COALESCE(placed.last_date, 'infinity')
      AND COALESCE(placed.start_date, '-infinity') <= COALESCE(met.last_date, 'infinity')
), told AS (
    SELECT pair.*, harm.reference AS harm_reference, harm.title AS harm_title, harm.value_gbp AS harm_value,
           good.reference AS good_reference, good.title AS good_title, good.value_gbp AS good_value,
           COALESCE(NULLIF(one.abbreviation, ''), one.name) AS harm_body,
           COALESCE(NULLIF(other.abbreviation, ''), other.name) AS good_body,
           worsening.pathway AS harm_pathway, improving.pathway AS good_pathway, worsening.outcome_id
    FROM pair
    JOIN policies_initiative AS harm ON harm.id = harm_id
    JOIN policies_initiative AS good ON good.id = good_id
    JOIN policies_organisation AS one ON one.id = harm_lead
    JOIN policies_organisation AS other ON other.id = good_lead
    JOIN policies_outcomelink AS worsening ON worsening.id = harm_link
    JOIN policies_outcomelink AS improving ON improving.id = good_link
)
SELECT 'DEP001:pair:' || LEAST(harm_reference, good_reference) || '+' || GREATEST(harm_reference, good_reference)
           || ':' || outcome.code AS fingerprint,
       %(severity)s AS found_severity,
       'pair' AS found_subject,
       harm_id AS found_initiative,
       good_id AS found_other,
       outcome.id AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       '“' || harm_title || '” (' || harm_body || ') worsens ' || lower(left(outcome.name, 1))
           || substr(outcome.name, 2)
           || ', which “' || good_title || '” (' || good_body || ') improves.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(jsonb_build_object('label', 'Outcome', 'value', outcome.name)),
           'columns', '["Initiative", "Title", "Lead", "Direction", "How it works", "Value, pounds"]'::jsonb,
           'rows', jsonb_build_array(
               jsonb_build_object('Initiative', harm_reference, 'Title', harm_title, 'Lead', harm_body,
                   'Direction', 'Worsens', 'How it works', harm_pathway, 'Value, pounds', harm_value),
               jsonb_build_object('Initiative', good_reference, 'Title', good_title, 'Lead', good_body,
                   'Direction', 'Improves', 'How it works', good_pathway, 'Value, pounds', good_value)
           )
       ) AS proof
FROM told JOIN policies_outcome AS outcome ON outcome.id = told.outcome_id
"""


@register
class OpposingEffects(Check):
    """Flags: two live initiatives of two lead departments that move one outcome in opposite directions, where
    their places and periods overlap. One that names no places acts where the initiative above it does.

    Why: one department's money undoes what another's pays for, and neither may know.

    Do: let both leads look at the links. Then change one initiative, or record how the harm is limited.

    Source: Health Foundation, The government's levelling up agenda (2021): priorities genuinely aligned across
    departments.
    """

    code = "DEP001"
    title = "Opposing effects"
    severity = Severity.HIGH
    subject = "pair"

    def found(self, scope):
        initiatives = sorted(scope.initiatives or ())
        whole = scope.initiatives is None
        concerned = "true" if whole else "(met.id = ANY(%(initiatives)s) OR placed.id = ANY(%(initiatives)s))"
        statement = OPPOSING_SQL.format(side=SIDE, concerned=concerned, **(EVERYTHING if whole else WITHIN))
        return Sql(statement, {"severity": self.severity, "initiatives": initiatives})
