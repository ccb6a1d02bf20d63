"""Every rule that the database holds, broken in raw SQL, past all of the code that asks nicely."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from tests.policies import deciding, factories
from tests.policies.models import sound
from tests.policies.models.breakers import BREAKERS, IMPLIED, KEPT_BY_TRIGGERS

pytestmark = pytest.mark.django_db

NO_SUCH_ID = 2_000_000_000

A_MOVE = {
    "moved_to": factories.DAY,
    "moved_to_precision": "day",
    "moved_reason_code": "funding",
    "moved_reason": "Late",
    "move_state": "proposed",
}
# What a row must also say when it names who did something.
_ENDED = "ended_at = now(), ended_by_id = {person}, ended_reason = 'Over'"

TOGETHER = {
    "submitted_by": {"submitted_at": timezone.now()},
    "answered_by": {"answer": "accepted", "answered_at": timezone.now()},
    "replied_by": {
        "answer": "accepted",
        "answered_at": timezone.now(),
        "answered_by": factories.user,
        "reply": "Good.",
        "replied_at": timezone.now(),
    },
    "ended_by": {"status": "closed"},
    "moved_by": A_MOVE,
    "move_decided_by": A_MOVE | {"move_state": "approved", "move_decided_at": timezone.now()},
    "called_off_by": {"called_off_at": timezone.now()},
    "accepted_by": {"accepted_at": timezone.now()},
    "revoked_by": {"revoked_at": timezone.now()},
    "taken_back_by": {"taken_back_at": timezone.now(), "taken_back_reason": "Settled."},
}


def rows_of_the_catalogue(query):
    with connection.cursor() as cursor:
        cursor.execute(query, [[model._meta.db_table for model in sound.models_of_ours()]])
        return cursor.fetchall()


def rules_of_the_database():
    """Names of all checks and unique rules of our tables: what the database says, not what the models say."""
    checks = rows_of_the_catalogue(
        "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u') AND conrelid::regclass::text = ANY(%s)"
    )
    unique = rows_of_the_catalogue(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text = ANY(%s)"
    )
    return {name for (name,) in checks + unique}


def foreign_keys():
    return [
        pytest.param(model, field, id=f"{model._meta.db_table}.{field.column}")
        for model in sound.models_of_ours()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]


def execute(sql, parameters=None):
    """Run a statement and every rule that waits for the end of the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        changed = cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return changed


def drop(constraint):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s", [constraint])
        cursor.execute(f"ALTER TABLE {cursor.fetchone()[0]} DROP CONSTRAINT {constraint}")


def name_of(error):
    return error.value.__cause__.diag.constraint_name


