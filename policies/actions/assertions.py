"""What an organisation says that somebody's initiative does to an outcome. It stands beside the record's own words."""

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import Basis, Direction, Horizon, OutcomeLink

# What an organisation says of an outcome; the rest of a link is the register's.
SAID = {"direction", "horizon", "strength", "gap", "pathway", "evidence", "mitigation", "source_title", "source_url"}


@action
def assert_link(*, by, initiative, organisation, outcome, **said):
    """Say, or say anew, which way the initiative moves an outcome, in an organisation's own name.

    The record's own link and other organisations' stay as they are. Raises RuleError for an initiative that is not
    published, or without how it works or evidence: a claim against another's record gives its grounds.
    """
    if unknown := set(said) - SAID:
        raise TypeError(f"not a part of what is said: {', '.join(sorted(unknown))}")
    _require(by, initiative, organisation)
    if said.get("direction") not in Direction.values or said.get("horizon") not in Horizon.values:
        raise RuleError("Say which way the outcome goes, and when it would show.")
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    if not said.get("pathway") and not said.get("evidence"):
        raise RuleError("Say how it works, or what the evidence is.")
    link, _made = OutcomeLink.objects.update_or_create(
        initiative=initiative, outcome=outcome, asserted_by=organisation, defaults={"basis": Basis.JUDGED, **said}
    )
    return link


@action
def withdraw_link(*, by, link):
    """Take back what one's own organisation said. History keeps it."""
    if link.asserted_by is None:
        raise NotAllowedError("The record's own links are changed in the record.")
    _require(by, link.initiative, link.asserted_by)
    OutcomeLink.objects.filter(pk=link.pk).delete()


def _require(by, initiative, organisation):
    if not permissions.may_assert(by, initiative, organisation):
        raise NotAllowedError(f"{by} may not speak for {organisation} about {initiative.reference}")
