"""FND: does money go by health?"""

from django.db.models import Case, F, OuterRef, Q, When

from policies.models import AllocationCriterion, Form, Initiative, Purpose, Stage
from tracker.checks import facts
from tracker.checks.base import Check, Sql, Threshold, register
from tracker.checks.measures import measures
from tracker.checks.wording import choice, counted, proof, sentence
from tracker.models import Severity

CRITERION = {
    "Round": F("round"),
    "Stage": choice("stage", Stage),
    "Criterion": F("criterion"),
    "Weight, %": F("weight_percent"),
    "Type": F("measure_type"),
}


def criteria():
    """An initiative's allocation criteria, in a fixed order."""
    return AllocationCriterion.objects.filter(initiative=OuterRef("pk")).order_by("round", "stage", "pk")


# Healthy life expectancy at birth by area: the one series of the two with the newer period, in its latest period;
# of people, or else the mean of men and women. `worst` are the places of the lowest quarter, those that tie with its
# last included. Places without a value might be among them, so their pounds count for the quarter.
NEED_SQL = """
WITH place AS MATERIALIZED (
    SELECT a.initiative_id, a.area_id, sum(a.amount_gbp) AS pounds
    FROM policies_allocation AS a
    JOIN policies_initiative AS i ON i.id = a.initiative_id AND i.status = 'published'
    WHERE %(everything)s OR i.id = ANY(%(initiatives)s)
    GROUP BY a.initiative_id, a.area_id
), fund AS MATERIALIZED (
    SELECT initiative_id, count(*) AS places, sum(pounds) AS pounds FROM place
    GROUP BY initiative_id HAVING count(*) >= %(places)s AND sum(pounds) > 0
), named AS (
    SELECT o.area_id, o.period_start, o.period_end, o.value, o.age, x.publisher AS source,
           CASE x.code WHEN %(female)s THEN 'female' WHEN %(male)s THEN 'male' ELSE o.sex END AS sex
    FROM policies_observation AS o
    JOIN policies_indicator AS x ON x.id = o.indicator_id AND x.code IN (%(people)s, %(female)s, %(male)s)
    WHERE EXISTS (SELECT FROM fund)
), series AS (
    SELECT source, area_id, period_start, period_end,
           CASE WHEN count(*) FILTER (WHERE sex = 'persons') = 1 THEN max(value) FILTER (WHERE sex = 'persons')
                ELSE (max(value) FILTER (WHERE sex = 'female') + max(value) FILTER (WHERE sex = 'male')) / 2 END
               AS years
    FROM named GROUP BY source, area_id, period_start, period_end, age
), latest AS (
    SELECT source, period_start, period_end FROM series WHERE years IS NOT NULL
    ORDER BY period_end DESC, source, period_start DESC LIMIT 1
), life AS MATERIALIZED (
    SELECT area_id, period_end, min(years) AS years FROM series JOIN latest USING (source, period_start, period_end)
    WHERE years IS NOT NULL
    GROUP BY area_id, period_end HAVING count(*) = 1
), ranked AS (
    SELECT place.*, life.years, life.period_end, fund.places, fund.pounds AS total,
           rank() OVER (PARTITION BY initiative_id ORDER BY life.years) AS number
    FROM place JOIN fund USING (initiative_id) LEFT JOIN life USING (area_id)
), worst AS (
    SELECT initiative_id, places, total,
           COALESCE(sum(ranked.pounds) FILTER (WHERE years IS NOT NULL), 0) AS pounds,
           count(*) FILTER (WHERE years IS NOT NULL) AS counted,
           max(period_end) AS period_end,
           jsonb_agg(jsonb_build_object(
               'Place', area.name, 'Healthy life expectancy, years', round(years, 1), 'Pounds', ranked.pounds
           ) ORDER BY years, area.name, area.gss_code) FILTER (WHERE years IS NOT NULL) AS rows
    FROM ranked JOIN policies_area AS area ON area.id = area_id
    WHERE years IS NOT NULL AND number <= ceil(places / 4.0)
    GROUP BY initiative_id, places, total
), unknown AS (
    SELECT initiative_id, count(*) AS places, sum(pounds) AS pounds FROM ranked WHERE years IS NULL
    GROUP BY initiative_id
), short AS (
    SELECT worst.*, COALESCE(unknown.places, 0) AS unknown, COALESCE(unknown.pounds, 0) AS unknown_pounds,
           worst.pounds + COALESCE(unknown.pounds, 0) AS at_most
    FROM worst LEFT JOIN unknown USING (initiative_id)
    WHERE worst.pounds + COALESCE(unknown.pounds, 0) < worst.total / 4
)
SELECT 'FND004:' || i.kind || ':' || i.reference AS fingerprint,
       %(severity)s AS found_severity,
       i.kind AS found_subject,
       i.id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       'The quarter of places with the shortest healthy life expectancy receives '
           || CASE WHEN unknown = 0 THEN '' ELSE 'at most ' END || to_char(100 * at_most / total, 'FM990.0')
           || '%% of the pounds of “' || i.title || '”.' AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Places with an allocation', 'value', places),
               jsonb_build_object('label', 'Pounds allocated', 'value', total),
               jsonb_build_object('label', 'Places in the quarter with the shortest', 'value', counted),
               jsonb_build_object('label', 'Their pounds', 'value', pounds),
               jsonb_build_object('label', 'Places where it is not known', 'value', unknown),
               jsonb_build_object('label', 'Pounds of those, counted as if for the quarter', 'value', unknown_pounds),
               jsonb_build_object('label', 'Healthy life expectancy at birth, period to', 'value', period_end)
           ),
           'columns', '["Place", "Healthy life expectancy, years", "Pounds"]'::jsonb,
           'rows', rows
       ) AS proof
FROM short JOIN policies_initiative AS i ON i.id = short.initiative_id
"""

