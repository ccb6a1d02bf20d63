"""NHS: does the NHS have a part in what should improve health?"""

from django.db.models import Case, F, Q, TextField, Value, When

from policies.bodies import DISTRICTS, OWN_SHARE
from policies.models import Sector
from tracker.checks import facts
from tracker.checks.base import Check, Sql, embedded, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import listed, sentence
from tracker.models import Severity

HUMAN = "human"

# Classes of NHS bodies have boards among them, and national bodies speak for every place. A place is looked at by
# its districts of today, or those that took the place of its own: a board covers the mean of the shares that it has of
# them, at any time. Boards with a role add up; a place of which no district has a board on record is left out.
BOARD_SQL = """
WITH candidate AS MATERIALIZED (
    SELECT i.id, i.kind, i.reference, i.title
    FROM policies_initiative AS i
    WHERE i.id IN ({judged})
      AND EXISTS (
          SELECT FROM policies_outcomelink AS link WHERE link.initiative_id = i.id AND link.direction = 'improves'
      )
      AND NOT EXISTS (
          SELECT FROM policies_responsibility AS r JOIN policies_organisation AS body ON body.id = r.organisation_id
          WHERE r.initiative_id = i.id AND body.sector = 'nhs'
            AND (body.kind = 'nhs_national' OR body.is_collective AND body.kind IN ('icb', 'other'))
            AND (body.active_to IS NULL OR body.active_to > %(today)s)
      )
), named AS MATERIALIZED (
    SELECT candidate.id, area.id AS area_id, area.name, area.gss_code
    FROM candidate JOIN policies_footprint AS f ON f.initiative_id = candidate.id
    JOIN policies_area AS area ON area.id = f.area_id AND area.kind <> 'country'
), place AS MATERIALIZED (SELECT DISTINCT area_id FROM named),
district AS MATERIALIZED (
    SELECT DISTINCT place.area_id, d.id AS district_id
    FROM place
    JOIN policies_areaclosure AS below ON below.ancestor_id = place.area_id
    JOIN policies_areaclosure AS above ON above.descendant_id = below.descendant_id
    JOIN policies_area AS d ON d.id = above.ancestor_id AND d.kind = ANY(%(districts)s)
        AND (d.active_from IS NULL OR d.active_from <= %(today)s) AND (d.active_to IS NULL OR d.active_to >= %(today)s)
), part AS MATERIALIZED (
    SELECT p.part_id AS district_id, p.whole_id AS board_id, max(p.share) AS share,
           bool_or((p.active_from IS NULL OR p.active_from <= %(today)s)
                   AND (p.active_to IS NULL OR p.active_to >= %(today)s)) AS now
    FROM policies_areapart AS p WHERE p.relation = 'icb' AND p.part_id IN (SELECT district_id FROM district)
    GROUP BY p.part_id, p.whole_id
), size AS (
    SELECT area_id, count(*) AS districts FROM district
    WHERE EXISTS (SELECT FROM part WHERE part.district_id = district.district_id) GROUP BY area_id
), covered AS MATERIALIZED (
    SELECT area_id, board_id, sum(share) / size.districts AS share, bool_or(now) AS now
    FROM district JOIN part USING (district_id) JOIN size USING (area_id)
    GROUP BY area_id, board_id, size.districts
), there AS MATERIALIZED (
    SELECT c.area_id, string_agg(body.name, ', ' ORDER BY share DESC, body.name) AS boards
    FROM (SELECT *, max(share) OVER (PARTITION BY area_id) AS most FROM covered WHERE now) AS c
    JOIN policies_organisation AS body ON body.area_id = c.board_id AND body.kind = 'icb'
        AND (body.active_to IS NULL OR body.active_to > %(today)s)
    WHERE share >= %(share)s OR most < %(share)s -- a board that merely touches a place is not its own
    GROUP BY c.area_id
), taking_part AS MATERIALIZED (
    SELECT DISTINCT r.initiative_id AS id, body.area_id AS board_id
    FROM candidate JOIN policies_responsibility AS r ON r.initiative_id = candidate.id
    JOIN policies_organisation AS body ON body.id = r.organisation_id AND body.kind = 'icb'
        AND body.area_id IS NOT NULL
), reached AS (
    SELECT named.id, named.area_id, named.name, named.gss_code, COALESCE(there.boards, '') AS boards,
           COALESCE(sum(covered.share), 0) AS share
    FROM named
    JOIN size USING (area_id)
    LEFT JOIN there USING (area_id)
    LEFT JOIN taking_part ON taking_part.id = named.id
    LEFT JOIN covered ON covered.area_id = named.area_id AND covered.board_id = taking_part.board_id
    WHERE NOT EXISTS (SELECT FROM taking_part AS t WHERE t.id = named.id AND t.board_id = named.area_id)
    GROUP BY named.id, named.area_id, named.name, named.gss_code, there.boards
    HAVING COALESCE(sum(covered.share), 0) < %(share)s
), missing AS (
    SELECT id, count(*) AS places, (array_agg(name ORDER BY name, gss_code))[1:3] AS first,
           jsonb_agg(jsonb_build_object(
               'Place', name, 'Boards there', boards,
               'Share covered by boards with a role', to_char(100 * LEAST(share, 1), 'FM990') || '%%'
           ) ORDER BY name, gss_code) AS rows
    FROM reached GROUP BY id
)
SELECT 'NHS003:' || kind || ':' || reference AS fingerprint,
       %(severity)s AS found_severity,
       kind AS found_subject,
       candidate.id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       '“' || title || '” should improve health, and no role is held by the integrated care boards of '
           || array_to_string(first, ', ')
           || CASE WHEN places > 3 THEN ' and ' || places - 3 || ' more of its places' ELSE '' END || '.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Places without their integrated care board', 'value', places)
           ),
           'columns', '["Place", "Boards there", "Share covered by boards with a role"]'::jsonb,
           'rows', rows
       ) AS proof
FROM missing JOIN candidate USING (id)
"""


