"""What people do with flags: acknowledge, set aside, take back, comment. The machine's columns are never touched.

A decision is about what its maker read. The form carries what that was (`seen`); where the evidence or a decision is
another by now, nothing is written, and the page shows what is new. Should a scan change the evidence in the very
moment, the decision keeps the digest that was read and so does not hold: nothing is set aside unseen.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils import timezone

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError, action
from policies.models import Initiative, Organisation, User
from tracker.decisions import DecisionKind, DismissalReason, FlagComment, FlagDecision, Side
from tracker.models import Flag

MOST_AT_ONCE = 200


class ChangedError(Exception):
    """What was decided on is no longer what was read. `flags` are those concerned."""

    def __init__(self, flags):
        super().__init__(", ".join(flag.fingerprint for flag in flags))
        self.flags = flags


@dataclass(frozen=True)
class Voice:
    """In whose name somebody decides, and for which sides; without an organisation, as an administrator."""

    sides: tuple
    organisation_id: int | None

    @property
    def key(self):
        """What tells it from the other voices of one flag."""
        return "+".join(self.sides)


def with_all(flags):
    """Flags with what decisions go by and who decided last, in a constant number of queries."""
    roles = Initiative.objects.select_related("revises").prefetch_related("responsibilities__organisation")
    latest = FlagDecision.objects.latest().select_related("by", "owner", "organisation", "taken_back_by")
    return flags.select_related("outcome", "organisation", "area").prefetch_related(
        Prefetch("initiative", roles), Prefetch("other", roles), Prefetch("decisions", latest, to_attr="latest")
    )


def asking(user):
    """The user with their memberships looked up once, however many flags they are asked about."""
    return User.objects.prefetch_related("memberships").filter(pk=user.pk).first() if user.is_authenticated else user


def voices(user, flag, *, dismissing=False):
    """In whose names a user may decide on a flag, each once: one organisation that leads both sides has one voice."""
    found = {}
    for side, record in flag.sides.items():
        about = flag.organisation if side == Side.FIRST else None
        if permissions.may_decide_on_flag(user, record, about, dismissing=dismissing):
            mine = permissions.acts_on_flag_for(user, record, about, dismissing=dismissing)
            found[side] = min(mine, default=None)
    if len(found) == 2 and None not in found.values() and len(set(found.values())) == 1:
        return [Voice(tuple(found), found[Side.FIRST])]
    return [Voice((side,), organisation) for side, organisation in found.items()]


def seen(flag):
    """What somebody who reads a flag sees, in a word: its evidence and the last decision of each side."""
    last = {decision.side: decision.pk for decision in flag.latest}
    return ".".join([flag.evidence_digest, *(str(last.get(side, 0)) for side in Side)])


def a_year_on(day):
    """The last day to which a flag can be set aside."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


@action
def acknowledge(*, by, on, owner, plan, due_on):
    """Say that somebody owns the flags, what they will do and by when: on all of them or on none.

    `on` holds (flag, key of the voice or "", what was seen). Raises RuleError, NotAllowedError, ChangedError.
    """
    if not plan.strip():
        raise RuleError("Enter what will be done about it.")
    if due_on < timezone.localdate():
        raise RuleError("The date must be today or in the future.")
    chosen, owner = _choose(by, on, dismissing=False), asking(owner)
    for flag, voice in chosen:
        if not may_own(owner, by, flag, voice):
            raise RuleError(f"{owner.name} does not act for the organisation that decides on {flag.fingerprint}.")
        if any(decision.side in voice.sides and holds_aside(flag, decision) for decision in flag.latest):
            raise RuleError(f"{flag.fingerprint} is set aside. Take that decision back first.")
    values = {"kind": DecisionKind.ACKNOWLEDGED, "words": plan.strip(), "owner": owner, "due_on": due_on}
    return _decide(by, chosen, values)


@action
def dismiss(*, by, on, reason, comment, review_on):
    """Set flags aside until a day within a year, for a reason: all of them or none. Raises as `acknowledge` does."""
    today = timezone.localdate()
    if reason not in DismissalReason.values:
        raise RuleError("Select why it is set aside.")
    if not comment.strip():
        raise RuleError("Enter why in your own words.")
    if not today < review_on <= a_year_on(today):
        raise RuleError("The review date must be after today and within a year.")
    values = {"kind": DecisionKind.DISMISSED, "words": comment.strip(), "reason": reason, "review_on": review_on}
    return _decide(by, _choose(by, on, dismissing=True), values)