class TestEveryRule:
    @pytest.mark.parametrize(
        ("rule", "breaker"), BREAKERS, ids=[f"{rule}-{number}" for number, (rule, _) in enumerate(BREAKERS)]
    )
    def test_is_held(self, rule, breaker):
        sql = breaker.sql(sound.Rows())
        if rule in IMPLIED:
            drop(IMPLIED[rule])
        with pytest.raises(IntegrityError) as error:
            execute(sql)
        assert name_of(error) == rule

    def test_has_a_statement_that_breaks_it(self):
        assert {rule for rule, _ in BREAKERS} == rules_of_the_database() | KEPT_BY_TRIGGERS

    def test_a_new_rule_without_a_breaker_is_noticed(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE policies_area ADD CONSTRAINT planted CHECK (name <> 'Utopia')")
            cursor.execute("CREATE UNIQUE INDEX planted_once ON policies_area (name, gss_code)")
        assert rules_of_the_database() >= {"planted", "planted_once"}
        assert not {rule for rule, _ in BREAKERS} & {"planted", "planted_once"}

    def test_of_the_models_is_in_the_database(self):
        named = {rule.name for model in sound.models_of_ours() for rule in model._meta.constraints}
        assert named <= rules_of_the_database()


class TestSoundRows:
    """The quiet side: what the rules allow."""

    def test_of_every_table_pass(self):
        for name in (*sound.BY_TABLE, *sound.NAMED):
            assert sound.Rows()[name]
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_are_made_of_every_table(self):
        assert set(deciding.BY_MODEL) == set(sound.models_of_ours())

    @pytest.mark.parametrize(
        ("table", "values"),
        [
            ("initiative", "title = 'A', source_url = 'https://a.example/b', value_gbp = 0, price_year = 1990"),
            ("commitment", "due_date = '2021-01-01', due_precision = 'month'"),
            ("partnership", "review_date = '2021-01-01', health_in_scope = false"),
            ("policy", "parent_id = {umbrella}"),
            ("commitment", "parent_id = {under}"),
            ("commitment", "parent_id = {deal_below}"),
            ("partnership", "parent_id = {under}"),
            ("partnership", "parent_id = {deal}"),
            ("published", f"status = 'closed', {_ENDED}, ended_outcome = 'met'"),
            ("published", f"status = 'withdrawn', {_ENDED}, ended_outcome = 'dropped'"),
            ("policy", "start_date = '2021-01-01', start_precision = 'day'"),
        ],
    )
    def test_at_the_edge_of_a_rule_pass(self, table, values):
        rows = sound.Rows()
        values = values.format_map(rows)
        assert execute(f"UPDATE policies_initiative SET {values} WHERE id = {rows[table]}") == 1

    def test_with_the_same_empty_code_pass(self):
        factories.organisation(ods_code=""), factories.organisation(ods_code="")
        factories.policy(short_code=""), factories.policy(short_code="")

    def test_two_organisations_may_assert_different_things_of_one_outcome(self):
        link = factories.outcome_link()
        other = {"initiative": link.initiative, "outcome": link.outcome, "direction": "worsens"}
        factories.outcome_link(asserted_by=factories.organisation(), **other)
        factories.outcome_link(asserted_by=factories.organisation(), **other)

    def test_one_lead_and_one_primary_are_of_each_initiative(self):
        organisation, capital = factories.organisation(), factories.capital()
        for _ in range(2):
            factories.responsibility(organisation=organisation)
            factories.capital_link(capital=capital)


class TestReferences:
    """Foreign keys: to something that exists, and what happens when that goes."""

    @pytest.mark.parametrize(("model", "field"), foreign_keys())
    def test_must_lead_to_a_row(self, model, field):
        _, row = self.referred_to(model, field)
        with pytest.raises(IntegrityError) as error:
            execute(f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE id = %s", [NO_SUCH_ID, row.pk])
        assert "_fk_" in name_of(error)

    @pytest.mark.parametrize(("model", "field"), foreign_keys())
    def test_hold_what_they_lead_to_against_raw_deletion(self, model, field):
        target, _ = self.referred_to(model, field)
        with pytest.raises(IntegrityError) as error:
            execute(f"DELETE FROM {field.related_model._meta.db_table} WHERE id = %s", [target.pk])
        assert "_fk_" in name_of(error)

    @pytest.mark.parametrize(("model", "field"), foreign_keys())
    def test_protect_or_go_with_what_they_lead_to(self, model, field):
        target, row = self.referred_to(model, field)
        if field.remote_field.on_delete is models.CASCADE:
            target.delete()
            assert not model.objects.filter(pk=row.pk).exists()
            return
        assert field.remote_field.on_delete is models.PROTECT
        with pytest.raises(models.ProtectedError):
            target.delete()
        assert model.objects.filter(pk=row.pk).exists()

    def test_are_all_held_by_the_database(self):
        keys = rows_of_the_catalogue(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint"
            " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)"
        )
        assert set(keys) == {(p.values[0]._meta.db_table, p.values[1].column) for p in foreign_keys()}

    @staticmethod
    def referred_to(model, field):
        """A row that nothing refers to but one row of the model, through the field; and that row."""
        if field.name == "parent":
            target = factories.policy()
            return target, factories.commitment(parent=target)
        if field.name == "revises":
            target = factories.policy(status="published")
            return target, factories.revision(revises=target)
        target = deciding.BY_MODEL[field.related_model]()
        beside = {name: value() if callable(value) else value for name, value in TOGETHER.get(field.name, {}).items()}
        return target, deciding.BY_MODEL[model](**{field.name: target}, **beside)
