"""DEP: do departments pull the same way, and do they know of each other?"""

from django.db.models import Case, F, OuterRef, Q, TextField, When

from policies.models import Direction, Initiative, OutcomeLink, Responsibility, Role, Status
from tracker.checks import facts
from tracker.checks.base import Check, Sql, Threshold, register
from tracker.checks.outcomes import LINK_COLUMNS
from tracker.checks.wording import counted, listed, proof, sentence
from tracker.models import Severity

# One row for each worsening link and each improving one of another lead lineage on the same outcome. `acts`
# is when and where an initiative acts: from its start to its due or end date, open where unknown, in its own
# places or, where it names none, in those of the initiative above it.
OPPOSING_SQL = """
WITH side AS (
    SELECT link.outcome_id, link.direction, link.pathway, i.id, i.reference, i.title, i.start_date,
           COALESCE(i.due_date, i.end_date) AS last_date, i.value_gbp,
           CASE WHEN EXISTS (SELECT FROM policies_footprint AS f WHERE f.initiative_id = i.id)
                THEN i.id ELSE i.parent_id END AS placed_by,
           body.lineage, COALESCE(NULLIF(body.abbreviation, ''), body.name) AS lead
    FROM policies_outcomelink AS link
    JOIN policies_initiative AS i ON i.id = link.initiative_id AND i.status = 'published'
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
    WHERE link.direction IN ('improves', 'worsens')
)
SELECT 'DEP001:pair:' || LEAST(harm.reference, good.reference) || '+' || GREATEST(harm.reference, good.reference)
           || ':' || outcome.code AS fingerprint,
       %(severity)s AS found_severity,
       'pair' AS found_subject,
       harm.id AS found_initiative,
       good.id AS found_other,
       outcome.id AS found_outcome,
       NULL::bigint AS found_organisation,
       '“' || harm.title || '” (' || harm.lead || ') worsens ' || lower(left(outcome.name, 1))
           || substr(outcome.name, 2)
           || ', which “' || good.title || '” (' || good.lead || ') improves.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(jsonb_build_object('label', 'Outcome', 'value', outcome.name)),
           'columns', '["Initiative", "Title", "Lead", "Direction", "How it works", "Value, pounds"]'::jsonb,
           'rows', jsonb_build_array(
               jsonb_build_object('Initiative', harm.reference, 'Title', harm.title, 'Lead', harm.lead,
                   'Direction', 'Worsens', 'How it works', harm.pathway, 'Value, pounds', harm.value_gbp),
               jsonb_build_object('Initiative', good.reference, 'Title', good.title, 'Lead', good.lead,
                   'Direction', 'Improves', 'How it works', good.pathway, 'Value, pounds', good.value_gbp)
           )
       ) AS proof
FROM side AS harm
JOIN side AS good ON good.outcome_id = harm.outcome_id AND good.direction = 'improves'
    AND good.lineage <> harm.lineage
JOIN policies_outcome AS outcome ON outcome.id = harm.outcome_id
WHERE harm.direction = 'worsens'
  AND (%(everything)s OR harm.id = ANY(%(initiatives)s) OR good.id = ANY(%(initiatives)s))
  AND COALESCE(harm.start_date, '-infinity') <= COALESCE(good.last_date, 'infinity')
  AND COALESCE(good.start_date, '-infinity') <= COALESCE(harm.last_date, 'infinity')
  AND EXISTS (
      SELECT FROM policies_footprint AS here
      JOIN policies_areaclosure AS below ON below.ancestor_id = here.area_id
      JOIN policies_areaclosure AS above ON above.descendant_id = below.descendant_id
      JOIN policies_footprint AS there ON there.area_id = above.ancestor_id
      WHERE here.initiative_id = harm.placed_by AND there.initiative_id = good.placed_by
  )
"""


@register
class OpposingEffects(Check):
    """Flags: two live initiatives of two lead departments that move one outcome in opposite directions, where
    their places and periods overlap.

    Why: one department's money undoes what another's pays for, and neither may know.

    Do: let both leads look at the links. Then change one initiative, record a mitigation, or accept the
    trade-off with a name on it.

    Source: Health Foundation, The government's levelling up agenda (2021): priorities genuinely aligned across
    departments.
    """

    code = "DEP001"
    title = "Opposing effects"
    severity = Severity.HIGH
    subject = "pair"

    def found(self, scope):
        return Sql(
            OPPOSING_SQL,
            {
                "severity": self.severity,
                "everything": scope.initiatives is None,
                "initiatives": sorted(scope.initiatives or ()),
            },
        )


