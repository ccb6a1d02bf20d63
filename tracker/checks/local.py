"""LOC: does local government have a part?"""

from django.db.models import Case, CharField, F, Q, Value, When

from policies.models import Domain, Sector
from tracker.checks import facts
from tracker.checks.base import Check, Sql, Threshold, embedded, register
from tracker.checks.roles import who_has_a_role
from tracker.checks.wording import AND, listed, sentence
from tracker.models import Severity


@register
class NoLocalRole(Check):
    """Flags: a policy or commitment in which no role is recorded for local government; high where it names
    places smaller than a country.

    Why: councils hold public health, housing, planning, transport and social care; a policy for places cannot
    be delivered around them.

    Do: ask which councils or combined authorities should lead, deliver or support it, and record their roles.

    Source: Health Foundation, The government's levelling up agenda (2021): the role of local government is
    underplayed.
    """

    code = "LOC001"
    title = "No local government role"
    severity = Severity.MEDIUM

    def severity_expression(self):
        if self.severity_set:
            return super().severity_expression()
        return Case(
            When(facts.names_places(), then=Value(Severity.HIGH)),
            default=Value(self.severity),
            output_field=CharField(),
        )

    def breaches(self, scope):
        return (
            facts.judged(scope)
            .filter(~Q(facts.has_local_role()))
            .annotate(
                sentence=sentence("No role is recorded for local government in “", F("title"), "”."),
                proof=who_has_a_role((Sector.LOCAL_GOVERNMENT, "local government")),
            )
        )


@register
class LocalUnderplayed(Check):
    """Flags: a policy or commitment in which local government has roles, and all are to bid, to receive or to
    be consulted.

    Why: competing for money and answering consultations give no say in what a policy does.

    Do: agree a role in design or delivery with the councils concerned, and record it.

    Source: Health Foundation, The government's levelling up agenda (2021): the role of local government is
    underplayed.
    """

    code = "LOC002"
    title = "Local government underplayed"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope)
            .filter(facts.only_shallow(Sector.LOCAL_GOVERNMENT))
            .annotate(
                sentence=sentence(
                    "In “",
                    F("title"),
                    "” local government only bids, receives or is consulted (",
                    listed(facts.roles(Sector.LOCAL_GOVERNMENT), "organisation__name"),
                    ").",
                ),
                proof=who_has_a_role(sector=Sector.LOCAL_GOVERNMENT),
            )
        )


# The fields of the catalogue, as pairs that the statement reads as rows.
FIELDS = (
    Domain.PUBLIC_HEALTH, Domain.SOCIAL_CARE, Domain.HOUSING, Domain.PLANNING, Domain.TRANSPORT, Domain.EDUCATION,
)  # fmt: skip
FIELD_ROWS = ", ".join(f"('{field.value}', '{field.label}', {number})" for number, field in enumerate(FIELDS))

