"""Which outcomes an initiative moves: ticked first, described one by one, and nothing lost on the way."""

from policies.actions.action import action
from policies.actions.guarding import require, require_writable, take_version
from policies.actions.initiatives import put_rows


@action
def choose_outcomes(*, by, initiative, version, outcomes):
    """Make the outcomes of a record those that are ticked: what was described stays so, new ones wait for it."""
    require(by, "edit", initiative)
    require_writable(initiative)
    initiative = take_version(initiative, version)
    chosen = {outcome.pk: outcome for outcome in outcomes}
    described = set(initiative.outcome_links.filter(asserted_by=None).values_list("outcome_id", flat=True))
    put_rows(initiative, "outcomes", [{"outcome": chosen[pk]} for pk in described & set(chosen)])
    put_rows(initiative, "chosen_outcomes", [{"outcome": chosen[pk]} for pk in set(chosen) - described])
    return initiative


@action
def describe_outcome(*, by, initiative, version, outcome, **values):
    """Say what a record does to one outcome; the outcome then waits no longer."""
    require(by, "edit", initiative)
    require_writable(initiative)
    initiative = take_version(initiative, version)
    others = initiative.outcome_links.filter(asserted_by=None).exclude(outcome=outcome).select_related("outcome")
    rows = [{"outcome": link.outcome} for link in others]
    put_rows(initiative, "outcomes", [*rows, {"outcome": outcome, **values}])
    waiting = initiative.chosen_outcomes.exclude(outcome=outcome).select_related("outcome")
    put_rows(initiative, "chosen_outcomes", [{"outcome": row.outcome} for row in waiting])
    return initiative
