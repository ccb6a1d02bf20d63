"""DEP010: near-identical commitments of two departments."""

from django.db import connection

from tracker.checks import similar
from tracker.checks.base import Check, Sql, Threshold, register
from tracker.checks.facts import STANDS_IN
from tracker.models import Severity

# Live commitments that a national body leads. One that has no outcomes, or no places, of its own has those of the
# initiative above it.
COMMITMENTS = f"""
    SELECT i.id, i.reference, i.title, i.parent_id, body.id AS lead_id, body.lineage,
           CASE WHEN EXISTS (SELECT FROM policies_outcomelink AS o WHERE o.initiative_id = i.id)
                THEN i.id ELSE {STANDS_IN} END AS moved_by,
           CASE WHEN EXISTS (SELECT FROM policies_footprint AS f WHERE f.initiative_id = i.id)
                THEN i.id ELSE {STANDS_IN} END AS placed_by
    FROM policies_initiative AS i
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
        AND body.kind IN ('department', 'agency', 'nhs_national')
    WHERE i.kind = 'commitment' AND i.status = 'published'
"""  # noqa: S608 - put together from statements of ours

TITLES_SQL = f"""
SELECT id, title, lineage,
       ARRAY(SELECT DISTINCT outcome_id FROM policies_outcomelink AS o WHERE o.initiative_id = moved_by)
FROM ({COMMITMENTS}) AS commitment
"""  # noqa: S608 - put together from the statements of this module

# Within a small scope the index on titles finds candidates; it goes by the database's own limit for `%%`.
INDEX_LIMIT = 0.3
FEW = 50
GIVEN = "SELECT unnest(%(ones)s::bigint[]) AS one_id, unnest(%(others)s::bigint[]) AS other_id"
LOOKED_UP = """
    SELECT DISTINCT LEAST(mine.id, i.id) AS one_id, GREATEST(mine.id, i.id) AS other_id
    FROM policies_initiative AS mine
    JOIN policies_initiative AS i ON upper(i.title) %% upper(mine.title) AND i.id <> mine.id
    WHERE mine.id = ANY(%(initiatives)s) AND mine.kind = 'commitment' AND mine.status = 'published'
        AND i.kind = 'commitment' AND i.status = 'published'
"""