@register
class NoNhsRole(Check):
    """Flags: a policy or commitment that improves a health outcome or builds human capital, in which no role is
    recorded for the NHS.

    Why: the NHS knows who is ill and why, and works in every place; left out, it can neither help nor prepare.

    Do: ask the integrated care boards of the places concerned, or NHS England, what part they should have, and
    record it.

    Source: Health Foundation, The government's levelling up agenda (2021): a greater role for the NHS in
    population health.
    """

    code = "NHS001"
    title = "No NHS role"
    severity = Severity.HIGH

    def breaches(self, scope):
        improves, human = Q(facts.improves_outcome()), Q(facts.has_capital(HUMAN))
        reason = Case(
            When(improves & human, then=Value("improves health outcomes and builds human capital")),
            When(improves, then=Value("improves health outcomes")),
            default=Value("builds human capital"),
            output_field=TextField(),
        )
        return (
            facts.judged(scope)
            .filter((improves | human) & ~Q(facts.has_nhs_role()))
            .annotate(
                sentence=sentence("“", F("title"), "” ", reason, ", and no role is recorded for the NHS."),
                proof=who_has_a_role((Sector.NHS, "the NHS")),
            )
        )


@register
class NhsUnderplayed(Check):
    """Flags: a policy or commitment in which NHS bodies have roles, and all are to bid, to receive or to be
    consulted.

    Why: being asked is not taking part.

    Do: agree a role in design or delivery with the NHS bodies concerned, and record it.

    Source: Health Foundation, The government's levelling up agenda (2021): the role of the NHS is underplayed.
    """

    code = "NHS002"
    title = "NHS underplayed"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope)
            .filter(facts.only_shallow(Sector.NHS))
            .annotate(
                sentence=sentence(
                    "In “",
                    F("title"),
                    "” the NHS only bids, receives or is consulted (",
                    listed(facts.roles(Sector.NHS), "organisation__name"),
                    ").",
                ),
                proof=who_has_a_role(sector=Sector.NHS),
            )
        )


@register
class BoardMissing(Check):
    """Flags: a policy or commitment that names places and improves a health outcome, where for one of the places no
    role is held by the integrated care boards that cover half or more of it. A role of a national NHS body, or of a
    class of bodies such as "integrated care boards" or "NHS bodies", counts for every place. How much of a place a
    board covers goes by the place's districts; where that is not known, nothing is flagged.

    Why: the integrated care board plans and pays for care in the place, and is bound to narrow its gaps in health.

    Do: ask the boards that are named for each place to take part, and record their roles.

    Source: Health Foundation, The government's levelling up agenda (2021): a greater role for the NHS in
    population health.
    """

    code = "NHS003"
    title = "Integrated care board missing"
    severity = Severity.MEDIUM

    def found(self, scope):
        judged, parameters = embedded(facts.judged(scope))
        return Sql(
            BOARD_SQL.replace("{judged}", judged),
            scope.parameters()
            | parameters
            | {"severity": self.severity, "districts": [str(kind) for kind in DISTRICTS], "share": OWN_SHARE},
        )