# `named` are single bodies with a part beyond bidding or being consulted. An initiative is about a field where its
# title or summary uses a word that stands for it. A body lacks a field where the law gives it no power of that
# field, not even under conditions; another body of the record, or a class of bodies, may hold it in the same place.
TIER_SQL = r"""
WITH named AS MATERIALIZED (
    SELECT DISTINCT i.id, i.kind, i.reference, i.title, i.title || '. ' || i.summary AS text, body.id AS body_id,
           body.name, body.kind AS body_kind, body.area_id, area.kind AS tier
    FROM policies_initiative AS i
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.depth >= 2
    JOIN policies_organisation AS body ON body.id = r.organisation_id AND body.sector = 'local_government'
        AND NOT body.is_collective AND (body.active_to IS NULL OR body.active_to > %(today)s)
    JOIN policies_area AS area ON area.id = body.area_id
    WHERE i.id IN ({judged})
), field (domain, label, position) AS (VALUES {fields}),
spoken AS MATERIALIZED (
    SELECT field.*, '(?i)\m(?:' || string_agg(
        regexp_replace(sign.word, '([]*+?.^$(){}|\\[])', '\\\1', 'g'), '|' ORDER BY sign.word
    ) || ')\w*' AS pattern
    FROM field JOIN policies_powersign AS sign ON sign.domain = field.domain AND sign.word <> ''
    GROUP BY field.domain, field.label, field.position
), held AS MATERIALIZED (
    SELECT DISTINCT domain, body_kind, tier, organisation_id FROM policies_power
    WHERE domain IN (SELECT domain FROM field)
), lacking AS MATERIALIZED (
    SELECT named.*, spoken.domain, spoken.label, spoken.position, substring(named.text FROM spoken.pattern) AS word
    FROM named JOIN spoken ON NOT EXISTS (
        SELECT FROM held WHERE held.domain = spoken.domain
            AND (held.body_kind = named.body_kind AND held.tier = named.tier OR held.organisation_id = named.body_id)
    )
    WHERE named.text ~ spoken.pattern
), alone AS MATERIALIZED (
    SELECT lacking.* FROM lacking WHERE NOT EXISTS (
        SELECT FROM policies_responsibility AS r
        JOIN policies_organisation AS other ON other.id = r.organisation_id AND other.sector = 'local_government'
        LEFT JOIN policies_area AS area ON area.id = other.area_id
        WHERE r.initiative_id = lacking.id
          AND EXISTS (
              SELECT FROM held WHERE held.domain = lacking.domain
                  AND (held.body_kind = other.kind AND (other.is_collective OR held.tier = area.kind)
                       OR held.organisation_id = other.id)
          )
          AND (other.is_collective OR EXISTS (
              SELECT FROM policies_areaclosure AS c
              WHERE c.ancestor_id = other.area_id AND c.descendant_id = lacking.area_id
                 OR c.ancestor_id = lacking.area_id AND c.descendant_id = other.area_id
          ))
    )
), holder AS MATERIALIZED (
    SELECT DISTINCT held.domain, body.id, body.name, body.area_id
    FROM policies_organisation AS body
    JOIN policies_area AS area ON area.id = body.area_id
    JOIN held ON held.body_kind = body.kind AND held.tier = area.kind OR held.organisation_id = body.id
    WHERE body.sector = 'local_government' AND NOT body.is_collective
      AND (body.active_to IS NULL OR body.active_to > %(today)s)
), around AS (
    SELECT area_id, ancestor_id AS other_id FROM (SELECT DISTINCT area_id FROM alone) AS place
    JOIN policies_areaclosure ON descendant_id = area_id
    UNION
    SELECT area_id, descendant_id FROM (SELECT DISTINCT area_id FROM alone) AS place
    JOIN policies_areaclosure ON ancestor_id = area_id
), there AS MATERIALIZED (
    SELECT around.area_id, holder.domain, string_agg(holder.name, ', ' ORDER BY holder.name) AS names
    FROM around JOIN holder ON holder.area_id = around.other_id
    GROUP BY around.area_id, holder.domain
), wrong AS MATERIALIZED (SELECT alone.*, there.names FROM alone JOIN there USING (area_id, domain))
SELECT 'LOC003:' || kind || ':' || reference AS fingerprint,
       %(severity)s AS found_severity,
       kind AS found_subject,
       id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       '“' || title || '” speaks of ' || {spoken} || ' and names ' || string_agg(DISTINCT name, ', ')
           || '; the local body that holds such powers there is not named.' AS sentence,
       jsonb_build_object(
           'facts', '[]'::jsonb,
           'columns', '["Field", "Word in its text", "Named", "Held there by"]'::jsonb,
           'rows', jsonb_agg(
               jsonb_build_object('Field', label, 'Word in its text', word, 'Named', name, 'Held there by', names)
               ORDER BY position, name, body_id)
       ) AS proof
FROM wrong GROUP BY id, kind, reference, title
"""


@register
class WrongTier(Check):
    """Flags: a policy or commitment whose title or summary speaks of a field (public health, social care, housing,
    planning, transport or education), and that gives a part to a council or combined authority that holds no power
    of that field in its area, while the local body that does is not named. Bidding, receiving and being consulted is
    no part; a power that a body holds under conditions counts as held; a class such as "local authorities" holds
    what its bodies hold.

    Why: a district cannot run public health and a county cannot give planning permission for homes; the work waits
    for whoever can.

    Do: ask the body that holds the power there, named in the evidence, to take part, and record its role.

    Source: the Acts in this register's table of powers; Health Foundation, The government's levelling up agenda
    (2021): the role of local government is underplayed.
    """

    code = "LOC003"
    title = "Wrong tier"
    severity = Severity.MEDIUM

    def found(self, scope):
        judged, parameters = embedded(facts.judged(scope))
        spoken = AND.format(list="string_agg(DISTINCT lower(label), ', ')")
        statement = TIER_SQL.replace("{judged}", judged).replace("{fields}", FIELD_ROWS).replace("{spoken}", spoken)
        return Sql(statement, scope.parameters() | parameters | {"severity": self.severity})


