"""A synthetic register of any size, made in the database: the shape of the real one, with random links.

For each policy: a footprint, a primary and perhaps a secondary capital, two outcome links, three roles, perhaps a
measure, criteria and allocations where it is a fund, and two commitments with a lead, an update and perhaps a measure.
"""

from django.apps import apps
from django.db import connection

INITIATIVE = {
    "sensitivity": "'official'",
    "status": "'published'",
    "version": "1",
    "created_at": "now()",
    "created_by_id": "{user}",
    "updated_at": "now()",
    "published_at": "now()",
    "published_by_id": "{user}",
}

# What is made: the model, its columns as expressions, and where the rows come from. Columns of text that are not
# named are empty, so that a new one needs no word here.
TABLES = [
    (
        "Initiative",
        INITIATIVE
        | {
            "kind": "'policy'",
            "form": "CASE WHEN random() < 0.3 THEN 'fund' ELSE 'programme' END",
            "reference": "'BENCH-' || lpad(n::text, 7, '0')",
            "title": "'Synthetic policy ' || n",
            "summary": "md5(n::text)",
            "source_title": "'Synthetic'",
            "start_date": "date '2020-01-01' + (random() * 1500)::int",
            "start_precision": "'day'",
            "value_gbp": "CASE WHEN random() < 0.8 THEN round((random() * 1e9)::numeric, 2) END",
        },
        "generate_series(1, {size}) AS n",
    ),
    (
        "Initiative",
        INITIATIVE
        | {
            "kind": "'commitment'",
            "form": "'commitment'",
            "reference": "'BENCHC-' || lpad((k * {size} + right(i.reference, 7)::int)::text, 8, '0')",
            "title": "'Promise ' || md5(i.reference || k)",
            "parent_id": "i.id",
            "due_date": "current_date + (random() * 2000 - 200)::int",
            "due_precision": "'day'",
        },
        "policies_initiative AS i, generate_series(1, 2) AS k WHERE i.reference LIKE 'BENCH-%'",
    ),
    (
        "Footprint",
        {
            "initiative_id": "i.id",
            "area_id": "CASE WHEN random() < 0.3 THEN {england} "
            "ELSE ({areas})[1 + floor(random() * {area_count})::int] END",
        },
        "policies_initiative AS i WHERE reference LIKE 'BENCH-%'",
    ),
    (
        "CapitalLink",
        {
            "initiative_id": "i.id",
            "capital_id": "({capitals})[1 + floor(random() * random() * 4)::int]",
            "weight": "'primary'",
            "basis": "'judged'",
        },
        "policies_initiative AS i WHERE reference LIKE 'BENCH-%' AND random() < 0.95",
    ),
    (
        "CapitalLink",
        {
            "initiative_id": "i.id",
            "capital_id": "({capitals})[1 + floor(random() * 4)::int]",
            "weight": "'secondary'",
            "basis": "'judged'",
        },
        "policies_initiative AS i WHERE reference LIKE 'BENCH-%' AND random() < 0.4",
    ),
    (
        "OutcomeLink",
        {
            "initiative_id": "i.id",
            "outcome_id": "({outcomes})[1 + floor(random() * {outcome_count})::int]",
            "direction": "CASE WHEN random() < 0.0005 THEN 'worsens' ELSE 'improves' END",
            "horizon": "'long'",
            "gap": "'unknown'",
            "stated_in_text": "random() < 0.5",
            "pathway": "'A pathway'",
            "basis": "'judged'",
        },
        "policies_initiative AS i, generate_series(1, 2) WHERE reference LIKE 'BENCH-%'",
    ),
    (
        "Responsibility",
        {
            "initiative_id": "i.id",
            "organisation_id": "({departments})[1 + floor(random() * {department_count})::int]",
            "role": "'lead'",
            "basis": "'stated'",
            "answer": "'proposed'",
        },
        "policies_initiative AS i WHERE reference LIKE 'BENCH%' AND random() < 0.99",
    ),
    (
        "Responsibility",
        {
            "initiative_id": "i.id",
            "organisation_id": "({bodies})[1 + floor(random() * {body_count})::int]",
            "role": "(ARRAY['delivery', 'supporting', 'consulted', 'bidder'])[1 + floor(random() * 4)::int]",
            "basis": "'stated'",
            "answer": "'proposed'",
        },
        "policies_initiative AS i, generate_series(1, 2) WHERE reference LIKE 'BENCH-%'",
    ),
    (
        "Measure",
        {
            "initiative_id": "i.id",
            "purpose": "'progress'",
            "words": "'A measure'",
            "is_health": "random() < 0.3",
        },
        "policies_initiative AS i WHERE reference LIKE 'BENCH%' AND random() < 0.6",
    ),
    (
        "AllocationCriterion",
        {
            "initiative_id": "i.id",
            "stage": "'formula'",
            "criterion": "'Criterion ' || n",
            "is_health": "random() < 0.1",
        },
        "policies_initiative AS i, generate_series(1, 3) AS n WHERE reference LIKE 'BENCH-%' AND form = 'fund'",
    ),
    (
        "Update",
        {
            "initiative_id": "i.id",
            "reported_on": "current_date - (random() * 150)::int",
            "rag": "(ARRAY['green', 'amber', 'red'])[1 + floor(random() * 3)::int]",
            "narrative": "'Some words.'",
            "at": "now()",
            "by_id": "{user}",
        },
        "policies_initiative AS i WHERE reference LIKE 'BENCHC-%'",
    ),
]


def fill(size, user):
    """Add `size` policies and twice as many commitments. Triggers are off: they are not what is measured."""
    with connection.cursor() as cursor:
        values = {"size": size, "user": user.pk} | _reference(cursor)
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute("SET session_replication_role = replica")
        for name, columns, source in TABLES:
            cursor.execute(_statement(apps.get_model("policies", name), columns, source).format(**values))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def _statement(model, columns, source):
    """An INSERT of the rows of a source, texts that are not named left empty."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    empty = {
        field.column: "''"
        for field in fields
        if field.column not in columns
        and field.empty_strings_allowed
        and not field.null
        and not field.primary_key
        and field.get_internal_type() in ("CharField", "TextField", "URLField")
    }
    columns = columns | empty
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM {source} ON CONFLICT DO NOTHING"
    )


def _reference(cursor):
    """Arrays of ids to draw from, and how long each is."""
    values = {}
    cursor.execute("SELECT id FROM policies_area WHERE gss_code = 'E92000001'")
    values["england"] = cursor.fetchone()[0]
    current = "active_to IS NULL"
    for name, sql in {
        "area": f"SELECT id FROM policies_area WHERE kind <> 'country' AND {current} ORDER BY gss_code",
        "capital": "SELECT id FROM policies_capital ORDER BY position",
        "outcome": "SELECT id FROM policies_outcome ORDER BY position",
        "department": f"SELECT id FROM policies_organisation WHERE kind = 'department' AND {current} ORDER BY code",
        "body": f"SELECT id FROM policies_organisation WHERE sector <> 'national' AND {current} ORDER BY code",
    }.items():
        cursor.execute(sql)
        ids = [row[0] for row in cursor.fetchall()]
        values[f"{name}_count"] = len(ids)
        plural = "bodies" if name == "body" else f"{name}s"
        values[plural] = f"ARRAY[{', '.join(map(str, ids))}]"
    return values
