"""DEP: do departments pull the same way, and do they know of each other?"""

from tracker.checks.base import Check, Sql, Threshold, register
from tracker.models import Severity

# Lead departments are national bodies that lead: departments, agencies and NHS England; councils are not.
# A pursuer is a live initiative that improves the outcome, with the lineage of its lead. Two lineages are
# joined on the outcome by one initiative that pursues it and names both (lead, co-lead, supporting), by a common
# parent, by a dependency between two of their pursuers, or by a partnership of both that pursues it.
UNCOORDINATED_SQL = """
WITH pursuer AS MATERIALIZED (
    SELECT DISTINCT link.outcome_id, i.id, i.kind, i.parent_id, i.reference, i.title, body.lineage,
           COALESCE(NULLIF(body.abbreviation, ''), body.name) AS lead,
           body.kind IN ('department', 'agency', 'nhs_national') AS national
    FROM policies_outcomelink AS link
    JOIN policies_initiative AS i ON i.id = link.initiative_id AND i.status = 'published'
        AND i.sensitivity = 'official'
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
    WHERE link.direction = 'improves'
), lead_on AS MATERIALIZED (
    SELECT DISTINCT outcome_id, lineage FROM pursuer WHERE kind <> 'partnership' AND national
), crowded AS (
    SELECT outcome_id, count(*) AS departments FROM lead_on GROUP BY outcome_id HAVING count(*) >= %(departments)s
), named AS (
    SELECT p.outcome_id
    FROM pursuer AS p
    JOIN policies_responsibility AS r ON r.initiative_id = p.id
        AND (r.role IN ('lead', 'co-lead', 'supporting') OR p.kind = 'partnership')
    JOIN policies_organisation AS body ON body.id = r.organisation_id
    JOIN lead_on ON lead_on.outcome_id = p.outcome_id AND lead_on.lineage = body.lineage
    GROUP BY p.outcome_id, p.id HAVING count(DISTINCT body.lineage) > 1
), related AS (
    SELECT outcome_id FROM pursuer WHERE parent_id IS NOT NULL AND national
    GROUP BY outcome_id, parent_id HAVING count(DISTINCT lineage) > 1
    UNION
    SELECT below.outcome_id FROM pursuer AS below
    JOIN pursuer AS above ON above.id = below.parent_id AND above.outcome_id = below.outcome_id
        AND above.lineage <> below.lineage
    WHERE above.national AND below.national
    UNION
    SELECT one.outcome_id FROM policies_dependency AS d
    JOIN pursuer AS one ON one.id = d.initiative_id
    JOIN pursuer AS other ON other.id = d.depends_on_id AND other.outcome_id = one.outcome_id
        AND other.lineage <> one.lineage
    WHERE one.national AND other.national
)
SELECT 'DEP002:outcome:' || outcome.code AS fingerprint,
       %(severity)s AS found_severity,
       'outcome' AS found_subject,
       NULL::bigint AS found_initiative,
       NULL::bigint AS found_other,
       outcome.id AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       crowded.departments || ' lead departments pursue ' || lower(left(outcome.name, 1)) || substr(outcome.name, 2)
           || ', and nothing on record joins any two of them on it.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Outcome', 'value', outcome.name),
               jsonb_build_object('label', 'Lead departments, renames counted as one', 'value', crowded.departments)
           ),
           'columns', '["Initiative", "Title", "Lead"]'::jsonb,
           'rows', (
               SELECT jsonb_agg(
                   jsonb_build_object('Initiative', p.reference, 'Title', p.title, 'Lead', p.lead)
                   ORDER BY p.lead, p.reference)
               FROM pursuer AS p WHERE p.outcome_id = outcome.id AND (p.national OR p.kind = 'partnership')
           )
       ) AS proof
FROM crowded JOIN policies_outcome AS outcome ON outcome.id = crowded.outcome_id
WHERE crowded.outcome_id NOT IN (SELECT outcome_id FROM named UNION SELECT outcome_id FROM related)
"""


