"""CAP: are portfolios of initiatives balanced over the four capitals?"""

from tracker.checks.base import Check, Sql, Threshold, register
from tracker.models import Severity

# Portfolios of `member`: the whole register, each lead department, each policy with its commitments, each place.
# A department is shown under the name of its one heir; where its work was split among several, under that of the
# body with the most roles on record.
PORTFOLIOS = """heir AS (
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
    FROM member
    CROSS JOIN LATERAL (
        SELECT member.id UNION SELECT member.parent_id
        UNION SELECT between.parent_id FROM policies_initiative AS between WHERE between.id = member.parent_id
    ) AS above (id)
    JOIN policies_initiative AS top ON top.id = above.id
    WHERE top.kind = 'policy' AND top.status = 'published' AND top.sensitivity = 'official'
    UNION ALL
    SELECT 'place:' || area.gss_code, area.name, NULL, NULL, area.id, member.id
    FROM member
    JOIN policies_footprint AS f ON f.initiative_id = member.id
    JOIN policies_area AS area ON area.id = f.area_id AND area.kind <> 'country'
)
"""

# Members are live initiatives with a primary capital. `split` gives half of the value to the primary capital and
# half, in equal parts, to the secondary ones; without secondary links all goes to the primary one.
TILT_SQL = """
WITH member AS (
    SELECT i.id, i.kind, i.parent_id, COALESCE(i.value_gbp, 0) AS value, i.value_gbp IS NULL AS unvalued,
           main.capital_id,
           (SELECT count(*) FROM policies_capitallink AS s WHERE s.initiative_id = i.id AND s.weight = 'secondary')
               AS secondaries
    FROM policies_initiative AS i
    JOIN policies_capitallink AS main ON main.initiative_id = i.id AND main.weight = 'primary'
    WHERE i.status = 'published' AND i.sensitivity = 'official'
), {portfolios}, total AS (
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
    register, a lead department (renames counted as one), a policy with all that stands under it, and a place
    smaller than a country with what names it. Initiatives without a primary capital are left out.

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
            TILT_SQL.format(portfolios=PORTFOLIOS),
            {
                "severity": self.severity,
                "initiatives": self.limit("initiatives"),
                "share": self.limit("share"),
            },
        )


# Members are live initiatives with any capital linked.
LEFT_OUT_SQL = """
WITH member AS (
    SELECT i.id, i.kind, i.parent_id FROM policies_initiative AS i
    WHERE i.status = 'published' AND i.sensitivity = 'official'
      AND EXISTS (SELECT FROM policies_capitallink AS link WHERE link.initiative_id = i.id)
), {portfolios}, total AS (
    SELECT key, name, initiative_id, organisation_id, area_id, count(*) AS initiatives
    FROM portfolio GROUP BY key, name, initiative_id, organisation_id, area_id
    HAVING count(*) >= %(initiatives)s
), built AS (
    SELECT portfolio.key, link.capital_id, count(*) AS initiatives
    FROM portfolio JOIN policies_capitallink AS link ON link.initiative_id = portfolio.member_id
    GROUP BY portfolio.key, link.capital_id
), share AS (
    SELECT total.key, capital.name, capital.position, COALESCE(built.initiatives, 0) AS initiatives
    FROM total CROSS JOIN policies_capital AS capital
    LEFT JOIN built ON built.key = total.key AND built.capital_id = capital.id
), left_out AS (
    SELECT key, string_agg(lower(name), ' or ' ORDER BY position) FILTER (WHERE initiatives = 0) AS names,
           jsonb_agg(jsonb_build_object('Capital', name, 'Initiatives linked to it', initiatives) ORDER BY position)
               AS rows
    FROM share GROUP BY key HAVING bool_or(initiatives = 0)
)
SELECT 'CAP003:' || key AS fingerprint,
       %(severity)s AS found_severity,
       'portfolio' AS found_subject,
       initiative_id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       organisation_id AS found_organisation,
       area_id AS found_area,
       name || ': none of the ' || initiatives || ' initiatives with a capital on record builds ' || names
           || ' capital.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Portfolio', 'value', name),
               jsonb_build_object('label', 'Initiatives with a capital on record', 'value', initiatives)
           ),
           'columns', '["Capital", "Initiatives linked to it"]'::jsonb,
           'rows', rows
       ) AS proof
FROM total JOIN left_out USING (key)
"""


@register
class CapitalLeftOut(Check):
    """Flags: a portfolio with no link at all, primary or secondary, to one of the four capitals. Portfolios are the
    whole register, a lead department (renames counted as one), a policy with all that stands under it, and a place
    smaller than a country with what names it. Initiatives without any capital on record are left out: what they
    build is not known.

    Why: health depends on all four capitals; one that nobody builds is used up unseen.

    Do: look for what already builds it and link that; then decide whether something is missing, or record that others
    take care of it.

    Source: Health Foundation, The government's levelling up agenda (2021): attention to all four capitals.
    """

    code = "CAP003"
    title = "Capital left out"
    severity = Severity.MEDIUM
    subject = "portfolio"
    reach = "all"
    thresholds = {"initiatives": Threshold(5, "initiatives", "ours: fewer cannot be asked to build all four")}

    def found(self, scope):
        return Sql(
            LEFT_OUT_SQL.format(portfolios=PORTFOLIOS),
            {"severity": self.severity, "initiatives": self.limit("initiatives")},
        )
