"""History and the change log: every tracked table, by every way in which a row can be written."""

import json

import pghistory
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.db import models as db
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pghistory.middleware import HistoryMiddleware

from policies import models
from policies.actions import initiatives
from tests.policies import deciding, factories
from tests.policies.models import sound
from tracker import decisions, watches
from tracker import models as tracker

pytestmark = pytest.mark.django_db

# A column of each tracked table, and another value for it.
CHANGES = {
    models.Allocation: ("project", lambda: "Another"),
    models.AllocationCriterion: ("notes", lambda: "Another"),
    models.Area: ("name", lambda: "Another"),
    models.AreaPart: ("basis", lambda: "Another"),
    models.AreaSuccession: ("successor", factories.area),
    models.Capital: ("name", lambda: "Another"),
    models.CapitalLink: ("rationale", lambda: "Another"),
    models.ChosenOutcome: ("outcome", factories.outcome),
    models.Collection: ("name", lambda: "Another"),
    models.CollectionItem: ("collection", factories.collection),
    models.Dependency: ("note", lambda: "Another"),
    models.Footprint: ("area", factories.area),
    models.FormerRole: ("role", lambda: "co-lead"),
    models.Indicator: ("name", lambda: "Another"),
    models.Initiative: ("title", lambda: "Another"),
    models.Invitation: ("name", lambda: "Another"),
    models.Measure: ("unit", lambda: "Another"),
    models.Membership: ("role", lambda: "reader"),
    models.Observation: ("note", lambda: "Another"),
    models.Organisation: ("name", lambda: "Another"),
    models.OrganisationAlias: ("name", lambda: "Another"),
    models.OrganisationSuccession: ("successor", factories.organisation),
    models.Outcome: ("name", lambda: "Another"),
    models.OutcomeLink: ("pathway", lambda: "Another"),
    models.PlainAnswer: ("option", lambda: "another"),
    models.Power: ("words", lambda: "Another"),
    models.PowerSign: ("word", lambda: "another"),
    models.Responsibility: ("note", lambda: "Another"),
    models.Round: ("name", lambda: "Another"),
    models.RoundRequest: ("organisation", factories.organisation),
    models.ServiceAccount: ("name", lambda: "Another"),
    models.ServiceToken: ("revoked_at", timezone.now),
    models.SignOff: ("words", lambda: "Another"),
    models.Update: ("narrative", lambda: "Another"),
    models.User: ("name", lambda: "Another"),
    tracker.Flag: ("summary", lambda: "Another"),
    decisions.FlagComment: ("words", lambda: "Another"),
    decisions.FlagDecision: ("words", lambda: "Another"),
    tracker.SeverityValue: ("reason", lambda: "Another"),
    tracker.ThresholdValue: ("reason", lambda: "Another"),
    watches.Requeue: ("name", lambda: "Another"),
}

# Tables without history, and why.
WITHOUT_HISTORY = {
    models.Change: "it is the log",
    models.Upload: "what it wrote has history, and each of its states has its time",
    models.AreaClosure: "it is computed from AreaPart and AreaSuccession, which have history",
    models.SavedSearch: "a person's own, and gone when they delete it",
    models.Submission: "each is written once, to know a form again",
    tracker.Scan: "each is written by the machine alone, and tells of itself",
    tracker.ScanPart: "it lives as long as its scan runs, and the scan keeps what came of it",
    tracker.ScanCursor: "the machine's own place in the log",
    tracker.StaleCheck: "the machine's own note",
    tracker.Slot: "each is written once, by the machine",
    tracker.Heartbeat: "only the last beat matters",
    watches.Watch: "a person's own, and gone when they stop it",
    watches.News: "each is written once, by the machine",
    watches.Told: "each is written once, with the email",
    watches.FailedNotice: "the machine's own note, gone once the email is sent",
}

# Columns that history leaves out, and why.
LEFT_OUT = {
    (models.User, "password"): "a secret's digest",
    (models.User, "last_login"): "sessions tell",
    (models.Invitation, "digest"): "a secret's digest",
    (models.ServiceToken, "last_used_at"): "every request would write a row",
    (models.Initiative, "search"): "computed from the title and the summary",
    (models.Responsibility, "depth"): "computed from the role",
}

