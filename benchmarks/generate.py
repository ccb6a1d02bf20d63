"""A synthetic register of any size, made in the database: the shape of the real one, with random links.

For each policy: a footprint, a primary and perhaps a secondary capital, two outcome links, three roles, a measure
and a commitment.
"""

from django.db import connection

STATEMENTS = [
    # Policies first, then one commitment under each; the reference tells which.
    """
    INSERT INTO policies_initiative (
        kind, form, reference, short_code, title, summary, source_title, source_url, source_quote, notes,
        start_date, start_precision, end_precision, due_precision, value_gbp, value_note, status, sensitivity,
        version, created_at, created_by_id, updated_at, published_at, published_by_id, ended_reason
    )
    SELECT 'policy', CASE WHEN random() < 0.3 THEN 'fund' ELSE 'programme' END,
           'BENCH-' || lpad(n::text, 7, '0'), '', 'Synthetic policy ' || n, md5(n::text), 'Synthetic', '', '', '',
           date '2020-01-01' + (random() * 1500)::int, 'day', '', '',
           CASE WHEN random() < 0.8 THEN round((random() * 1e9)::numeric, 2) END, '', 'published', 'official',
           1, now(), {user}, now(), now(), {user}, ''
    FROM generate_series(1, {size}) AS n
    """,
    """
    INSERT INTO policies_initiative (
        kind, form, reference, short_code, title, summary, source_title, source_url, source_quote, notes, parent_id,
        start_precision, end_precision, due_date, due_precision, value_note, status, sensitivity,
        version, created_at, created_by_id, updated_at, published_at, published_by_id, ended_reason
    )
    SELECT 'commitment', 'commitment', replace(reference, 'BENCH', 'BENCHC'), '', 'Promise of ' || title, '', '', '',
           '', '', id, '', '', current_date + (random() * 2000 - 200)::int, 'day', '', 'published', 'official',
           1, now(), {user}, now(), now(), {user}, ''
    FROM policies_initiative WHERE reference LIKE 'BENCH-%'
    """,
    """
    INSERT INTO policies_footprint (initiative_id, area_id)
    SELECT i.id, CASE WHEN random() < 0.3 THEN {england} ELSE ({areas})[1 + floor(random() * {area_count})::int] END
    FROM policies_initiative AS i WHERE reference LIKE 'BENCH-%'
    """,
    """
    INSERT INTO policies_capitallink (initiative_id, capital_id, weight, rationale, basis, source_title, source_url)
    SELECT i.id, ({capitals})[1 + floor(random() * random() * 4)::int], 'primary', '', 'judged', '', ''
    FROM policies_initiative AS i WHERE reference LIKE 'BENCH-%' AND random() < 0.95
    """,
    """
    INSERT INTO policies_outcomelink (
        initiative_id, outcome_id, direction, horizon, gap, stated_in_text, pathway, evidence, mitigation, basis,
        source_title, source_url
    )
    SELECT i.id, ({outcomes})[1 + floor(random() * {outcome_count})::int],
           CASE WHEN random() < 0.0005 THEN 'worsens' ELSE 'improves' END, 'long', 'unknown', random() < 0.5,
           'A pathway', '', '', 'judged', '', ''
    FROM policies_initiative AS i, generate_series(1, 2) WHERE reference LIKE 'BENCH-%'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO policies_responsibility (
        initiative_id, organisation_id, role, basis, note, answer, answer_words, source_title, source_url
    )
    SELECT i.id, ({departments})[1 + floor(random() * {department_count})::int], 'lead', 'stated', '', 'proposed',
           '', '', ''
    FROM policies_initiative AS i WHERE reference LIKE 'BENCH%' AND random() < 0.99
    """,
    """
    INSERT INTO policies_responsibility (
        initiative_id, organisation_id, role, basis, note, answer, answer_words, source_title, source_url
    )
    SELECT i.id, ({bodies})[1 + floor(random() * {body_count})::int],
           (ARRAY['delivery', 'supporting', 'consulted', 'bidder'])[1 + floor(random() * 4)::int],
           'stated', '', 'proposed', '', '', ''
    FROM policies_initiative AS i, generate_series(1, 2) WHERE reference LIKE 'BENCH-%'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO policies_measure (
        initiative_id, purpose, words, is_health, baseline_text, unit, source_title, source_url
    )
    SELECT i.id, 'progress', 'A measure', random() < 0.3, '', '', '', ''
    FROM policies_initiative AS i WHERE reference LIKE 'BENCH%' AND random() < 0.6
    """,
]


def fill(size, user):
    """Add `size` policies and as many commitments. History triggers are off: this is not what is measured."""
    values = {"size": size, "user": user.pk}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        for name, sql in {
            "england": "SELECT id FROM policies_area WHERE gss_code = 'E92000001'",
        }.items():
            cursor.execute(sql)
            values[name] = cursor.fetchone()[0]
        for name, count, sql in [
            ("areas", "area_count", "SELECT id FROM policies_area WHERE kind NOT IN ('country') AND active_to IS NULL"),
            ("capitals", None, "SELECT id FROM policies_capital ORDER BY position"),
            ("outcomes", "outcome_count", "SELECT id FROM policies_outcome ORDER BY position"),
            (
                "departments",
                "department_count",
                "SELECT id FROM policies_organisation WHERE kind = 'department' AND active_to IS NULL ORDER BY code",
            ),
            (
                "bodies",
                "body_count",
                "SELECT id FROM policies_organisation WHERE sector <> 'national' AND active_to IS NULL ORDER BY code",
            ),
        ]:
            cursor.execute(sql)
            ids = [row[0] for row in cursor.fetchall()]
            values[name] = f"ARRAY[{', '.join(map(str, ids))}]"
            if count:
                values[count] = len(ids)
        cursor.execute("SET session_replication_role = replica")
        for statement in STATEMENTS:
            cursor.execute(statement.format(**values))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")