@register
class UncoordinatedOutcome(Check):
    """Flags: an outcome that several lead departments pursue while nothing joins any two of them on it: no
    initiative with a co-lead or supporting role for another, no shared parent, no dependency and no
    partnership that pursues it.

    Why: many pursue it and nobody sees the whole; gaps and double work go unseen.

    Do: agree who speaks for the outcome, and record what joins the departments: a shared plan, a partnership or
    a supporting role.

    Source: Health Foundation, The government's levelling up agenda (2021): partial and fragmented policy.
    """

    code = "DEP002"
    title = "Uncoordinated outcome"
    severity = Severity.MEDIUM
    subject = "outcome"
    reach = "all"
    thresholds = {"departments": Threshold(3, "lead departments", "ours: two can talk; three need a table")}

    def found(self, scope):
        return Sql(UNCOORDINATED_SQL, {"severity": self.severity, "departments": self.limit("departments")})


# `elsewhere` is small: for each outcome and lead lineage, who else leads work on it. Each policy looks its outcomes
# up there instead of in every other policy.
ALONE_SQL = """
WITH pursued AS MATERIALIZED (
    SELECT DISTINCT link.outcome_id, body.lineage, COALESCE(NULLIF(body.abbreviation, ''), body.name) AS name
    FROM policies_outcomelink AS link
    JOIN policies_initiative AS i ON i.id = link.initiative_id AND i.status = 'published'
        AND i.sensitivity = 'official'
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
        AND body.kind IN ('department', 'agency', 'nhs_national')
    WHERE link.direction = 'improves'
), elsewhere AS MATERIALIZED (
    SELECT mine.outcome_id, mine.lineage, array_agg(DISTINCT other.name ORDER BY other.name) AS names
    FROM (SELECT DISTINCT outcome_id, lineage FROM pursued) AS mine
    JOIN pursued AS other ON other.outcome_id = mine.outcome_id AND other.lineage <> mine.lineage
    GROUP BY mine.outcome_id, mine.lineage
), claimed AS MATERIALIZED (
    SELECT i.id, i.kind, i.reference, i.title, body.name AS lead, outcome.id AS outcome_id,
           outcome.name AS outcome, outcome.position, link.pathway, elsewhere.names
    FROM policies_initiative AS i
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
        AND body.kind IN ('department', 'agency', 'nhs_national')
    JOIN policies_outcomelink AS link ON link.initiative_id = i.id AND link.direction = 'improves'
    JOIN policies_outcome AS outcome ON outcome.id = link.outcome_id
    LEFT JOIN elsewhere ON elsewhere.outcome_id = link.outcome_id AND elsewhere.lineage = body.lineage
    WHERE i.kind = 'policy' AND i.status = 'published'
      AND (%(everything)s OR i.id = ANY(%(initiatives)s))
      AND NOT EXISTS (
          SELECT FROM policies_responsibility AS second
          JOIN policies_organisation AS helper ON helper.id = second.organisation_id
          WHERE second.initiative_id = i.id AND second.role <> 'lead' AND helper.sector = 'national'
            AND helper.lineage <> body.lineage
      )
), others AS (
    SELECT id, string_agg(DISTINCT name, ', ' ORDER BY name) AS names
    FROM claimed, unnest(claimed.names) AS name GROUP BY id
)
SELECT 'DEP003:' || kind || ':' || reference AS fingerprint,
       %(severity)s AS found_severity,
       kind AS found_subject,
       id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       '“' || title || '” claims ' || count(DISTINCT outcome_id) || ' outcomes and names no second national '
           || 'organisation; these also lead work on them: ' || others.names || '.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Lead', 'value', lead),
               jsonb_build_object('label', 'Others that lead work on its outcomes', 'value', others.names)
           ),
           'columns', '["Outcome", "How it works", "Also pursued by"]'::jsonb,
           'rows', jsonb_agg(jsonb_build_object(
               'Outcome', outcome, 'How it works', pathway,
               'Also pursued by', COALESCE(array_to_string(claimed.names, ', '), '')
           ) ORDER BY position, pathway)
       ) AS proof
FROM claimed JOIN others USING (id)
GROUP BY id, kind, reference, title, lead, others.names
HAVING count(DISTINCT outcome_id) >= %(outcomes)s
"""