# What links two commitments: a common parent, a dependency between them or what is above them, or a role by
# which one of them, or what is above it, names the other's department.
NEAR_IDENTICAL_SQL = """
WITH candidate AS MATERIALIZED ({candidates}), commitment AS MATERIALIZED (
    {commitments} AND i.id = ANY(ARRAY(SELECT one_id FROM candidate UNION SELECT other_id FROM candidate))
), alike AS MATERIALIZED (
    SELECT one.id AS one_id, other.id AS other_id, one.lead_id AS one_lead, other.lead_id AS other_lead,
           one.parent_id AS one_parent, other.parent_id AS other_parent, one.lineage AS one_lineage,
           other.lineage AS other_lineage, one.moved_by AS one_moved, other.moved_by AS other_moved,
           one.placed_by AS one_placed, other.placed_by AS other_placed
    FROM candidate
    JOIN commitment AS one ON one.id = candidate.one_id
    JOIN commitment AS other ON other.id = candidate.other_id
    WHERE one.lineage <> other.lineage AND similarity(one.title, other.title) > %(share)s::real
), unlinked AS MATERIALIZED (
    SELECT * FROM alike
    WHERE one_parent IS DISTINCT FROM other_parent OR one_parent IS NULL
), met AS MATERIALIZED (
    SELECT unlinked.*, shared.outcome_id, shared.outcomes
    FROM unlinked
    CROSS JOIN LATERAL (
        SELECT min(outcome.id) AS outcome_id, string_agg(DISTINCT outcome.name, ', ') AS outcomes
        FROM policies_outcomelink AS mine
        JOIN policies_outcomelink AS theirs ON theirs.outcome_id = mine.outcome_id
            AND theirs.initiative_id = other_moved
        JOIN policies_outcome AS outcome ON outcome.id = mine.outcome_id
        WHERE mine.initiative_id = one_moved
    ) AS shared
    WHERE shared.outcomes IS NOT NULL
      AND EXISTS (
          SELECT FROM policies_footprint AS here
          JOIN policies_areaclosure AS below ON below.ancestor_id = here.area_id
          JOIN policies_areaclosure AS above ON above.descendant_id = below.descendant_id
          JOIN policies_footprint AS there ON there.area_id = above.ancestor_id
          WHERE here.initiative_id = one_placed AND there.initiative_id = other_placed
      )
      AND NOT EXISTS (
          SELECT FROM policies_dependency AS d
          WHERE d.initiative_id IN (one_id, one_parent) AND d.depends_on_id IN (other_id, other_parent)
             OR d.initiative_id IN (other_id, other_parent) AND d.depends_on_id IN (one_id, one_parent)
      )
      AND NOT EXISTS (
          SELECT FROM policies_responsibility AS r
          JOIN policies_organisation AS body ON body.id = r.organisation_id
          WHERE r.initiative_id IN (one_id, one_parent) AND body.lineage = other_lineage
             OR r.initiative_id IN (other_id, other_parent) AND body.lineage = one_lineage
      )
)
SELECT 'DEP010:pair:' || first.reference || '+' || second.reference AS fingerprint,
       %(severity)s AS found_severity,
       'pair' AS found_subject,
       first.id AS found_initiative,
       second.id AS found_other,
       met.outcome_id AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       '“' || first.title || '” (' || first_body.name || ') and “' || second.title || '” (' || second_body.name
           || ') have nearly the same title and move the same outcome, and nothing on record links them.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Outcomes in common', 'value', met.outcomes),
               jsonb_build_object('label', 'Likeness of the titles, 0 to 1',
                   'value', round(similarity(first.title, second.title)::numeric, 2))
           ),
           'columns', '["Initiative", "Title", "Lead"]'::jsonb,
           'rows', jsonb_build_array(
               jsonb_build_object('Initiative', first.reference, 'Title', first.title, 'Lead', first_body.name),
               jsonb_build_object('Initiative', second.reference, 'Title', second.title, 'Lead', second_body.name)
           )
       ) AS proof
FROM met
JOIN commitment AS one ON one.id = met.one_id
JOIN commitment AS other ON other.id = met.other_id
JOIN commitment AS first ON first.reference = LEAST(one.reference, other.reference)
JOIN commitment AS second ON second.reference = GREATEST(one.reference, other.reference)
CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(abbreviation, ''), name) AS name
    FROM policies_organisation WHERE id = first.lead_id) AS first_body
CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(abbreviation, ''), name) AS name
    FROM policies_organisation WHERE id = second.lead_id) AS second_body
"""


@register
class NearIdentical(Check):
    """Flags: live commitments of two lead departments with near-identical titles that share an outcome and act in
    overlapping places, while nothing links them: no common parent, no dependency between them or what is
    above them, and no role by which one, or what is above it, names the other's department. A partnership links them
    when it stands above one of them and names the other's department. A commitment without outcomes or places of its
    own has those of the initiative above it.

    Why: two departments may pay for the same thing twice, or compete for the same places and people.

    Do: talk to the other lead. Merge the commitments, tell them apart in their titles, or record what links them.

    Source: Health Foundation, The government's levelling up agenda (2021): partial and fragmented policy.
    """

    code = "DEP010"
    title = "Near-identical commitments"
    severity = Severity.MEDIUM
    subject = "pair"
    thresholds = {
        "share": Threshold(
            0.7, "of all trigrams, 0 to 1", "ours: titles that differ in a word or two; pg_trgm's measure"
        )
    }

    def found(self, scope):
        share, initiatives = self.limit("share"), sorted(scope.initiatives or ())
        parameters = {"severity": self.severity, "share": share, "initiatives": initiatives}
        if scope.initiatives is not None and len(initiatives) <= FEW and share >= INDEX_LIMIT:
            source = LOOKED_UP
        else:
            source = GIVEN
            parameters["ones"], parameters["others"] = _candidates(share, scope.initiatives)
        return Sql(NEAR_IDENTICAL_SQL.format(candidates=source, commitments=COMMITMENTS), parameters)


def _candidates(share, wanted):
    """Ids of commitments that may be near-identical, in two lists; with `wanted`, pairs of which one is among those."""
    with connection.cursor() as cursor:
        cursor.execute(TITLES_SQL)
        rows = [row for row in cursor.fetchall() if row[3]]
    if not rows:
        return [], []
    ids, titles, owners, outcomes = zip(*rows, strict=True)
    ones, others = similar.candidates(titles, outcomes, owners, share)
    pairs = [(ids[one], ids[other]) for one, other in zip(ones.tolist(), others.tolist(), strict=True)]
    if wanted is not None:
        pairs = [pair for pair in pairs if wanted & set(pair)]
    return [one for one, _ in pairs], [other for _, other in pairs]
