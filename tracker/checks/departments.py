"""DEP: do departments pull the same way, and do they know of each other?"""

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Concat, Greatest, TruncDate

from policies import working_days
from policies.models import Answer, Responsibility, Role, Status
from tracker.checks.base import NOTHING, Check, Sql, Threshold, register
from tracker.checks.wording import choice, date, proof, sentence
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
        AND body.kind IN ('department', 'agency', 'nhs_national')
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
       NULL::bigint AS found_area,
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

    Do: let both leads look at the links. Then change one initiative, or record how the harm is limited.

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


@register
class RoleNotAgreed(Check):
    """Flags: an organisation that a live initiative names, other than its lead, and that has neither accepted nor
    disputed its role for longer than the threshold. Time runs from the day on which the role was recorded, or on
    which the initiative was published on the register if that is later. Classes of bodies, such as "local
    authorities", and bodies that have ended cannot answer and are left out.

    Why: a role that only one side knows of is a hope, not an agreement.

    Do: ask the organisation to answer on My work: it can accept the role, accept it with conditions or dispute it.

    Source: this tracker's own: four weeks are enough to ask a director and get an answer.
    """

    code = "DEP004"
    title = "Role not agreed"
    severity = Severity.MEDIUM
    thresholds = {"days": Threshold(20, "working days in England", "this tracker's own: four weeks to answer")}

    def breaches(self, scope):
        roles = Responsibility.objects.filter(
            answer=Answer.PROPOSED, initiative__status=Status.PUBLISHED, organisation__is_collective=False
        )
        return (
            scope.over(roles.exclude(role=Role.LEAD), "initiative")
            .exclude(organisation__active_to__lte=scope.today)
            .annotate(waits_since=Greatest(TruncDate("given_at"), TruncDate("initiative__published_at")))
            .filter(waits_since__lt=working_days.before(scope.today, self.limit("days")))
            .annotate(
                sentence=sentence(
                    F("organisation__name"), " has not answered its role in “", F("initiative__title"), "” (",
                    choice("role", Role), ") since ", date(F("waits_since")), ".",
                ),
                proof=proof(
                    {
                        "Organisation": F("organisation__name"),
                        "Role": choice("role", Role),
                        "Recorded or published on": F("waits_since"),
                    }
                ),
            )
        )  # fmt: skip

    def identify(self, breaches):
        """One flag for each role of each organisation."""
        return breaches.annotate(
            fingerprint=Concat(
                Value(f"{self.code}:"), "initiative__kind", Value(":"), "initiative__reference", Value(":"),
                "organisation__code", Value(":"), "role", output_field=TextField(),
            ),
            found_severity=Value(self.severity, output_field=CharField()),
            found_subject=F("initiative__kind"),
            found_initiative=F("initiative_id"),
            found_other=NOTHING,
            found_outcome=NOTHING,
            found_organisation=F("organisation_id"),
            found_area=NOTHING,
        )  # fmt: skip