@register
class DepartmentAlone(Check):
    """Flags: a policy that claims several outcomes, one of them also pursued by another department, and that names
    no second national organisation.

    Why: other departments work on the same outcome, and this policy takes no notice of them.

    Do: ask the departments that pursue the same outcomes to support it, and record their part.

    Source: Public Accounts Committee (2024): it is not always clear which departments are involved in a
    cross-cutting policy.
    """

    code = "DEP003"
    title = "Department alone"
    severity = Severity.LOW
    reach = "outcome"
    thresholds = {"outcomes": Threshold(2, "outcomes", "ours: one outcome may well be one department's task")}

    def found(self, scope):
        return Sql(
            ALONE_SQL,
            {
                "severity": self.severity,
                "outcomes": self.limit("outcomes"),
                "everything": scope.initiatives is None,
                "initiatives": sorted(scope.initiatives or ()),
            },
        )


# Who pursues an outcome: live initiatives, open to everybody, that say themselves that they improve it. What stands
# under a broad plan does not lead on all that the plan is for. The health departments are known by their lineages:
# that of the Department of Health and Social Care, and that of Public Health England and its heirs.
LEFT_TO_HEALTH_SQL = """
WITH pursuer AS MATERIALIZED (
    SELECT DISTINCT link.outcome_id, i.id, i.reference, i.title
    FROM policies_outcomelink AS link
    JOIN policies_initiative AS i ON i.id = link.initiative_id AND i.status = 'published'
        AND i.sensitivity = 'official'
    WHERE link.direction = 'improves'
), led AS MATERIALIZED (
    SELECT pursuer.*, COALESCE(NULLIF(body.abbreviation, ''), body.name) AS lead,
           body.sector = 'nhs' OR body.lineage = ANY(%(health)s) AS health
    FROM pursuer
    JOIN policies_responsibility AS r ON r.initiative_id = pursuer.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
), leads AS (
    SELECT outcome_id, string_agg(DISTINCT lead, ', ') AS names, bool_and(health) AS health
    FROM led GROUP BY outcome_id
)
SELECT 'DEP009:outcome:' || outcome.code AS fingerprint,
       %(severity)s AS found_severity,
       'outcome' AS found_subject,
       NULL::bigint AS found_initiative,
       NULL::bigint AS found_other,
       outcome.id AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       CASE WHEN leads.names IS NULL THEN 'Nobody on record leads work on ' ELSE
           'Only the health department or the NHS leads work on ' END
           || lower(left(outcome.name, 1)) || substr(outcome.name, 2)
           || CASE WHEN leads.names IS NULL THEN ', which is a priority: ' || outcome.priority
              ELSE ': ' || leads.names END || '.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Outcome', 'value', outcome.name),
               jsonb_build_object('label', 'Led by', 'value', COALESCE(leads.names, 'Nobody on record')),
               jsonb_build_object('label', 'What makes it a priority', 'value',
                   COALESCE(NULLIF(outcome.priority, ''), 'Not marked as a priority'))
           ),
           'columns', '["Initiative", "Title", "Lead"]'::jsonb,
           'rows', COALESCE((
               SELECT jsonb_agg(
                   jsonb_build_object('Initiative', reference, 'Title', title,
                       'Lead', COALESCE(lead, 'Not recorded'))
                   ORDER BY lead, reference)
               FROM pursuer LEFT JOIN led USING (outcome_id, id, reference, title)
               WHERE pursuer.outcome_id = outcome.id
           ), '[]'::jsonb)
       ) AS proof
FROM policies_outcome AS outcome LEFT JOIN leads ON leads.outcome_id = outcome.id
WHERE leads.health OR leads.names IS NULL AND outcome.priority <> ''
"""

HEALTH_LINEAGES = ["health", "public-health"]


@register
class LeftToHealth(Check):
    """Flags: an outcome that live initiatives pursue and on which only the health department, its public health
    bodies or the NHS lead; and a priority outcome on which nobody leads. Only links of an initiative's own count.
    Initiatives without a lead on record count for nobody, and an outcome all of whose leads are unknown is flagged
    only when it is a priority.

    Why: most of what shapes health lies outside the health service, which cannot turn the outcome round alone.

    Do: ask which other department holds the causes, and agree what it will lead. Where nobody leads a priority, ask
    who will.

    Source: Health Foundation, The government's levelling up agenda (2021): health depends on more than health care.
    Priorities are outcomes in which government promised a dated change; each names its promise.
    """

    code = "DEP009"
    title = "Outcome left to health"
    severity = Severity.MEDIUM
    subject = "outcome"
    reach = "all"

    def found(self, scope):
        return Sql(LEFT_TO_HEALTH_SQL, {"severity": self.severity, "health": HEALTH_LINEAGES})