# A pursuer is a live initiative that improves the outcome, with the lineage of its lead. Two lineages are
# joined on the outcome by one initiative that pursues it and names both (lead, co-lead, supporting), by a common
# parent, by a dependency between two of their pursuers, or by a partnership of both that pursues it.
UNCOORDINATED_SQL = """
WITH pursuer AS (
    SELECT DISTINCT link.outcome_id, i.id, i.kind, i.parent_id, i.reference, i.title, body.lineage,
           COALESCE(NULLIF(body.abbreviation, ''), body.name) AS lead
    FROM policies_outcomelink AS link
    JOIN policies_initiative AS i ON i.id = link.initiative_id AND i.status = 'published'
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
    WHERE link.direction = 'improves'
), crowded AS (
    SELECT outcome_id, count(DISTINCT lineage) AS departments
    FROM pursuer WHERE kind <> 'partnership' GROUP BY outcome_id HAVING count(DISTINCT lineage) >= %(departments)s
)
SELECT 'DEP002:outcome:' || outcome.code AS fingerprint,
       %(severity)s AS found_severity,
       'outcome' AS found_subject,
       NULL::bigint AS found_initiative,
       NULL::bigint AS found_other,
       outcome.id AS found_outcome,
       NULL::bigint AS found_organisation,
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
               FROM pursuer AS p WHERE p.outcome_id = outcome.id
           )
       ) AS proof
FROM crowded JOIN policies_outcome AS outcome ON outcome.id = crowded.outcome_id
WHERE NOT EXISTS (
    SELECT FROM pursuer AS p
    JOIN policies_responsibility AS r ON r.initiative_id = p.id
        AND (r.role IN ('co-lead', 'supporting') OR p.kind = 'partnership')
    JOIN policies_organisation AS second ON second.id = r.organisation_id AND second.lineage <> p.lineage
    WHERE p.outcome_id = crowded.outcome_id
      AND second.lineage IN (
          SELECT o.lineage FROM pursuer AS o WHERE o.outcome_id = crowded.outcome_id AND o.kind <> 'partnership')
) AND NOT EXISTS (
    SELECT FROM pursuer AS a JOIN pursuer AS b ON b.outcome_id = a.outcome_id AND b.lineage <> a.lineage
    WHERE a.outcome_id = crowded.outcome_id AND (a.parent_id = b.parent_id OR a.parent_id = b.id)
) AND NOT EXISTS (
    SELECT FROM policies_dependency AS d
    JOIN pursuer AS a ON a.id = d.initiative_id
    JOIN pursuer AS b ON b.id = d.depends_on_id AND b.outcome_id = a.outcome_id AND b.lineage <> a.lineage
    WHERE a.outcome_id = crowded.outcome_id
)
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

    def breaches(self, scope):
        claimed = facts.outcome_links(Direction.IMPROVES).order_by("outcome__position", "pk")
        elsewhere = Responsibility.objects.filter(
            role=Role.LEAD,
            initiative__status=Status.PUBLISHED,
            initiative__outcome_links__direction=Direction.IMPROVES,
            initiative__outcome_links__outcome__in=OutcomeLink.objects.filter(
                initiative=OuterRef(OuterRef("pk")), direction=Direction.IMPROVES
            ).values("outcome"),
        ).exclude(organisation__lineage=OuterRef("lead_lineage"))
        return (
            facts.with_lead(scope.over(Initiative.objects.live().policies()))
            .filter(lead_lineage__isnull=False)
            .annotate(claims=counted(claimed), others=listed(elsewhere, _short_name("organisation")))
            .filter(~Q(facts.has_second_national()), claims__gte=self.limit("outcomes"), others__isnull=False)
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” claims ",
                    F("claims"),
                    " outcomes and names no second national organisation; these also lead work on them: ",
                    F("others"),
                    ".",
                ),
                proof=proof(
                    {"Lead": F("lead_name"), "Others that lead work on its outcomes": F("others")},
                    claimed,
                    LINK_COLUMNS,
                ),
            )
        )


def _short_name(organisation):
    abbreviation, name = f"{organisation}__abbreviation", f"{organisation}__name"
    return Case(When(**{abbreviation: "", "then": F(name)}), default=F(abbreviation), output_field=TextField())
