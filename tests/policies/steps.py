"""Whole steps of a record's life that many tests begin with."""

from policies.actions import revisions, signoff
from policies.models import Initiative
from tests.policies import factories


def publish(initiative, *, by):
    """A draft or revision as it stands made public: somebody sends it for review, and `by` approves it."""
    initiative = Initiative.objects.get(pk=initiative.pk)
    sent = signoff.submit(by=factories.user(is_administrator=True), initiative=initiative, version=initiative.version)
    return signoff.approve(by=by, initiative=sent, version=sent.version)


def revised(initiative, change, *, by):
    """A published record after a revision: `change` gets the working copy and does something to it."""
    copy = revisions.start_revision(by=factories.user(is_administrator=True), initiative=initiative)
    change(copy)
    return publish(copy, by=by)
