"""The least that a sound row needs: one plain function a model, every column open to a keyword.

Codes and names come from one counter, so that rows never meet those of the landscape or each other.
"""

import datetime
import hashlib

from django.utils import timezone

from policies import models
from tests.policies.reference_rows import (
    DAY,
    _made,
    area,
    area_closure,
    area_part,
    area_succession,
    capital,
    indicator,
    number,
    observation,
    organisation,
    organisation_alias,
    organisation_succession,
    outcome,
    power,
    power_sign,
)
from tracker import models as tracker
from tracker import watches


def user(**values):
    """A person without memberships."""
    n = number()
    values = {"email": f"person{n}@factory.example", "name": f"Person {n}", "password": "!"} | values
    return models.User.objects.create(**values)


def member(role, organisation, **values):
    """A person with one membership."""
    person = user(**values)
    membership(user=person, organisation=organisation, role=role)
    return person


def membership(**values):
    """A person acts for an organisation."""
    values = {"role": "editor"} | _made(values, user=user, organisation=organisation)
    return models.Membership.objects.create(**values)


def invitation(**values):
    """A person is asked to write for a department; the link works until tomorrow."""
    n = number()
    values = {
        "email": f"guest{n}@factory.example",
        "name": f"Guest {n}",
        "role": "editor",
        "digest": hashlib.sha256(str(n).encode()).hexdigest(),
        "expires_at": timezone.now() + datetime.timedelta(days=1),
    } | _made(values, organisation=organisation, by=user)
    return models.Invitation.objects.create(**values)


def service_account(**values):
    """Another system."""
    values = _made(values, organisation=organisation, created_by=user)
    values = {"name": f"System {number()}", "contact_email": "system@factory.example"} | values
    return models.ServiceAccount.objects.create(**values)


def service_token(**values):
    """A credential that ends tomorrow."""
    n = number()
    values = {
        "prefix": f"t{n}",
        "digest": hashlib.sha256(str(n).encode()).hexdigest(),
        "expires_at": timezone.now() + datetime.timedelta(days=1),
    } | _made(values, account=service_account)
    return models.ServiceToken.objects.create(**values)


def _initiative(kind, form, values):
    n = number()
    values = {"reference": f"FACTORY-{n:04d}", "title": f"Initiative {n}", "kind": kind, "form": form} | values
    values = _made(values, created_by=user)
    author, now = values["created_by"], timezone.now()
    if values.get("status") == "in_review":
        values = {"submitted_by": author, "submitted_at": now} | values
    if values.get("status") in models.PUBLIC:
        values = {"published_by": author, "published_at": now} | values
    if values.get("status") in ("closed", "withdrawn"):
        values = {
            "ended_by": author,
            "ended_at": now,
            "ended_reason": "It ended",
            "ended_outcome": "not_recorded",
        } | values
    return models.Initiative.objects.create(**values)


def policy(**values):
    """A draft strategy without a lead; a published or ended one has who and when."""
    return _initiative("policy", "strategy", values)


def commitment(**values):
    """A draft commitment without a policy above it."""
    return _initiative("commitment", "commitment", values)


def partnership(**values):
    """A draft devolution deal."""
    return _initiative("partnership", "devolution_deal", values)


def footprint(**values):
    """A policy names a place."""
    return models.Footprint.objects.create(**_made(values, initiative=policy, area=area))


def collection(**values):
    """A named set."""
    n = number()
    return models.Collection.objects.create(**{"code": f"factory-{n}", "name": f"Collection {n}"} | values)


def collection_item(**values):
    """A policy in a set."""
    return models.CollectionItem.objects.create(**_made(values, collection=collection, initiative=policy))


def revision(**values):
    """A working copy of a published policy."""
    values = {"form": "strategy", "title": "Anew", "revision_base": {}} | _made(
        values, created_by=user, revises=lambda: policy(status="published")
    )
    values = {"kind": values["revises"].kind, "reference": f"{values['revises'].reference}-R1"} | values
    return models.Initiative.objects.create(**values)


def sign_off(**values):
    """A policy is sent for review."""
    return models.SignOff.objects.create(**{"step": "submitted"} | _made(values, initiative=policy, by=user))


def responsibility(**values):
    """A department leads a policy."""
    values = {"role": "lead"} | _made(values, initiative=policy, organisation=organisation)
    return models.Responsibility.objects.create(**values)


def plain_answer(**values):
    """An answer to a plain question."""
    values = {"question": "builds", "option": f"option-{number()}"} | _made(values, initiative=policy)
    return models.PlainAnswer.objects.create(**values)


