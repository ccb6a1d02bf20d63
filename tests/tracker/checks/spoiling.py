"""The ways to spoil a sound record: each is a function that is given the record."""

import datetime

from django.utils import timezone

from tests.policies import factories
from tests.tracker.checks.sound import days, link, organisation


def without(part, **conditions):
    """Take rows of one part away."""
    return lambda made: getattr(made, part).filter(**conditions).delete()


def told(values, made):
    """Column values, those that depend on the record worked out."""
    return {name: value(made) if callable(value) else value for name, value in values.items()}


def put(**values):
    """Change columns of the record."""
    return lambda made: type(made).objects.filter(pk=made.pk).update(**told(values, made))


def told_of(*reports):
    """Give the record updates, a day apart, the last of them a week ago."""

    def report(made):
        for number, values in enumerate(reports):
            factories.update(initiative=made, reported_on=days(number - len(reports) - 6), **values)

    return report


def moved(state):
    """A report of a moved date of which this became."""
    told = {"moved_to": datetime.date(2031, 3, 31), "moved_to_precision": "day", "moved_reason": "Bids came late."}
    told |= {"moved_reason_code": "funding", "moved_by": factories.user(), "move_state": state}
    decided = {"move_decided_by": factories.user(), "move_decided_at": timezone.now(), "move_words": "Said."}
    return told | (decided if state in ("approved", "declined") else {})


def moved_twice(*states):
    """Give the record reports of moved dates, one between that says nothing of it."""
    return lambda made: told_of(moved(states[0]), {}, *map(moved, states[1:]))(made)


def change(part, conditions, **values):
    """Change columns of rows of one part."""
    return lambda made: getattr(made, part).filter(**conditions).update(**told(values, made))


def several(*spoilings):
    """One after the other."""
    return lambda made: [spoil(made) for spoil in spoilings]


def says(made, direction, outcome="physical_activity"):
    """A supporting department says it in its own name, with how the harm is limited."""
    return link(made, outcome, direction, asserted_by=organisation("dhsc"), mitigation="Slower.")


def author(made):
    """Who made the record: somebody to put a name to a decision."""
    return made.created_by


def answered(answer):
    """What the row of a role says once its organisation has answered."""
    return {"answer": answer, "answer_words": "Not us.", "answered_at": timezone.now(), "answered_by": author}


ENDED = {"ended_at": timezone.now(), "ended_by": author, "ended_reason": "Done.", "ended_outcome": "not_recorded"}
NHS, LOCAL = {"organisation__sector": "nhs"}, {"organisation__sector": "local_government"}