EVENTS = {model.pgh_tracked_model: model for model in sound.history_models()}
TRACKED = sorted(CHANGES, key=lambda model: model._meta.db_table)


def each_tracked(function):
    return pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)(function)


# --- The ways of writing -------------------------------------------------------------------------------------


def new_instance(model):
    """A row that was never saved, made from one that came and went."""
    row = deciding.BY_MODEL[model]()
    model.objects.filter(pk=row.pk).delete()
    row.pk, row._state.adding = None, True
    return row


def by_create(model):
    return deciding.BY_MODEL[model]()


def by_save_of_a_new_row(model):
    row = new_instance(model)
    row.save()
    return row


def by_bulk_create(model):
    (row,) = model.objects.bulk_create([new_instance(model)])
    return row


def by_raw_insert(model):
    row = deciding.BY_MODEL[model]()
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE id = %s", [row.pk])
        values = cursor.fetchone()[0]
        values = json.loads(values) if isinstance(values, str) else values
        model.objects.filter(pk=row.pk).delete()
        columns = ", ".join(f'"{f.column}"' for f in model._meta.concrete_fields if not f.generated and f.name != "id")
        cursor.execute(
            f"INSERT INTO {table} ({columns})"
            f" SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb) RETURNING id",
            [json.dumps(values)],
        )
        return model.objects.get(pk=cursor.fetchone()[0])


def by_save(row, field, value):
    setattr(row, field, value)
    row.save()


def by_queryset_update(row, field, value):
    type(row).objects.filter(pk=row.pk).update(**{field: value})


def by_bulk_update(row, field, value):
    setattr(row, field, value)
    type(row).objects.bulk_update([row], [field])


def by_raw_update(row, field, value):
    column = row._meta.get_field(field).column
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', [getattr(value, "pk", value), row.pk]
        )


def by_delete(row):
    row.delete()


def by_queryset_delete(row):
    type(row).objects.filter(pk=row.pk).delete()


def by_raw_delete(row):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


INSERTS = [by_create, by_save_of_a_new_row, by_bulk_create, by_raw_insert]
UPDATES = [by_save, by_queryset_update, by_bulk_update, by_raw_update]
DELETES = [by_delete, by_queryset_delete, by_raw_delete]


def ways(functions):
    return pytest.mark.parametrize("way", functions, ids=lambda way: way.__name__)


# --- What they leave -----------------------------------------------------------------------------------------


def columns(model):
    """What history keeps of a table."""
    return [f.attname for f in model._meta.concrete_fields if (model, f.name) not in LEFT_OUT]


def now_in(model, pk):
    return model.objects.values(*columns(model)).get(pk=pk)


def history(model, pk):
    """Labels and values, from the first event of a row to the last."""
    events = EVENTS[model].objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    return [(event.pop("pgh_label"), event) for event in events.values("pgh_label", *columns(model))]


def log(model, pk):
    """Operations on a row in the change log, in their order."""
    rows = models.Change.objects.filter(table_name=model._meta.db_table, row_id=pk).order_by("id")
    return "".join(rows.values_list("operation", flat=True))


def logged(model):
    """What the machine and people say of flags is no change of the register."""
    return model not in (tracker.Flag, decisions.FlagComment, decisions.FlagDecision)