# Where money ends and effects begin. The end of a month or a year that is all that is known is its last day; a long-
# term measure shows change, at the earliest, at its target or so many years after the start.
ENDS_FIRST_SQL = """
WITH funded AS MATERIALIZED (
    SELECT i.*, CASE i.end_precision
               WHEN 'year' THEN (date_trunc('year', i.end_date) + interval '1 year - 1 day')::date
               WHEN 'month' THEN (date_trunc('month', i.end_date) + interval '1 month - 1 day')::date
               ELSE i.end_date END AS ends_on,
           (i.start_date + make_interval(years => %(years)s))::date AS shows_on
    FROM policies_initiative AS i
    WHERE i.status = 'published' AND i.start_date IS NOT NULL AND i.end_date IS NOT NULL
      AND (i.form = 'fund' OR i.value_gbp > 0
           OR EXISTS (SELECT FROM policies_allocation AS a WHERE a.initiative_id = i.id))
      AND (%(everything)s OR i.id = ANY(%(initiatives)s))
), family AS (
    SELECT id AS funded_id, id, reference, shows_on FROM funded
    UNION ALL
    SELECT funded.id, below.id, below.reference, funded.shows_on
    FROM funded JOIN policies_initiative AS below ON below.parent_id = funded.id AND below.kind = 'commitment'
        AND below.status = 'published' AND below.sensitivity = 'official'
), followed AS (
    SELECT family.funded_id, family.reference, m.id, m.target_date, COALESCE(x.name, m.words) AS name,
           LEAST(family.shows_on, m.target_date) AS shows_on
    FROM family
    JOIN policies_measure AS m ON m.initiative_id = family.id AND m.purpose = 'progress'
    LEFT JOIN policies_indicator AS x ON x.id = m.indicator_id
    WHERE COALESCE(NULLIF(m.horizon, ''), x.horizon) = 'long'
), first AS (
    SELECT funded_id, min(shows_on) AS shows_on,
           jsonb_agg(jsonb_build_object(
               'Initiative', reference, 'Long-term measure', name, 'Target date', target_date,
               'Can show change from', shows_on
           ) ORDER BY reference, id) AS rows
    FROM followed GROUP BY funded_id
)
SELECT 'FND005:' || funded.kind || ':' || funded.reference AS fingerprint,
       %(severity)s AS found_severity,
       funded.kind AS found_subject,
       funded.id AS found_initiative,
       NULL::bigint AS found_other,
       NULL::bigint AS found_outcome,
       NULL::bigint AS found_organisation,
       NULL::bigint AS found_area,
       'The money of “' || funded.title || '” ends on ' || to_char(funded.ends_on, 'FMDD FMMonth YYYY')
           || ', before its long-term measures can show change (' || to_char(first.shows_on, 'FMMonth YYYY') || ').'
           AS sentence,
       jsonb_build_object(
           'facts', jsonb_build_array(
               jsonb_build_object('label', 'Starts', 'value', funded.start_date),
               jsonb_build_object('label', 'Money ends', 'value', funded.ends_on)
           ),
           'columns', '["Initiative", "Long-term measure", "Target date", "Can show change from"]'::jsonb,
           'rows', first.rows
       ) AS proof
FROM first JOIN funded ON funded.id = first.funded_id AND funded.ends_on < first.shows_on
"""


@register
class NoCriteria(Check):
    """Flags: a fund for which no allocation criterion is recorded.

    Why: without its criteria nobody can tell whether the money goes where health is worst.

    Do: record the published criteria with their weights.

    Source: Health Foundation, The government's levelling up agenda (2021): criteria of the levelling-up funds.
    """

    code = "FND001"
    title = "No allocation criteria"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live())
            .filter(~Q(facts.has_criteria()), form=Form.FUND)
            .annotate(
                sentence=sentence("No allocation criteria are recorded for “", F("title"), "”."),
                proof=proof({"Criteria recorded": counted(criteria())}),
            )
        )


