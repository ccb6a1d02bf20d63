
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import policies.models.change
from django.conf import settings
from django.db import migrations, models


def install_triggers(apps, schema_editor):
    """Install every trigger that the models above declare, in one step: one operation each costs seconds."""
    for model in apps.get_models():
        for trigger in getattr(model._meta, "triggers", ()):
            if model._meta.app_label == "tracker":
                schema_editor.execute(trigger.install_sql, params=None)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('policies', '0001_initial'),
        ('policies', '__first__'),
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
            ],
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fingerprint', models.CharField(max_length=120, unique=True)),
                ('check_code', models.CharField(max_length=10)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('subject', models.CharField(choices=[('policy', 'Policy'), ('commitment', 'Commitment'), ('partnership', 'Partnership'), ('pair', 'Pair of initiatives'), ('outcome', 'Outcome'), ('portfolio', 'Portfolio')], max_length=12)),
                ('summary', models.TextField()),
                ('evidence', models.JSONField()),
                ('evidence_digest', models.CharField(max_length=32)),
                ('first_seen_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(verbose_name='evidence last changed at')),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('times_opened', models.PositiveIntegerField(default=1)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('plan', models.TextField(blank=True)),
                ('dismissed_at', models.DateTimeField(blank=True, null=True)),
                ('dismissed_digest', models.CharField(blank=True, max_length=32)),
                ('dismissal_reason', models.CharField(blank=True, choices=[('not_applicable', 'It does not apply here'), ('trade_off', 'An accepted trade-off'), ('being_updated', 'The record is being updated'), ('disputed', 'The check is wrong')], max_length=20)),
                ('dismissal_comment', models.TextField(blank=True)),
                ('dismissal_review_on', models.DateField(blank=True, null=True)),
                ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dismissed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.initiative')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.organisation')),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='other_flags', to='policies.initiative')),
                ('outcome', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='flags', to='policies.outcome')),
            ],
            options={
                'indexes': [models.Index(fields=['check_code', 'resolved_at'], name='flag_by_check'), models.Index(condition=models.Q(('resolved_at__isnull', True)), fields=['severity', 'check_code', 'fingerprint'], name='flag_standing')],
                'constraints': [models.CheckConstraint(condition=models.Q(('severity__in', ['high', 'medium', 'low'])), name='flag_severity_known'), models.CheckConstraint(condition=models.Q(('subject__in', ['policy', 'commitment', 'partnership', 'pair', 'outcome', 'portfolio'])), name='flag_subject_known'), models.CheckConstraint(condition=models.Q(('summary', ''), _negated=True), name='flag_summary_filled'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), _connector='OR'), name='flag_acknowledged_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('dismissed_at__isnull', False), ('dismissed_by__isnull', False)), models.Q(('dismissed_at__isnull', True), ('dismissed_by__isnull', True)), _connector='OR'), name='flag_dismissed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('dismissal_reason', ''), ('dismissed_at__isnull', True), ('dismissed_digest', '')), models.Q(('dismissal_reason__in', ['not_applicable', 'trade_off', 'being_updated', 'disputed']), ('dismissed_at__isnull', False), models.Q(('dismissed_digest', ''), _negated=True)), _connector='OR'), name='flag_dismissed_with_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_flagevent" ("acknowledged_at", "acknowledged_by_id", "changed_at", "check_code", "dismissal_comment", "dismissal_reason", "dismissal_review_on", "dismissed_at", "dismissed_by_id", "dismissed_digest", "evidence", "evidence_digest", "fingerprint", "first_seen_at", "id", "initiative_id", "organisation_id", "other_id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "resolved_at", "severity", "subject", "summary", "times_opened") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."changed_at", NEW."check_code", NEW."dismissal_comment", NEW."dismissal_reason", NEW."dismissal_review_on", NEW."dismissed_at", NEW."dismissed_by_id", NEW."dismissed_digest", NEW."evidence", NEW."evidence_digest", NEW."fingerprint", NEW."first_seen_at", NEW."id", NEW."initiative_id", NEW."organisation_id", NEW."other_id", NEW."outcome_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan", NEW."resolved_at", NEW."severity", NEW."subject", NEW."summary", NEW."times_opened"); RETURN NULL;', hash='7dbd831f3e27ee282319ad2e2534f4254dff5c28', operation='INSERT', pgid='pgtrigger_insert_insert_7e28d', table='tracker_flag', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "tracker_flagevent" ("acknowledged_at", "acknowledged_by_id", "changed_at", "check_code", "dismissal_comment", "dismissal_reason", "dismissal_review_on", "dismissed_at", "dismissed_by_id", "dismissed_digest", "evidence", "evidence_digest", "fingerprint", "first_seen_at", "id", "initiative_id", "organisation_id", "other_id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "resolved_at", "severity", "subject", "summary", "times_opened") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."changed_at", NEW."check_code", NEW."dismissal_comment", NEW."dismissal_reason", NEW."dismissal_review_on", NEW."dismissed_at", NEW."dismissed_by_id", NEW."dismissed_digest", NEW."evidence", NEW."evidence_digest", NEW."fingerprint", NEW."first_seen_at", NEW."id", NEW."initiative_id", NEW."organisation_id", NEW."other_id", NEW."outcome_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan", NEW."resolved_at", NEW."severity", NEW."subject", NEW."summary", NEW."times_opened"); RETURN NULL;', hash='d3f70260eacbc3de3f673135be5aeb9a51112bf2', operation='UPDATE', pgid='pgtrigger_update_update_b8367', table='tracker_flag', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "tracker_flagevent" ("acknowledged_at", "acknowledged_by_id", "changed_at", "check_code", "dismissal_comment", "dismissal_reason", "dismissal_review_on", "dismissed_at", "dismissed_by_id", "dismissed_digest", "evidence", "evidence_digest", "fingerprint", "first_seen_at", "id", "initiative_id", "organisation_id", "other_id", "outcome_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "resolved_at", "severity", "subject", "summary", "times_opened") VALUES (OLD."acknowledged_at", OLD."acknowledged_by_id", OLD."changed_at", OLD."check_code", OLD."dismissal_comment", OLD."dismissal_reason", OLD."dismissal_review_on", OLD."dismissed_at", OLD."dismissed_by_id", OLD."dismissed_digest", OLD."evidence", OLD."evidence_digest", OLD."fingerprint", OLD."first_seen_at", OLD."id", OLD."initiative_id", OLD."organisation_id", OLD."other_id", OLD."outcome_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan", OLD."resolved_at", OLD."severity", OLD."subject", OLD."summary", OLD."times_opened"); RETURN NULL;', hash='9001caa116323a43b645d66214071e2ab42c2000', operation='DELETE', pgid='pgtrigger_delete_delete_c5aaf', table='tracker_flag', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='FlagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('fingerprint', models.CharField(max_length=120)),
                ('check_code', models.CharField(max_length=10)),
                ('severity', models.CharField(choices=[('high', 'High'), ('medium', 'Medium'), ('low', 'Low')], max_length=6)),
                ('subject', models.CharField(choices=[('policy', 'Policy'), ('commitment', 'Commitment'), ('partnership', 'Partnership'), ('pair', 'Pair of initiatives'), ('outcome', 'Outcome'), ('portfolio', 'Portfolio')], max_length=12)),
                ('summary', models.TextField()),
                ('evidence', models.JSONField()),
                ('evidence_digest', models.CharField(max_length=32)),
                ('first_seen_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(verbose_name='evidence last changed at')),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('times_opened', models.PositiveIntegerField(default=1)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('plan', models.TextField(blank=True)),
                ('dismissed_at', models.DateTimeField(blank=True, null=True)),
                ('dismissed_digest', models.CharField(blank=True, max_length=32)),
                ('dismissal_reason', models.CharField(blank=True, choices=[('not_applicable', 'It does not apply here'), ('trade_off', 'An accepted trade-off'), ('being_updated', 'The record is being updated'), ('disputed', 'The check is wrong')], max_length=20)),
                ('dismissal_comment', models.TextField(blank=True)),
                ('dismissal_review_on', models.DateField(blank=True, null=True)),
                ('acknowledged_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('dismissed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('initiative', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.initiative')),
                ('organisation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.organisation')),
                ('other', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.initiative')),
                ('outcome', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='policies.outcome')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tracker.flag')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f122a7160c86cfaf06f996dfe55ef9f7937736a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b714e', table='tracker_flagevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('full', 'Full scan'), ('incremental', 'Scan of what changed')], max_length=12)),
                ('status', models.CharField(choices=[('done', 'Finished'), ('failed', 'Finished, but one or more checks failed')], max_length=10)),
                ('reason', models.CharField(max_length=40, verbose_name='what set it off')),
                ('as_of', models.DateField(verbose_name='date the checks went by')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(db_index=True)),
                ('initiatives', models.PositiveIntegerField(verbose_name='initiatives looked at')),
                ('opened', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('reopened', models.PositiveIntegerField(default=0)),
                ('resolved', models.PositiveIntegerField(default=0)),
                ('errors', models.JSONField(blank=True, default=dict, verbose_name='checks that failed, with why')),
                ('timings', models.JSONField(blank=True, default=dict, verbose_name='seconds by check')),
            ],
            options={
                'get_latest_by': 'finished_at',
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['full', 'incremental'])), name='scan_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['done', 'failed'])), name='scan_status_known'), models.CheckConstraint(condition=models.Q(('finished_at__gte', models.F('started_at'))), name='scan_times_ordered')],
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
        migrations.RunPython(install_triggers, migrations.RunPython.noop),
    ]