def former_role(**values):
    """A department led a policy until a day."""
    values = {"role": "lead", "until": DAY} | _made(
        values, initiative=policy, organisation=organisation, successor=organisation, by=user
    )
    return models.FormerRole.objects.create(**values)


def capital_link(**values):
    """A policy mainly builds a capital."""
    values = {"weight": "primary"} | _made(values, initiative=policy, capital=capital)
    return models.CapitalLink.objects.create(**values)


def chosen_outcome(**values):
    """An outcome that a policy's author ticked."""
    return models.ChosenOutcome.objects.create(**_made(values, initiative=policy, outcome=outcome))


def outcome_link(**values):
    """A policy improves an outcome, soon."""
    values = {"direction": "improves", "horizon": "short"} | _made(values, initiative=policy, outcome=outcome)
    return models.OutcomeLink.objects.create(**values)


def measure(**values):
    """A measure in words."""
    values = {"words": f"Measure {number()}"} | _made(values, initiative=policy)
    return models.Measure.objects.create(**values)


def criterion(**values):
    """A rule of a fund's first round."""
    values = {
        "round": "Round 1",
        "stage": "place_index",
        "criterion": f"Criterion {number()}",
        "measure_type": "economic",
    } | _made(values, initiative=policy)
    return models.AllocationCriterion.objects.create(**values)


def allocation(**values):
    """A pound for a place."""
    values = {"amount_gbp": 1} | _made(values, initiative=policy, area=area)
    return models.Allocation.objects.create(**values)


def update(**values):
    """A report of progress."""
    values = {"reported_on": DAY, "rag": "green"} | _made(values, initiative=policy, by=user)
    if values.get("moved_to"):
        values = _made(values, moved_by=user)
    return models.Update.objects.create(**values)


def moved(**values):
    """An update that proposes another date; a decided one has who and when."""
    values = {
        "moved_to": DAY,
        "moved_to_precision": "day",
        "moved_reason_code": "funding",
        "moved_reason": "Bids came late.",
        "move_state": "proposed",
    } | _made(values, moved_by=user)
    if values["move_state"] in ("approved", "declined"):
        decided = {"move_decided_at": timezone.now(), "move_words": "Said."} | values
        values = decided if "move_decided_by" in values else decided | {"move_decided_by": user()}
    return update(**values)


def round_(**values):
    """A round about a month, open for two weeks."""
    values = {
        "name": f"Round {number()}",
        "about_from": DAY,
        "about_to": DAY,
        "opened_on": DAY,
        "working_days": 10,
        "deadline": DAY + datetime.timedelta(days=14),
    } | _made(values, opened_by=user)
    return models.Round.objects.create(**values)


def round_request(**values):
    """A round asks a department about a policy."""
    values = _made(values, round=round_, initiative=policy, organisation=organisation)
    return models.RoundRequest.objects.create(**values)


def dependency(**values):
    """A policy needs another."""
    return models.Dependency.objects.create(**_made(values, initiative=policy, depends_on=policy))


def saved_search(**values):
    """All policies, under a name."""
    values = {"name": f"Search {number()}", "place": "policies"} | _made(values, user=user)
    return models.SavedSearch.objects.create(**values)


def submission(**values):
    """A form that made a policy."""
    values = {"key": f"{number():064d}"} | _made(values, user=user, initiative=policy)
    return models.Submission.objects.create(**values)


def upload(**values):
    """A workbook that waits to be read."""
    values = {"file_name": "file.xlsx", "content": b"PK"} | _made(values, by=user)
    return models.Upload.objects.create(**values)


def change(**values):
    """A line of the change log, as a trigger would write it."""
    values = {
        "at": timezone.now(),
        "xid": 1,
        "table_name": "factory",
        "row_id": number(),
        "operation": "i",
        "initiative_ids": [],
        "outcome_ids": [],
    } | values
    return models.Change.objects.create(**values)


def flag(**values):
    """A standing flag on a policy."""
    now, n = timezone.now(), number()
    values = {
        "fingerprint": f"FAC001:policy:{n}",
        "check_code": "FAC001",
        "severity": "low",
        "subject": "policy",
        "summary": "Something does not add up",
        "evidence": {},
        "evidence_digest": "0" * 32,
        "first_seen_at": now,
        "changed_at": now,
    } | _made(values, initiative=policy)
    return tracker.Flag.objects.create(**values)


def scan(**values):
    """A full scan that took no time."""
    now = timezone.now()
    values = {
        "kind": "full",
        "status": "done",
        "reason": "test",
        "as_of": DAY,
        "started_at": now,
        "finished_at": now,
        "initiatives": 0,
    } | values
    return tracker.Scan.objects.create(**values)


