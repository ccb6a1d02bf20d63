"""CAP: do initiatives build all four capitals, or only bricks?"""

from django.db.models import F, Q

from policies.models import CapitalWeight
from tracker.checks import facts
from tracker.checks.base import Check, Sql, Threshold, register
from tracker.checks.wording import choice, counted, pounds, proof, sentence
from tracker.models import Severity


@register
class NoCapital(Check):
    """Flags: an initiative that is linked to none of the four capitals.

    Why: nobody can say whether a portfolio is balanced while the capital that its parts build is unknown.

    Do: link the capital that it mainly builds, and any others that it adds to. A judgement is enough, marked
    as one.

    Source: Health Foundation, The government's levelling up agenda (2021): attention to all four capitals.
    """

    code = "CAP001"
    title = "No capital linked"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope, partnerships=True)
            .filter(~Q(facts.has_capital()))
            .annotate(
                sentence=sentence("No capital is linked to “", F("title"), "”."),
                proof=proof(
                    {
                        "Capitals linked": counted(facts.capital_links()),
                        "Outcomes linked": counted(facts.outcome_links()),
                    }
                ),
            )
        )


# Members are live initiatives with a primary capital. A department is shown under the name of its one heir;
# where its work was split among several, under that of the body with the most roles on record. `split` gives half
# of the value to the primary capital and half, in equal parts, to the secondary ones; without secondary links
# all goes to the primary one.
TILT_SQL = """
WITH member AS (
    SELECT i.id, i.kind, i.parent_id, COALESCE(i.value_gbp, 0) AS value, i.value_gbp IS NULL AS unvalued,
           main.capital_id,
           (SELECT count(*) FROM policies_capitallink AS s WHERE s.initiative_id = i.id AND s.weight = 'secondary')
               AS secondaries
    FROM policies_initiative AS i
    JOIN policies_capitallink AS main ON main.initiative_id = i.id AND main.weight = 'primary'
    WHERE i.status = 'published' AND i.sensitivity = 'official'
), heir AS (
    SELECT body.*, NOT EXISTS (
               SELECT FROM policies_organisationsuccession AS s WHERE s.predecessor_id = body.id
           ) AS current
    FROM policies_organisation AS body WHERE body.kind = 'department'
), department AS (
    SELECT DISTINCT ON (heir.lineage) heir.lineage, heir.id, COALESCE(NULLIF(abbreviation, ''), name) AS label
    FROM heir
    ORDER BY heir.lineage,
             heir.current AND 1 = (SELECT count(*) FROM heir AS h WHERE h.lineage = heir.lineage AND h.current) DESC,
             (SELECT count(*) FROM policies_responsibility AS r WHERE r.organisation_id = heir.id) DESC, heir.code
), portfolio AS (
    SELECT 'register' AS key, 'The whole register' AS name, NULL::bigint AS initiative_id,
           NULL::bigint AS organisation_id, NULL::bigint AS area_id, member.id AS member_id
    FROM member
    UNION ALL
    SELECT 'department:' || department.lineage, department.label, NULL, department.id, NULL, member.id
    FROM member
    JOIN policies_responsibility AS r ON r.initiative_id = member.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id AND body.kind = 'department'
    JOIN department ON department.lineage = body.lineage
    UNION ALL
    SELECT 'policy:' || top.reference, top.title || ' and its commitments', top.id, NULL, NULL, member.id
    FROM member JOIN policies_initiative AS top ON top.id = COALESCE(member.parent_id, member.id)
    WHERE top.kind = 'policy' AND top.status = 'published' AND top.sensitivity = 'official'
    UNION ALL
    SELECT 'place:' || area.gss_code, area.name, NULL, NULL, area.id, member.id
    FROM member
    JOIN policies_footprint AS f ON f.initiative_id = member.id
    JOIN policies_area AS area ON area.id = f.area_id AND area.kind <> 'country'
), total AS (
    SELECT key, name, initiative_id, organisation_id, area_id, count(*) AS initiatives, sum(value) AS pounds,
           count(*) FILTER (WHERE unvalued) AS unvalued
    FROM portfolio JOIN member ON member.id = member_id
    GROUP BY key, name, initiative_id, organisation_id, area_id
    HAVING count(*) >= %(initiatives)s AND sum(value) > 0
), share AS (
    SELECT total.key, capital.id AS capital_id, capital.name, capital.position,
           COALESCE(sum(member.value) FILTER (WHERE member.capital_id = capital.id), 0) AS pounds,
           count(*) FILTER (WHERE member.capital_id = capital.id) AS initiatives,
           COALESCE(sum(member.value * CASE
               WHEN member.capital_id = capital.id THEN CASE WHEN secondaries = 0 THEN 1.0 ELSE 0.5 END
               WHEN EXISTS (
                   SELECT FROM policies_capitallink AS s
                   WHERE s.initiative_id = member.id AND s.capital_id = capital.id
               ) THEN 0.5 / secondaries
               ELSE 0 END), 0) AS split
    FROM total JOIN portfolio USING (key) JOIN member ON member.id = portfolio.member_id
    CROSS JOIN policies_capital AS capital
    GROUP BY total.key, capital.id
), tilted AS (
    SELECT DISTINCT ON (total.key) total.*, share.name AS capital, share.pounds AS most
    FROM total JOIN share USING (key)
    WHERE share.pounds >= total.pounds * %(share)s / 100.0
    ORDER BY total.key, share.pounds DESC
)
SELECT 'CAP002:' || key AS fingerprint,
       %(severity)s AS found_severity,
       'portfolio' AS found_subject,
       initiative_id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       organisation_id AS found_organisation,
       area_id AS found_area,
       name || ' has ' || to_char(100 * most / pounds, 'FM990.0') || '%% of its pounds in ' || lower(capital)
           || ' capital, by the primary capital of each initiative.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Portfolio', 'value', name),
               jsonb_build_object('label', 'Initiatives with a primary capital', 'value', initiatives),
               jsonb_build_object('label', 'Of them without a value', 'value', unvalued),
               jsonb_build_object('label', 'Pounds', 'value', pounds)
           ),
           'columns', '["Capital", "Pounds", "Share of pounds", "Share with secondary links", "Initiatives"]'::jsonb,
           'rows', (
               SELECT jsonb_agg(jsonb_build_object(
                   'Capital', share.name, 'Pounds', share.pounds,
                   'Share of pounds', to_char(100 * share.pounds / tilted.pounds, 'FM990.0') || '%%',
                   'Share with secondary links', to_char(100 * share.split / tilted.pounds, 'FM990.0') || '%%',
                   'Initiatives', share.initiatives
               ) ORDER BY share.position)
               FROM share WHERE share.key = tilted.key
           )
       ) AS proof
FROM tilted
"""