# Who acts in a place: the leads of live initiatives that name it or a wider place, countries left aside. A place that
# is in a wider one with the same departments says nothing new.
CROWDED_SQL = """
WITH acts AS MATERIALIZED (
    SELECT i.id, i.reference, i.title, body.lineage, COALESCE(NULLIF(body.abbreviation, ''), body.name) AS lead,
           CASE WHEN EXISTS (SELECT FROM policies_footprint AS f WHERE f.initiative_id = i.id) THEN i.id
                ELSE above.id END AS placed_by
    FROM policies_initiative AS i
    JOIN policies_responsibility AS r ON r.initiative_id = i.id AND r.role = 'lead'
    JOIN policies_organisation AS body ON body.id = r.organisation_id
        AND body.kind IN ('department', 'agency', 'nhs_national')
    LEFT JOIN policies_initiative AS above ON above.id = i.parent_id AND i.kind = 'commitment'
        AND above.status = 'published' AND above.sensitivity = 'official'
    WHERE i.status = 'published' AND i.sensitivity = 'official' AND i.kind <> 'partnership'
), named AS MATERIALIZED (
    SELECT acts.id, acts.reference, acts.lineage, acts.lead, f.area_id
    FROM acts JOIN policies_footprint AS f ON f.initiative_id = acts.placed_by
    JOIN policies_area AS area ON area.id = f.area_id AND area.kind <> 'country'
), lead_in AS MATERIALIZED (SELECT DISTINCT lineage, area_id FROM named),
inside AS (
    SELECT place.area_id, lead_in.lineage
    FROM (SELECT DISTINCT area_id FROM named) AS place
    JOIN policies_areaclosure AS c ON c.descendant_id = place.area_id
    JOIN lead_in ON lead_in.area_id = c.ancestor_id
    GROUP BY place.area_id, lead_in.lineage
), crowded AS MATERIALIZED (
    SELECT area_id, count(*) AS departments FROM inside GROUP BY area_id HAVING count(*) >= %(departments)s
), uncovered AS MATERIALIZED (
    SELECT crowded.* FROM crowded
    WHERE NOT EXISTS (
        SELECT FROM policies_areaclosure AS c
        JOIN policies_footprint AS f ON f.area_id = c.ancestor_id
        JOIN policies_area AS area ON area.id = f.area_id AND area.kind <> 'country'
        JOIN policies_initiative AS p ON p.id = f.initiative_id AND p.kind = 'partnership'
            AND p.status = 'published' AND p.sensitivity = 'official'
        WHERE c.descendant_id = crowded.area_id
    ) AND NOT EXISTS (
        SELECT FROM policies_areaclosure AS c JOIN crowded AS wider ON wider.area_id = c.ancestor_id
        WHERE c.descendant_id = crowded.area_id AND wider.area_id <> crowded.area_id
          AND wider.departments = crowded.departments
    )
), there AS (
    SELECT DISTINCT uncovered.area_id, named.lineage, named.lead, named.reference
    FROM uncovered
    JOIN policies_areaclosure AS c ON c.descendant_id = uncovered.area_id
    JOIN named ON named.area_id = c.ancestor_id
), shown AS (
    SELECT area_id, lineage, min(lead) AS lead, count(*) AS initiatives,
           string_agg(reference, ', ' ORDER BY reference) AS "references"
    FROM there GROUP BY area_id, lineage
), told AS (
    SELECT area_id, jsonb_agg(jsonb_build_object(
               'Lead', lead, 'Initiatives', initiatives, 'References', "references"
           ) ORDER BY lower(lead), lineage) AS rows
    FROM shown GROUP BY area_id
)
SELECT 'LOC004:place:' || area.gss_code AS fingerprint,
       %(severity)s AS found_severity,
       'place' AS found_subject,
       NULL::bigint AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       area.id AS found_area,
       departments || ' lead departments have initiatives for ' || area.name
           || ', and no live partnership covers it.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Place', 'value', area.name),
               jsonb_build_object('label', 'Lead departments, renames counted as one', 'value', departments)
           ),
           'columns', '["Lead", "Initiatives", "References"]'::jsonb,
           'rows', told.rows
       ) AS proof
FROM uncovered JOIN told USING (area_id) JOIN policies_area AS area ON area.id = uncovered.area_id
"""


@register
class CrowdedPlace(Check):
    """Flags: a place for which several lead departments have live policies or commitments, while no live
    partnership covers it. What names a wider place counts for the places in it; what names a whole country does
    not, since it is everywhere.

    Why: each department meets the same few people of the council alone, with its own bid, form and deadline.

    Do: let the departments agree with the councils there on one partnership, or on who speaks for all.

    Source: Health Foundation, The government's levelling up agenda (2021): a real partnership between national and
    local government.
    """

    code = "LOC004"
    title = "Crowded place"
    severity = Severity.MEDIUM
    subject = "place"
    reach = "all"
    thresholds = {"departments": Threshold(4, "lead departments", "ours: more than one table can hold by chance")}

    def found(self, scope):
        return Sql(CROWDED_SQL, {"severity": self.severity, "departments": self.limit("departments")})