@action
def take_back(*, by, flag, decision, reason):
    """Say that a decision stands no longer, and why. Whoever could have made it can take it back."""
    if not reason.strip():
        raise RuleError("Enter why it is taken back.")
    flag = _fresh(by, [flag.pk]).get(pk=flag.pk)
    if not may_take_back(asking(by), flag, decision):
        raise NotAllowedError(f"{by} may not take back decisions on {flag.fingerprint}")
    stamped = FlagDecision.objects.latest().filter(pk=decision.pk, flag=flag, taken_back_at__isnull=True)
    if not stamped.update(taken_back_at=timezone.now(), taken_back_by=by, taken_back_reason=reason.strip()):
        raise ChangedError([flag])
    return flag


@action
def comment(*, by, flag, organisation, words):
    """Say something about a flag, in the name of an organisation with a part in it, or as an administrator."""
    if not words.strip():
        raise RuleError("Enter a comment.")
    flag = _fresh(by, [flag.pk]).get(pk=flag.pk)
    if organisation is None and not permissions.is_administrator(by):
        raise NotAllowedError(f"{by} may not comment on {flag.fingerprint}")
    if organisation is not None and not speakers(asking(by), flag).filter(pk=organisation.pk).exists():
        raise NotAllowedError(f"{by} may not comment on {flag.fingerprint} for {organisation}")
    return FlagComment.objects.create(flag=flag, organisation=organisation, by=by, words=words.strip())


def speakers(user, flag):
    """The organisations in whose name a user may comment on a flag."""
    records = [record for record in flag.sides.values() if record]
    ids = permissions.comments_on_flag_for(user, records, flag.organisation)
    return Organisation.objects.filter(pk__in=ids).by_name()


def may_own(owner, by, flag, voice):
    """Whether somebody can own a flag for a side: who decides, or a member of an organisation that may."""
    deciders = set()
    for side in voice.sides:
        about = flag.organisation if side == Side.FIRST else None
        deciders |= permissions.flag_deciders(flag.sides[side], about)
    return owner.is_active and (owner.pk == by.pk or bool(deciders & permissions.organisations_of(owner)))


def may_take_back(user, flag, decision):
    """Whether a user may take a decision back: of a dismissal, who may dismiss; else who may acknowledge."""
    allowed = voices(user, flag, dismissing=decision.kind == DecisionKind.DISMISSED)
    return any(decision.side in voice.sides for voice in allowed)


def holds(flag, decision):
    """Whether a decision, the last of its side, is in force: as DecisionQuerySet.holding, of one that is at hand."""
    if decision.superseded_at or decision.taken_back_at:
        return False
    if decision.kind == DecisionKind.DISMISSED:
        return holds_aside(flag, decision)
    return decision.opening == flag.times_opened


def holds_aside(flag, decision):
    """Whether it is a dismissal in force."""
    return (
        decision.kind == DecisionKind.DISMISSED
        and decision.superseded_at is None
        and decision.taken_back_at is None
        and decision.digest == flag.evidence_digest
        and decision.review_on > timezone.localdate()
    )


def _fresh(by, ids):
    return with_all(Flag.objects.visible_to(by).filter(pk__in=ids)).order_by("pk")


def _choose(by, on, *, dismissing):
    """The flags as they are now, each with the voice; in the order of ids, so that two people never wait in a ring."""
    wanted = {flag.pk: (key, before) for flag, key, before in on}
    user, found, changed = asking(by), [], []
    for flag in _fresh(by, list(wanted)):
        key, before = wanted[flag.pk]
        if flag.resolved_at:
            raise RuleError(f"{flag.fingerprint} is resolved: the checks no longer find it.")
        allowed = voices(user, flag, dismissing=dismissing)
        voice = next((one for one in allowed if one.key == key), allowed[0] if len(allowed) == 1 and not key else None)
        if voice is None:
            raise NotAllowedError(f"{by} may not decide on {flag.fingerprint}")
        if seen(flag) != before:
            changed.append(flag)
        found.append((flag, voice))
    if len(found) < len(wanted):
        raise NotAllowedError(f"{by} may not decide on flags that they cannot see")
    if changed:
        raise ChangedError(changed)
    return found


def _decide(by, chosen, values):
    """Write one decision a side; the ones before are superseded. Who comes second is told, and writes nothing."""
    flags = [flag for flag, _voice in chosen]
    earlier = [d.pk for flag, voice in chosen for d in flag.latest if d.side in voice.sides]
    now = timezone.now()
    if FlagDecision.objects.latest().filter(pk__in=earlier).update(superseded_at=now) != len(earlier):
        raise ChangedError(flags)
    rows = [
        FlagDecision(
            flag=flag,
            side=side,
            organisation_id=voice.organisation_id,
            by=by,
            at=now,
            digest=flag.evidence_digest,
            opening=flag.times_opened,
            **values,
        )
        for flag, voice in chosen
        for side in voice.sides
    ]
    try:
        with transaction.atomic():
            return FlagDecision.objects.bulk_create(rows)
    except IntegrityError as error:
        if "flag_decision_latest_once" in str(error):
            raise ChangedError(flags) from error
        raise