class TestEveryWay:
    @each_tracked
    @ways(INSERTS)
    def test_of_inserting_leaves_a_row(self, model, way):
        row = way(model)
        assert history(model, row.pk) == [("insert", now_in(model, row.pk))]
        assert log(model, row.pk) == ("i" if logged(model) else "")

    @each_tracked
    @ways(UPDATES)
    def test_of_updating_leaves_the_old_and_the_new_values(self, model, way):
        row, (field, other) = deciding.BY_MODEL[model](), CHANGES[model]
        before = now_in(model, row.pk)
        way(row, field, other())
        after = now_in(model, row.pk)
        assert before != after
        assert history(model, row.pk) == [("insert", before), ("update", after)]
        assert log(model, row.pk) == ("iu" if logged(model) else "")

    @each_tracked
    @ways(DELETES)
    def test_of_deleting_leaves_the_last_values(self, model, way):
        row = deciding.BY_MODEL[model]()
        pk, before = row.pk, now_in(model, row.pk)
        way(row)
        assert history(model, pk) == [("insert", before), ("delete", before)]
        assert log(model, pk) == ("id" if logged(model) else "")

    @each_tracked
    @ways([by_queryset_update, by_bulk_update, by_raw_update])
    def test_of_updating_to_the_same_leaves_nothing(self, model, way):
        row, (field, _) = deciding.BY_MODEL[model](), CHANGES[model]
        way(row, field, getattr(row, field))
        assert [label for label, _ in history(model, row.pk)] == ["insert"]
        assert log(model, row.pk) == ("i" if logged(model) else "")

    def test_of_a_through_table_leaves_rows(self):
        initiative, areas = factories.policy(), [factories.area() for _ in range(3)]
        initiative.areas.add(*areas[:2])
        footprints = list(initiative.footprints.order_by("area_id"))
        initiative.areas.set(areas[1:])
        initiative.areas.clear()
        assert [log(models.Footprint, footprint.pk) for footprint in footprints] == ["id", "id"]
        labels = EVENTS[models.Footprint].objects.filter(initiative=initiative).values_list("pgh_label", flat=True)
        assert sorted(labels) == ["delete"] * 3 + ["insert"] * 3

    def test_that_carries_others_along_leaves_theirs(self):
        initiative = factories.policy()
        makers = [factories.footprint, factories.responsibility, factories.capital_link, factories.outcome_link]
        makers += [factories.measure, factories.criterion, factories.allocation, factories.update, factories.dependency]
        rows = [make(initiative=initiative) for make in makers]
        pks = [(type(row), row.pk) for row in rows]
        initiative.delete()
        assert [log(model, pk) for model, pk in pks] == ["id"] * len(pks)
        assert [history(model, pk)[-1][0] for model, pk in pks] == ["delete"] * len(pks)

    def test_that_fails_leaves_nothing(self):
        row = factories.policy()

        @transaction.atomic
        def fail():
            by_raw_update(row, "title", "Another")
            by_raw_update(row, "title", " ")

        with pytest.raises(DatabaseError):
            fail()
        assert [label for label, _ in history(models.Initiative, row.pk)] == ["insert"]
        assert log(models.Initiative, row.pk) == "i"


def to(target):
    """Foreign keys of the register to a table, and the row's own."""
    return [
        pytest.param(model, field.name, id=f"{model.__name__}.{field.name}")
        for model in TRACKED
        if logged(model)
        for field in model._meta.concrete_fields
        # A working copy bears on nothing until it is approved.
        if isinstance(field, db.ForeignKey) and field.related_model is target and field.name != "revises"
    ]


class TestNeighbours:
    """A line of the log names the initiatives and the outcomes that the row bears on, before and after."""

    @pytest.mark.parametrize(("model", "field"), to(models.Initiative))
    def test_of_a_row_are_the_old_and_the_new_initiative(self, model, field):
        old, new = factories.policy(), factories.policy()
        row = (
            factories.commitment(parent=old) if model is models.Initiative else deciding.BY_MODEL[model](**{field: old})
        )
        by_queryset_update(row, field, new)
        pk = row.pk
        row.delete()
        inserted, updated, deleted = self.of("initiative_ids", model, pk)
        assert old.pk in inserted
        assert {old.pk, new.pk} <= updated
        assert old.pk not in deleted or model is models.Initiative
        assert new.pk in deleted

    def test_of_an_initiative_include_itself(self):
        row = factories.policy()
        assert self.of("initiative_ids", models.Initiative, row.pk) == [{row.pk}]

    def test_of_an_outcome_link_are_the_old_and_the_new_outcome(self):
        row, new = factories.outcome_link(), factories.outcome()
        pk, old = row.pk, row.outcome
        by_raw_update(row, "outcome", new)
        by_raw_delete(row)
        assert self.of("outcome_ids", models.OutcomeLink, pk) == [{old.pk}, {old.pk, new.pk}, {new.pk}]
        assert self.of("initiative_ids", models.OutcomeLink, pk) == [{row.initiative_id}] * 3

    def test_of_reference_data_are_none(self):
        row = factories.organisation()
        assert self.of("initiative_ids", models.Organisation, row.pk) == [set()]

    @staticmethod
    def of(column, model, pk):
        rows = models.Change.objects.filter(table_name=model._meta.db_table, row_id=pk).order_by("id")
        return [set(ids) for ids in rows.values_list(column, flat=True)]


