"""All tables as the migrations up to here made them, at once: a new database takes a third of the time."""

import pgtrigger.compiler
import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import policies.models.change
from django.conf import settings
from django.db import migrations, models


# The triggers of each table, as the models declare them.
TRIGGERS = {
    "flag": [
        pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tracker_flagevent" ("area_id", "changed_at", "check_code", "evidence", "evidence_digest", "fingerprint", "first_seen_at", "id", "initiative_id", "organisation_id", "other_id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_at", "severity", "subject", "summary", "times_opened") SELECT new_values."area_id", new_values."changed_at", new_values."check_code", new_values."evidence", new_values."evidence_digest", new_values."fingerprint", new_values."first_seen_at", new_values."id", new_values."initiative_id", new_values."organisation_id", new_values."other_id", new_values."outcome_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."resolved_at", new_values."severity", new_values."subject", new_values."summary", new_values."times_opened" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='36fb3b6741bb05b08ff9c144893ce8a02571e672', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7e28d', referencing='REFERENCING NEW TABLE AS new_values ', table='tracker_flag', when='AFTER')),
        pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tracker_flagevent" ("area_id", "changed_at", "check_code", "evidence", "evidence_digest", "fingerprint", "first_seen_at", "id", "initiative_id", "organisation_id", "other_id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_at", "severity", "subject", "summary", "times_opened") SELECT new_values."area_id", new_values."changed_at", new_values."check_code", new_values."evidence", new_values."evidence_digest", new_values."fingerprint", new_values."first_seen_at", new_values."id", new_values."initiative_id", new_values."organisation_id", new_values."other_id", new_values."outcome_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."resolved_at", new_values."severity", new_values."subject", new_values."summary", new_values."times_opened" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1b0cc0f05103134a460c3fe38c5455b43808b5c0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b8367', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tracker_flag', when='AFTER')),
        pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tracker_flagevent" ("area_id", "changed_at", "check_code", "evidence", "evidence_digest", "fingerprint", "first_seen_at", "id", "initiative_id", "organisation_id", "other_id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resolved_at", "severity", "subject", "summary", "times_opened") SELECT old_values."area_id", old_values."changed_at", old_values."check_code", old_values."evidence", old_values."evidence_digest", old_values."fingerprint", old_values."first_seen_at", old_values."id", old_values."initiative_id", old_values."organisation_id", old_values."other_id", old_values."outcome_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."resolved_at", old_values."severity", old_values."subject", old_values."summary", old_values."times_opened" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f59429f6e3c15dbe3715cb4311ceeffaef7c4998', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c5aaf', referencing='REFERENCING OLD TABLE AS old_values ', table='tracker_flag', when='AFTER')),
    ],
    "flagcomment": [
        pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_flagcommentevent" ("at", "by_id", "flag_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") VALUES (NEW."at", NEW."by_id", NEW."flag_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."words"); RETURN NULL;', hash='1dde584b10719f02870eead421fb28b399cbbb88', operation='INSERT', pgid='pgtrigger_insert_insert_5b29e', table='tracker_flagcomment', when='AFTER')),
        pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tracker_flagcommentevent" ("at", "by_id", "flag_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") VALUES (NEW."at", NEW."by_id", NEW."flag_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."words"); RETURN NULL;', hash='9dd58d46ea6b0e854005742a8112cd9b83f2a9f4', operation='UPDATE', pgid='pgtrigger_update_update_393dd', table='tracker_flagcomment', when='AFTER')),
        pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_flagcommentevent" ("at", "by_id", "flag_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "words") VALUES (OLD."at", OLD."by_id", OLD."flag_id", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."words"); RETURN NULL;', hash='d0a907c6ffb6c2bb3c040533f65ad0324421a942', operation='DELETE', pgid='pgtrigger_delete_delete_d25ca', table='tracker_flagcomment', when='AFTER')),
    ],
    "flagcommentevent": [
        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3945b9b9f5cd0757a4c7f309c4576063aa6e8c46', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87fc2', table='tracker_flagcommentevent', when='BEFORE')),
    ],
    "flagdecision": [
        pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_flagdecisionevent" ("at", "by_id", "decided_on", "digest", "due_on", "flag_id", "id", "kind", "opening", "organisation_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_on", "side", "superseded_at", "taken_back_at", "taken_back_by_id", "taken_back_reason", "words") VALUES (NEW."at", NEW."by_id", NEW."decided_on", NEW."digest", NEW."due_on", NEW."flag_id", NEW."id", NEW."kind", NEW."opening", NEW."organisation_id", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."review_on", NEW."side", NEW."superseded_at", NEW."taken_back_at", NEW."taken_back_by_id", NEW."taken_back_reason", NEW."words"); RETURN NULL;', hash='3a3b862a40e52c22f03d7f10d89be603ad49d991', operation='INSERT', pgid='pgtrigger_insert_insert_dd63d', table='tracker_flagdecision', when='AFTER')),
        pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tracker_flagdecisionevent" ("at", "by_id", "decided_on", "digest", "due_on", "flag_id", "id", "kind", "opening", "organisation_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_on", "side", "superseded_at", "taken_back_at", "taken_back_by_id", "taken_back_reason", "words") VALUES (NEW."at", NEW."by_id", NEW."decided_on", NEW."digest", NEW."due_on", NEW."flag_id", NEW."id", NEW."kind", NEW."opening", NEW."organisation_id", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."review_on", NEW."side", NEW."superseded_at", NEW."taken_back_at", NEW."taken_back_by_id", NEW."taken_back_reason", NEW."words"); RETURN NULL;', hash='0d0836f7714dc8821eaed6a66c335c99b2d0669e', operation='UPDATE', pgid='pgtrigger_update_update_3ffce', table='tracker_flagdecision', when='AFTER')),
        pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_flagdecisionevent" ("at", "by_id", "decided_on", "digest", "due_on", "flag_id", "id", "kind", "opening", "organisation_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_on", "side", "superseded_at", "taken_back_at", "taken_back_by_id", "taken_back_reason", "words") VALUES (OLD."at", OLD."by_id", OLD."decided_on", OLD."digest", OLD."due_on", OLD."flag_id", OLD."id", OLD."kind", OLD."opening", OLD."organisation_id", OLD."owner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."review_on", OLD."side", OLD."superseded_at", OLD."taken_back_at", OLD."taken_back_by_id", OLD."taken_back_reason", OLD."words"); RETURN NULL;', hash='a5d6e5daeca3bb2328f0ac18c2e4bd5978b72f9d', operation='DELETE', pgid='pgtrigger_delete_delete_a0d98', table='tracker_flagdecision', when='AFTER')),
    ],
    "flagdecisionevent": [
        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='93f486980a7b6ff54606e0695580b4a10a4a917c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1e3f3', table='tracker_flagdecisionevent', when='BEFORE')),
    ],
    "flagevent": [
        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f122a7160c86cfaf06f996dfe55ef9f7937736a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b714e', table='tracker_flagevent', when='BEFORE')),
    ],
    "requeue": [
        pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_requeueevent" ("at", "by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "work") VALUES (NEW."at", NEW."by_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."work"); RETURN NULL;', hash='9f054eb5488a25646c38688e2a44fd9aa9b5f285', operation='INSERT', pgid='pgtrigger_insert_insert_08662', table='tracker_requeue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tracker_requeueevent" ("at", "by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "work") VALUES (NEW."at", NEW."by_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."work"); RETURN NULL;', hash='144706bf2bcfca7337d81fa56756d3c556a5c051', operation='UPDATE', pgid='pgtrigger_update_update_d6d06', table='tracker_requeue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_requeueevent" ("at", "by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "work") VALUES (OLD."at", OLD."by_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."work"); RETURN NULL;', hash='395912dc705f68759ae6a33d705bcaa3aa1372e5', operation='DELETE', pgid='pgtrigger_delete_delete_893d9', table='tracker_requeue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='log_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'UPDATE' AND (OLD.id, OLD.work, OLD.name, OLD.by_id, OLD.at) IS NOT DISTINCT FROM (NEW.id, NEW.work, NEW.name, NEW.by_id, NEW.at) THEN\n    RETURN NULL;\nEND IF;\nINSERT INTO policies_change (at, xid, table_name, row_id, operation, initiative_ids, outcome_ids)\nVALUES (\n    clock_timestamp(), pg_current_xact_id(), TG_TABLE_NAME, COALESCE(NEW.id, OLD.id), lower(left(TG_OP, 1)),\n    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[]::bigint[]) AS key WHERE key IS NOT NULL),\n    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[]::bigint[]) AS key WHERE key IS NOT NULL)\n);\nRETURN NULL;\n", hash='534154fe9de296337de8bfbe025115beff5e24b7', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_log_change_d64dc', table='tracker_requeue', when='AFTER')),
    ],
    "requeueevent": [
        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d995b3a2c9316ef463a8a2faf0b5723f047c7c0b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5e376', table='tracker_requeueevent', when='BEFORE')),
    ],
    "severityvalue": [
        pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_severityvalueevent" ("at", "by_id", "check_code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "severity") VALUES (NEW."at", NEW."by_id", NEW."check_code", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."severity"); RETURN NULL;', hash='750e19e87654830e6a934b88da633ee2a166abed', operation='INSERT', pgid='pgtrigger_insert_insert_20749', table='tracker_severityvalue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tracker_severityvalueevent" ("at", "by_id", "check_code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "severity") VALUES (NEW."at", NEW."by_id", NEW."check_code", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."severity"); RETURN NULL;', hash='3166ff6945a631f112eb972fac3ee213c606b8cc', operation='UPDATE', pgid='pgtrigger_update_update_46a29', table='tracker_severityvalue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_severityvalueevent" ("at", "by_id", "check_code", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "severity") VALUES (OLD."at", OLD."by_id", OLD."check_code", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."severity"); RETURN NULL;', hash='5b5e52c7ef1bdce1b20545d7e2ee27b4953ab12c', operation='DELETE', pgid='pgtrigger_delete_delete_65ba6', table='tracker_severityvalue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='log_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'UPDATE' AND (OLD.id, OLD.check_code, OLD.severity, OLD.reason, OLD.by_id, OLD.at) IS NOT DISTINCT FROM (NEW.id, NEW.check_code, NEW.severity, NEW.reason, NEW.by_id, NEW.at) THEN\n    RETURN NULL;\nEND IF;\nINSERT INTO policies_change (at, xid, table_name, row_id, operation, initiative_ids, outcome_ids)\nVALUES (\n    clock_timestamp(), pg_current_xact_id(), TG_TABLE_NAME, COALESCE(NEW.id, OLD.id), lower(left(TG_OP, 1)),\n    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[]::bigint[]) AS key WHERE key IS NOT NULL),\n    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[]::bigint[]) AS key WHERE key IS NOT NULL)\n);\nRETURN NULL;\n", hash='59eefe73cc1482f5724731d3a204fdeabeea74bf', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_log_change_e82b5', table='tracker_severityvalue', when='AFTER')),
    ],
    "severityvalueevent": [
        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='88d2c193d6f5ec38c59dab898fd71fe982cdd2c1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_07724', table='tracker_severityvalueevent', when='BEFORE')),
    ],
    "thresholdvalue": [
        pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_thresholdvalueevent" ("at", "by_id", "check_code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "value") VALUES (NEW."at", NEW."by_id", NEW."check_code", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."value"); RETURN NULL;', hash='6e8ff2a6f528bbefa29da9128bcfc62b8be5be90', operation='INSERT', pgid='pgtrigger_insert_insert_69cb8', table='tracker_thresholdvalue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tracker_thresholdvalueevent" ("at", "by_id", "check_code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "value") VALUES (NEW."at", NEW."by_id", NEW."check_code", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."value"); RETURN NULL;', hash='2b9bae96696aef526e44f5498d22e9ebde40fce6', operation='UPDATE', pgid='pgtrigger_update_update_2555d', table='tracker_thresholdvalue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_thresholdvalueevent" ("at", "by_id", "check_code", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "value") VALUES (OLD."at", OLD."by_id", OLD."check_code", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."value"); RETURN NULL;', hash='0bc82be94632b8ddcbaeabb65c919e171368e627', operation='DELETE', pgid='pgtrigger_delete_delete_646b1', table='tracker_thresholdvalue', when='AFTER')),
        pgtrigger.compiler.Trigger(name='log_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF TG_OP = 'UPDATE' AND (OLD.id, OLD.check_code, OLD.name, OLD.value, OLD.reason, OLD.by_id, OLD.at) IS NOT DISTINCT FROM (NEW.id, NEW.check_code, NEW.name, NEW.value, NEW.reason, NEW.by_id, NEW.at) THEN\n    RETURN NULL;\nEND IF;\nINSERT INTO policies_change (at, xid, table_name, row_id, operation, initiative_ids, outcome_ids)\nVALUES (\n    clock_timestamp(), pg_current_xact_id(), TG_TABLE_NAME, COALESCE(NEW.id, OLD.id), lower(left(TG_OP, 1)),\n    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[]::bigint[]) AS key WHERE key IS NOT NULL),\n    ARRAY(SELECT DISTINCT key FROM unnest(ARRAY[]::bigint[]) AS key WHERE key IS NOT NULL)\n);\nRETURN NULL;\n", hash='5983706f4d0ded9c7440e80e03c03f4d6cb4e476', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_log_change_fef8a', table='tracker_thresholdvalue', when='AFTER')),
    ],
    "thresholdvalueevent": [
        pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='273b4b7942d5f1ef3af9e46c349b0fb292f07032', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_74d23', table='tracker_thresholdvalueevent', when='BEFORE')),
    ],
}


