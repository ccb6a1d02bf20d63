"""Registers the permissions when Django starts (the rules library looks for this module)."""

from policies import permissions  # noqa: F401