@register
class NoHealthCriterion(Check):
    """Flags: an initiative with allocation criteria, none of which is a measure of health.

    Why: the briefing found no measure of health in the criteria of the levelling-up funds, so money passed by
    places with the worst health.

    Do: add a measure of health to the criteria of the next round, or record why need is judged without it.

    Source: Health Foundation, The government's levelling up agenda (2021): no health measure in allocation.
    """

    code = "FND002"
    title = "No health measure in allocation"
    severity = Severity.HIGH

    def breaches(self, scope):
        return (
            scope.over(Initiative.objects.live())
            .filter(Q(facts.has_criteria()) & ~Q(facts.has_health_criterion()))
            .annotate(
                number=counted(criteria()),
            )
            .annotate(
                sentence=Case(
                    When(
                        number=1,
                        then=sentence("The one allocation criterion of “", F("title"), "” is not a measure of health."),
                    ),
                    default=sentence(
                        "None of the ",
                        F("number"),
                        " allocation criteria of “",
                        F("title"),
                        "” is a measure of health.",
                    ),
                ),
                proof=proof(
                    {"Criteria recorded": counted(criteria()), "Measures of health among them": 0},
                    criteria(),
                    CRITERION,
                ),
            )
        )


@register
class MonitoredNotTargeted(Check):
    """Flags: an initiative with allocation criteria that measures health to see how it goes, while no criterion by
    which it picks places is a measure of health. Where it records only how bids are scored, that is what picks.

    Why: health is watched after the money has gone elsewhere; a place with poor health gains nothing from that.

    Do: use the measure of health that is already collected to choose places in the next round.

    Source: Health Foundation, The government's levelling up agenda (2021): no health measure in allocation.
    """

    code = "FND003"
    title = "Monitored, not targeted"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        watched = measures().filter(facts.HEALTHY, purpose=Purpose.PROGRESS)
        return (
            scope.over(Initiative.objects.live())
            .filter(Q(facts.has_criteria()) & facts.has_health_measure(Purpose.PROGRESS) & ~facts.targets_health())
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” measures health or wellbeing to follow its progress, and picks places without it.",
                ),
                proof=proof(
                    {
                        "Criteria recorded": counted(criteria()),
                        "Measures of health among its measures": counted(watched),
                    },
                    criteria(),
                    CRITERION,
                ),
            )
        )


@register
class MoneyDoesNotFollowNeed(Check):
    """Flags: an initiative that has given money to many places, of which the quarter with the shortest healthy life
    expectancy at birth receives less than a quarter of the pounds. Healthy life expectancy is that of people, or the
    mean of men and women, in the latest period on record (indicator 90362 of Fingertips, or that of ONS, whichever
    is newer). Pounds of places where it is not known count as if they went to the quarter.

    Why: where people fall ill earliest, the need is greatest; money that passes by widens the gap.

    Do: look at which places the criteria favour. Weigh health in the next round, or record why need is another here.

    Source: Health Foundation, The government's levelling up agenda (2021): criteria of the levelling-up funds.
    """

    code = "FND004"
    title = "Money does not follow need"
    severity = Severity.MEDIUM
    thresholds = {"places": Threshold(20, "places", "ours: a quarter of fewer is a handful")}

    def found(self, scope):
        return Sql(
            NEED_SQL,
            scope.parameters()
            | {
                "severity": self.severity,
                "places": self.limit("places"),
                "people": "fingertips:90362",
                "female": "ons_els:healthy-life-expectancy-female",
                "male": "ons_els:healthy-life-expectancy-male",
            },
        )


@register
class MoneyEndsFirst(Check):
    """Flags: an initiative with money, a start and an end, which ends before any of its long-term measures, or of
    its commitments', can show change: at the measure's target date or, if that is sooner or there is no target, five
    years after the start.

    Why: whoever pays for a lasting effect and stops before it shows will never know, and neither will who comes next.

    Do: say who goes on measuring once the money has ended, extend the money, or add a measure that moves sooner.

    Source: Health Foundation, The government's levelling up agenda (2021): short- and longer-term measures of
    health and wellbeing.
    """

    code = "FND005"
    title = "Money ends first"
    severity = Severity.MEDIUM
    thresholds = {"years": Threshold(5, "years", "this register's own line between short-term and long-term measures")}

    def found(self, scope):
        return Sql(ENDS_FIRST_SQL, scope.parameters() | {"severity": self.severity, "years": self.limit("years")})
