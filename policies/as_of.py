"""The register as it stood at a moment in the past, from the history that triggers write.

Any model with history can be asked, whatever wrote its rows: actions, bulk loads, raw SQL or deletes. A row of
history holds a record as it stood after a write, so a record at a moment is its last row of history before that
moment, unless that row says that it was deleted. History is dated by the start of the transaction that wrote.
"""

import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

LONDON = ZoneInfo("Europe/London")


def end_of(day):
    """The first moment that is no longer of a day in London."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), LONDON)


def event_model(model):
    """The table of a model's history. Raises LookupError for a model that has none."""
    try:
        return model._meta.concrete_model.pgh_event_model
    except AttributeError as error:
        raise LookupError(f"{model.__name__} has no history") from error


def events(model, moment, **where):
    """Rows of history, one for each record that was there at a moment; `where` is about what they said then."""
    history = event_model(model).objects.filter(pgh_created_at__lt=moment)
    later = history.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    return history.filter(~Exists(later), **where).exclude(pgh_label="delete").order_by("pgh_obj_id")


def rows(model, moment, **where):
    """The records of a model as they stood at a moment: instances that are for reading only, in one query.

    Columns that history does not keep are left open, and would be read from the record as it stands now.
    """
    found = events(model, moment, **where)
    kept = {field.attname for field in found.model._meta.concrete_fields}
    names = [field.attname for field in model._meta.concrete_fields if field.attname in kept]
    return [model.from_db(found.db, names, [getattr(event, name) for name in names]) for event in found]


def by_id(model, moment, ids):
    """The records of these ids as they stood at a moment: {id: instance}; None among the ids is left out."""
    wanted = {pk for pk in ids if pk is not None}
    return {row.pk: row for row in rows(model, moment, pgh_obj_id__in=wanted)} if wanted else {}