class InstallTriggers(migrations.operations.base.Operation):
    """All triggers in one step, once every column is there: an operation for each would take minutes."""

    reversible = True

    def state_forwards(self, app_label, state):
        for name, triggers in TRIGGERS.items():
            state.models[app_label, name].options["triggers"] = triggers
        state.reload_models([(app_label, name) for name in TRIGGERS], delay=True)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for triggers in TRIGGERS.values():
            for trigger in triggers:
                schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """They go with their tables."""

    def describe(self):
        return "Install the triggers of every table"


class Migration(migrations.Migration):

    replaces = [('tracker', '0001_initial'), ('tracker', '0020_machinery'), ('tracker', '0025_scan_of_public'), ('tracker', '0026_flag_of_a_place'), ('tracker', '0027_scans_in_parts'), ('tracker', '0030_longer_fingerprints'), ('tracker', '0040_flag_decisions'), ('tracker', '0045_watches_and_severities')]

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('policies', '0038_all_so_far'),
        ('policies', '0038_all_so_far'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ScanCursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('xid', policies.models.change.XidField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='StaleCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('tries', models.PositiveIntegerField(default=1)),
                ('try_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when it is tried again')),
            ],
        ),
        migrations.CreateModel(
            name='FailedNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('times', models.PositiveIntegerField(default=1)),
                ('error', models.CharField(max_length=300)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('next_at', models.DateTimeField(verbose_name='not tried again before')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=240, unique=True)),
                ('check_code', models.CharField(max_length=10)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('subject', models.CharField(choices=[('policy', 'Policy'), ('commitment', 'Commitment'), ('partnership', 'Partnership'), ('pair', 'Pair of initiatives'), ('outcome', 'Outcome'), ('place', 'Place'), ('portfolio', 'Portfolio')], max_length=12)),
                ('summary', models.TextField()),
                ('evidence', models.JSONField()),
                ('evidence_digest', models.CharField(max_length=32)),
                ('first_seen_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(verbose_name='evidence last changed at')),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('times_opened', models.PositiveIntegerField(default=1)),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.area')),
                ('initiative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.initiative')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.organisation')),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='other_flags', to='policies.initiative')),
                ('outcome', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.outcome')),
            ],
            options={
                'indexes': [models.Index(fields=['check_code', 'resolved_at'], name='flag_by_check'), models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['severity', 'check_code', 'fingerprint'], name='flag_standing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('severity__in', ['high', 'medium', 'low'])), name='flag_severity_known'), models.CheckConstraint(condition=models.Q(('subject__in', ['policy', 'commitment', 'partnership', 'pair', 'outcome', 'place', 'portfolio'])), name='flag_subject_known'), models.CheckConstraint(condition=models.Q(('summary', ''), _negated=True), name='flag_summary_filled')],
            },
        ),
        migrations.CreateModel(
            name='FlagComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('words', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('flag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='tracker.flag')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flag_comments', to='policies.organisation')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='flag_comment_with_words')],
            },
        ),
        migrations.CreateModel(
            name='FlagCommentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('words', models.TextField()),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('flag', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tracker.flag')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.organisation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.flagcomment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FlagDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('first', 'The first record'), ('second', 'The other record')], max_length=6)),
                ('kind', models.CharField(choices=[('acknowledged', 'Acknowledged'), ('dismissed', 'Dismissed')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_on', models.DateField(default=django.utils.timezone.localdate)),
                ('words', models.TextField(verbose_name='the plan, or the comment')),
                ('digest', models.CharField(max_length=32)),
                ('opening', models.PositiveIntegerField()),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='date by which')),
                ('reason', models.CharField(blank=True, choices=[('not_applicable', 'It does not apply here'), ('trade_off', 'An accepted trade-off'), ('being_updated', 'The record is being updated'), ('disputed', 'The check is wrong')], max_length=20)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('flag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='tracker.flag')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='flag_decisions', to='policies.organisation')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['first', 'second'])), name='flag_decision_side_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['acknowledged', 'dismissed'])), name='flag_decision_kind_known'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('flag', 'side'), name='flag_decision_latest_once'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='flag_decision_with_words'), models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='flag_decision_on_evidence'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'acknowledged'), _negated=True), models.Q(('due_on__gte', models.F('decided_on')), ('due_on__isnull', False), ('owner__isnull', False), ('reason', '')), _connector='OR'), name='flag_decision_acknowledged_whole'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'dismissed'), _negated=True), models.Q(('due_on__isnull', True), ('owner__isnull', True), ('reason__in', ['not_applicable', 'trade_off', 'being_updated', 'disputed'])), _connector='OR'), name='flag_decision_dismissed_whole'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind', 'dismissed'), _negated=True), ('review_on__isnull', True)), models.Q(('kind', 'dismissed'), ('review_on__isnull', False), ('review_on__gt', models.F('decided_on')), ('review_on__lte', django.db.models.expressions.CombinedExpression(models.F('decided_on'), '+', models.Value(datetime.timedelta(days=366))))), _connector='OR'), name='flag_decision_reviewed_in_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at__isnull', True), ('taken_back_by__isnull', True), ('taken_back_reason', '')), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False), models.Q(('taken_back_reason', ''), _negated=True)), _connector='OR'), name='flag_decision_taken_back_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='FlagDecisionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('side', models.CharField(choices=[('first', 'The first record'), ('second', 'The other record')], max_length=6)),
                ('kind', models.CharField(choices=[('acknowledged', 'Acknowledged'), ('dismissed', 'Dismissed')], max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_on', models.DateField(default=django.utils.timezone.localdate)),
                ('words', models.TextField(verbose_name='the plan, or the comment')),
                ('digest', models.CharField(max_length=32)),
                ('opening', models.PositiveIntegerField()),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='date by which')),
                ('reason', models.CharField(blank=True, choices=[('not_applicable', 'It does not apply here'), ('trade_off', 'An accepted trade-off'), ('being_updated', 'The record is being updated'), ('disputed', 'The check is wrong')], max_length=20)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('flag', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tracker.flag')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.organisation')),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.flagdecision')),
                ('taken_back_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FlagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('fingerprint', models.CharField(max_length=240)),
                ('check_code', models.CharField(max_length=10)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('subject', models.CharField(choices=[('policy', 'Policy'), ('commitment', 'Commitment'), ('partnership', 'Partnership'), ('pair', 'Pair of initiatives'), ('outcome', 'Outcome'), ('place', 'Place'), ('portfolio', 'Portfolio')], max_length=12)),
                ('summary', models.TextField()),
                ('evidence', models.JSONField()),
                ('evidence_digest', models.CharField(max_length=32)),
                ('first_seen_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(verbose_name='evidence last changed at')),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('times_opened', models.PositiveIntegerField(default=1)),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.area')),
                ('initiative', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.initiative')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.organisation')),
                ('other', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.initiative')),
                ('outcome', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.outcome')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.flag')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='News',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.PositiveIntegerField(null=True, verbose_name="which of the flag's openings")),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('flag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='news', to='tracker.flag')),
                ('sign_off', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='news', to='policies.signoff')),
            ],
            options={
                'verbose_name_plural': 'news',
                'constraints': [models.UniqueConstraint(fields=('flag', 'opening'), name='news_of_an_opening_once'), models.CheckConstraint(condition=models.Q(models.Q(('flag__isnull', False), ('opening__isnull', False), ('sign_off__isnull', True)), models.Q(('flag__isnull', True), ('opening__isnull', True), ('sign_off__isnull', False)), _connector='OR'), name='news_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Requeue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('work', models.CharField(choices=[('upload', 'Upload'), ('check', 'Check'), ('notice', 'Email')], max_length=8)),
                ('name', models.CharField(max_length=40, verbose_name="the upload's number, the check's code or the person's number")),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('work__in', ['upload', 'check', 'notice'])), name='requeue_work_known')],
            },
        ),
        migrations.CreateModel(
            name='RequeueEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('work', models.CharField(choices=[('upload', 'Upload'), ('check', 'Check'), ('notice', 'Email')], max_length=8)),
                ('name', models.CharField(max_length=40, verbose_name="the upload's number, the check's code or the person's number")),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.requeue')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('full', 'Full scan'), ('incremental', 'Scan of what changed'), ('selected', 'Scan of some checks or records')], max_length=12)),
                ('status', models.CharField(choices=[('running', 'Running'), ('done', 'Finished'), ('failed', 'Finished, but one or more checks failed')], max_length=10)),
                ('reason', models.CharField(max_length=40, verbose_name='what set it off')),
                ('as_of', models.DateField(verbose_name='date the checks went by')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                ('initiatives', models.PositiveIntegerField(default=0, verbose_name='initiatives looked at')),
                ('opened', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('reopened', models.PositiveIntegerField(default=0)),
                ('resolved', models.PositiveIntegerField(default=0)),
                ('errors', models.JSONField(blank=True, default=dict, verbose_name='checks that failed, with why')),
                ('timings', models.JSONField(blank=True, default=dict, verbose_name='seconds by check')),
                ('counts', models.JSONField(blank=True, default=dict, verbose_name='opened, changed, reopened and resolved, by check')),
                ('of_public', models.BooleanField(default=True, verbose_name='set off by what everybody can read, or by the clock')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'get_latest_by': 'finished_at',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['full', 'incremental', 'selected'])), name='scan_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['running', 'done', 'failed'])), name='scan_status_known'), models.CheckConstraint(condition=models.Q(('finished_at__gte', models.F('started_at'))), name='scan_times_ordered'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('status', 'running')), models.Q(models.Q(('status', 'running'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='scan_finished_has_time')],
            },
        ),
        migrations.CreateModel(
            name='ScanPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, verbose_name='check')),
                ('position', models.PositiveSmallIntegerField(verbose_name='place in the catalogue')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('seconds', models.FloatField(default=0)),
                ('opened', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('reopened', models.PositiveIntegerField(default=0)),
                ('resolved', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=500)),
                ('scan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='tracker.scan')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['scan', 'position'], name='scan_part_waiting')],
                'constraints': [models.UniqueConstraint(fields=('scan', 'code'), name='scan_part_once')],
            },
        ),
        migrations.CreateModel(
            name='SeverityValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_code', models.CharField(max_length=10, unique=True)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('severity__in', ['high', 'medium', 'low'])), name='severity_value_severity_known'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='severity_changed_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='SeverityValueEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('check_code', models.CharField(max_length=10)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.severityvalue')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('due', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'due'), name='slot_once')],
            },
        ),
        migrations.CreateModel(
            name='ThresholdValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('check_code', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=4, max_digits=18)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('check_code', 'name'), name='threshold_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='threshold_changed_with_reason'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='threshold_above_zero')],
            },
        ),
        migrations.CreateModel(
            name='ThresholdValueEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('check_code', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=4, max_digits=18)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.thresholdvalue')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Told',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('news', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='tracker.news')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'told',
                'constraints': [models.UniqueConstraint(fields=('user', 'news'), name='told_once')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('place', 'Place'), ('outcome', 'Health outcome'), ('organisation', 'Organisation'), ('initiative', 'Policy, commitment or partnership'), ('search', 'Saved search of flags')], max_length=12)),
                ('lineage', models.CharField(blank=True, max_length=100, verbose_name="the organisation's lineage")),
                ('frequency', models.CharField(choices=[('instant', 'Within minutes'), ('daily', 'Once a day, on working days at 8am'), ('weekly', 'Once a week, on its first working day at 8am'), ('off', 'Not now')], max_length=8)),
                ('after', models.BigIntegerField()),
                ('looked_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('area', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='policies.area')),
                ('initiative', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='policies.initiative')),
                ('outcome', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='policies.outcome')),
                ('search', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='policies.savedsearch')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'watches',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['place', 'outcome', 'organisation', 'initiative', 'search'])), name='watch_kind_known'), models.CheckConstraint(condition=models.Q(('frequency__in', ['instant', 'daily', 'weekly', 'off'])), name='watch_frequency_known'), models.UniqueConstraint(fields=('user', 'kind', 'area', 'outcome', 'lineage', 'initiative', 'search'), name='watch_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'place'), ('area__isnull', False), ('initiative__isnull', True), ('outcome__isnull', True), ('search__isnull', True), ('lineage', '')), models.Q(('kind', 'outcome'), ('area__isnull', True), ('initiative__isnull', True), ('outcome__isnull', False), ('search__isnull', True), ('lineage', '')), models.Q(('kind', 'organisation'), ('area__isnull', True), ('initiative__isnull', True), ('outcome__isnull', True), ('search__isnull', True), models.Q(('lineage', ''), _negated=True)), models.Q(('kind', 'initiative'), ('area__isnull', True), ('initiative__isnull', False), ('outcome__isnull', True), ('search__isnull', True), ('lineage', '')), models.Q(('kind', 'search'), ('area__isnull', True), ('initiative__isnull', True), ('outcome__isnull', True), ('search__isnull', False), ('lineage', '')), _connector='OR'), name='watch_names_one_thing')],
            },
        ),
        InstallTriggers(),
    ]
