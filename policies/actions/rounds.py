"""Opening rounds of updates, and calling them off."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from policies import permissions, working_days
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import Initiative, Kind, Responsibility, Role, Round, RoundRequest


@action
def open_round(*, by, name, about_from, about_to, days, organisation=None, collection=None):
    """Ask every lead for an update, within so many working days from today; returns the round.

    Asked are the live policies and commitments that have a lead: all of them, those that `organisation` leads,
    those in `collection` (with the commitments under its policies), or what both have in common. Who was asked
    about what is kept with the round.
    """
    if not permissions.may_open_round(by, organisation):
        raise NotAllowedError(f"{by} may not ask {organisation or 'everybody'} for updates")
    if about_to < about_from:
        raise RuleError("The last day must be the same as or after the first day.")
    leads = list(_leads(organisation, collection))
    if not leads:
        raise RuleError("Nothing would be asked for: no live policy or commitment fits. Choose other records.")
    today = timezone.localdate()
    try:
        with transaction.atomic():
            opened = Round.objects.create(
                name=name.strip(),
                about_from=about_from,
                about_to=about_to,
                opened_on=today,
                working_days=days,
                deadline=working_days.after(today, days),
                organisation=organisation,
                collection=collection,
                opened_by=by,
            )
    except IntegrityError as error:
        if "round_name_once" not in str(error):
            raise
        raise RuleError("There is a round with this name already. Enter another name.") from error
    RoundRequest.objects.bulk_create(
        RoundRequest(round=opened, initiative_id=initiative, organisation_id=lead) for initiative, lead in leads
    )
    return opened


def _leads(organisation, collection):
    """Pairs of ids: what is to be asked about, and its lead."""
    asked = Initiative.objects.live().filter(kind__in=[Kind.POLICY, Kind.COMMITMENT])
    if collection is not None:
        inside = collection.items.values("initiative")
        asked = asked.filter(Q(pk__in=inside) | Q(parent__in=inside, kind=Kind.COMMITMENT))
    leads = Responsibility.objects.filter(role=Role.LEAD, initiative__in=asked)
    if organisation is not None:
        leads = leads.filter(organisation=organisation)
    return leads.order_by("initiative").values_list("initiative", "organisation")


@action
def call_off(*, by, asked):
    """Ask no more in a round. What was reported stays, and so does who was asked."""
    if not permissions.may_open_round(by, asked.organisation):
        raise NotAllowedError(f"{by} may not call off {asked}")
    called = Round.objects.select_for_update().get(pk=asked.pk)
    if called.called_off_at is None:
        called.called_off_at, called.called_off_by = timezone.now(), by
        called.save(update_fields=["called_off_at", "called_off_by"])
    return called
