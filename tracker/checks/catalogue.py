"""Every check there is. Importing the families registers them."""

from tracker.checks import (
    capitals,
    delivery,
    departments,
    dependencies,
    funds,
    local,
    measures,
    near_identical,
    nhs,
    observed,
    opposing,
    outcomes,
    partnerships,
    portfolios,
    record,
    roles_agreed,
    targets,
)
from tracker.checks.base import FAMILIES, REGISTERED, Check

__all__ = ["catalogue"]

MODULES = [
    capitals,
    delivery,
    departments,
    dependencies,
    funds,
    local,
    measures,
    near_identical,
    nhs,
    observed,
    opposing,
    outcomes,
    partnerships,
    portfolios,
    record,
    roles_agreed,
    targets,
]


def catalogue() -> dict[str, type[Check]]:
    """Every check by its code, in the order of families and numbers."""
    order = list(FAMILIES)
    return {code: REGISTERED[code] for code in sorted(REGISTERED, key=lambda c: (order.index(c[:3]), c))}