class TestWhatIsTracked:
    def test_is_everything_that_has_no_reason_not_to_be(self):
        assert {model for model in sound.models_of_ours() if model not in EVENTS} == set(WITHOUT_HISTORY)

    def test_is_walked_here(self):
        assert set(EVENTS) == set(CHANGES)

    def test_is_every_column_that_has_no_reason_not_to_be(self):
        left_out = {
            (model, field.name)
            for model, event in EVENTS.items()
            for field in model._meta.concrete_fields
            if field.name not in {f.name for f in event._meta.concrete_fields}
        }
        assert left_out == set(LEFT_OUT)

    @pytest.mark.parametrize(("field", "value"), [("password", "secret"), ("last_login", timezone.now())])
    def test_is_not_when_somebody_signed_in_or_with_what(self, field, value):
        row = factories.user()
        by_queryset_update(row, field, value)
        assert [label for label, _ in history(models.User, row.pk)] == ["insert"]
        assert log(models.User, row.pk) == "i"

    def test_is_not_when_a_token_was_used(self):
        row = factories.service_token()
        by_queryset_update(row, "last_used_at", timezone.now())
        assert log(models.ServiceToken, row.pk) == "i"


class TestThePast:
    @each_tracked
    @pytest.mark.parametrize("statement", ["UPDATE {table} SET pgh_label = 'x'", "DELETE FROM {table}"])
    def test_cannot_be_rewritten(self, model, statement):
        row = deciding.BY_MODEL[model]()
        table = EVENTS[model]._meta.db_table
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table) + " WHERE pgh_obj_id = %s", [row.pk])


class TestWhoAndWhat:
    """History says in whose name, by which action, and through which request."""

    def context_of(self, initiative):
        event = EVENTS[models.Initiative].objects.filter(pgh_obj_id=initiative.pk).order_by("-pgh_id").first()
        return event.pgh_context and event.pgh_context.metadata

    def test_an_action_says_in_whose_name(self):
        by = factories.user(is_administrator=True)
        initiative = initiatives.create(
            by=by, kind="policy", form="strategy", lead=factories.organisation(), title="New"
        )
        assert self.context_of(initiative) == {"by": by.pk, "by_name": by.name, "action": "create"}

    def test_all_rows_of_an_action_share_one_context(self):
        by = factories.user(is_administrator=True)
        initiative = initiatives.create(
            by=by, kind="policy", form="strategy", lead=factories.organisation(), title="New"
        )
        role = EVENTS[models.Responsibility].objects.get(initiative=initiative)
        assert role.pgh_context_id == EVENTS[models.Initiative].objects.get(pgh_obj_id=initiative.pk).pgh_context_id

    def test_a_request_says_who_and_which_page(self):
        by, initiative = factories.user(is_administrator=True), factories.policy()

        def view(_request):
            initiatives.edit(by=by, initiative=initiative, version=1, title="Another")
            return HttpResponse()

        request = RequestFactory().post("/policies/edit/")
        request.user = by
        HistoryMiddleware(view)(request)
        found = self.context_of(initiative)
        assert found["user"] == by.pk
        assert found["url"] == "/policies/edit/"
        assert found["action"] == "edit"

    def test_a_request_of_nobody_says_so(self):
        initiative = factories.policy()
        request = RequestFactory().post("/somewhere/")
        request.user = AnonymousUser()
        HistoryMiddleware(lambda _: initiative.save() or HttpResponse())(request)
        assert self.context_of(initiative) == {"user": None, "url": "/somewhere/"}

    def test_a_write_outside_of_both_names_nobody(self):
        assert self.context_of(factories.policy()) is None

    def test_actions_within_one_another_keep_the_outer_words(self):
        by, initiative = factories.user(is_administrator=True), factories.policy()
        with pghistory.context(import_of="file.csv"):
            initiatives.edit(by=by, initiative=initiative, version=1, title="Another")
        assert self.context_of(initiative)["import_of"] == "file.csv"