@register
class Tilt(Check):
    """Flags: a portfolio with most of its pounds, by primary capital, in one capital. Portfolios are the whole
    register, a lead department (renames counted as one), a policy with its commitments, and a place smaller
    than a country with what names it. Initiatives without a primary capital are left out.

    Why: health depends on all four capitals; the briefing found levelling-up money firmly tilted to bricks.

    Do: look at what the portfolio leaves out, and at how far the answer depends on one large item. Then
    rebalance it, or record the tilt as a decision.

    Source: Health Foundation, The government's levelling up agenda (2021): initiatives tilted to financial and
    physical capital.
    """

    code = "CAP002"
    title = "Tilt to one capital"
    severity = Severity.MEDIUM
    subject = "portfolio"
    reach = "all"
    thresholds = {
        "initiatives": Threshold(5, "initiatives", "ours: a share of fewer says little"),
        "share": Threshold(60, "per cent of pounds", "ours: the briefing gives no number"),
    }

    def found(self, scope):
        return Sql(
            TILT_SQL,
            {
                "severity": self.severity,
                "initiatives": self.limit("initiatives"),
                "share": self.limit("share"),
            },
        )


@register
class BricksAlone(Check):
    """Flags: a large initiative whose primary capital is financial and physical and that is linked to no other.

    Why: buildings and roads improve health through people, places and nature; nothing here says how.

    Do: link what else it builds, or record that it is meant to build nothing else.

    Source: Health Foundation, The government's levelling up agenda (2021): initiatives tilted to financial and
    physical capital.
    """

    code = "CAP004"
    title = "Bricks alone"
    severity = Severity.LOW
    thresholds = {"value": Threshold(100_000_000, "pounds", "ours: the size of a major fund")}

    def breaches(self, scope):
        others = Q()
        for code in facts.CAPITALS:
            if code != facts.FINANCIAL_PHYSICAL:
                others |= Q(facts.has_capital(code))
        return (
            facts.judged(scope, partnerships=True)
            .filter(~others, value_gbp__gte=self.limit("value"), pk__in=facts.primary_of(facts.FINANCIAL_PHYSICAL))
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” is worth ",
                    pounds(F("value_gbp")),
                    " and is linked to financial and physical capital alone.",
                ),
                proof=proof(
                    {"Value, pounds": F("value_gbp")},
                    facts.capital_links().order_by("capital__position"),
                    {
                        "Capital": F("capital__name"),
                        "Weight": choice("weight", CapitalWeight),
                        "Rationale": F("rationale"),
                    },
                ),
            )
        )