def scan_part(**values):
    """A check of a planned scan, still to be done."""
    values = {"code": "LOC001", "position": 1} | values
    if "scan" not in values:
        values["scan"] = scan(status="running", finished_at=None)
    return tracker.ScanPart.objects.create(**values)


def scan_cursor(**values):
    """A reader's place in the change log."""
    return tracker.ScanCursor.objects.create(**{"name": f"reader {number()}"} | values)


def stale_check(**values):
    """A check that crashed."""
    return tracker.StaleCheck.objects.create(**{"code": f"FAC{number()}"} | values)


def threshold_value(**values):
    """A threshold that was changed."""
    values = {"check_code": "FAC001", "name": f"limit-{number()}", "value": 3, "reason": "Three."} | _made(
        values, by=user
    )
    return tracker.ThresholdValue.objects.create(**values)


def severity_value(**values):
    """A check whose flags are all low."""
    values = {"check_code": f"FAC{number()}", "severity": "low", "reason": "Low."} | _made(values, by=user)
    return tracker.SeverityValue.objects.create(**values)


def watch(**values):
    """A person watches an outcome; with another thing, that."""
    kinds = {"area": "place", "lineage": "organisation", "initiative": "initiative", "search": "search"}
    kind = next((kinds[name] for name in kinds if values.get(name)), "outcome")
    values = {"kind": kind, "frequency": "instant", "after": 0, "looked_at": timezone.now()} | _made(
        values, user=user, **({"outcome": outcome} if kind == "outcome" else {})
    )
    return watches.Watch.objects.create(**values)


def news(**values):
    """A flag opened; with a `sign_off`, a record took that step."""
    if values.get("sign_off") is None:
        values = {"opening": 1} | _made(values, flag=flag)
    return watches.News.objects.create(**values)


def told(**values):
    """A person was told of a flag."""
    return watches.Told.objects.create(**_made(values, user=user, news=news))


def failed_notice(**values):
    """An email that could not be sent an hour ago, and may be tried again."""
    values = {"error": "OSError: away", "next_at": timezone.now()} | _made(values, user=user)
    return watches.FailedNotice.objects.create(**values)


def requeue(**values):
    """A check that was put back."""
    return watches.Requeue.objects.create(**{"work": "check", "name": "FAC001"} | _made(values, by=user))


def slot(**values):
    """A planned run."""
    return tracker.Slot.objects.create(**{"name": f"run {number()}", "due": timezone.now()} | values)


def heartbeat(**values):
    """A sign of life."""
    return tracker.Heartbeat.objects.create(**{"name": f"worker {number()}", "at": timezone.now()} | values)


# Which function makes a row of which table. Tests that walk all models fail when one is missing here.
BY_MODEL = {
    models.Allocation: allocation,
    models.AllocationCriterion: criterion,
    models.Area: area,
    models.AreaClosure: area_closure,
    models.AreaPart: area_part,
    models.AreaSuccession: area_succession,
    models.Capital: capital,
    models.CapitalLink: capital_link,
    models.Change: change,
    models.ChosenOutcome: chosen_outcome,
    models.Collection: collection,
    models.CollectionItem: collection_item,
    models.Dependency: dependency,
    models.Footprint: footprint,
    models.FormerRole: former_role,
    models.Indicator: indicator,
    models.Initiative: policy,
    models.Invitation: invitation,
    models.Measure: measure,
    models.Membership: membership,
    models.Observation: observation,
    models.Organisation: organisation,
    models.OrganisationAlias: organisation_alias,
    models.OrganisationSuccession: organisation_succession,
    models.Outcome: outcome,
    models.OutcomeLink: outcome_link,
    models.PlainAnswer: plain_answer,
    models.Power: power,
    models.PowerSign: power_sign,
    models.Responsibility: responsibility,
    models.Round: round_,
    models.RoundRequest: round_request,
    models.SavedSearch: saved_search,
    models.ServiceAccount: service_account,
    models.ServiceToken: service_token,
    models.SignOff: sign_off,
    models.Submission: submission,
    models.Update: update,
    models.Upload: upload,
    models.User: user,
    tracker.Flag: flag,
    tracker.Heartbeat: heartbeat,
    tracker.Scan: scan,
    tracker.ScanCursor: scan_cursor,
    tracker.ScanPart: scan_part,
    tracker.SeverityValue: severity_value,
    tracker.Slot: slot,
    tracker.StaleCheck: stale_check,
    tracker.ThresholdValue: threshold_value,
    watches.FailedNotice: failed_notice,
    watches.News: news,
    watches.Requeue: requeue,
    watches.Told: told,
    watches.Watch: watch,
}
