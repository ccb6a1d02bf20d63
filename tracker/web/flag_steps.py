"""How a flag stands with each of its sides, why it is open again, and what machine and people did, in order."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from policies.models import Role
from tracker.actions import flags as acts
from tracker.decisions import DecisionKind, FlagDecision
from tracker.models import FlagEvent
from tracker.web import differences, display, evidence
from tracker.web.history import Entry, author

MOST_EVENTS = 100
MOST_ROWS = 10


@dataclass
class SideShown:
    """One side of a flag: who decides there, what they decided last, and whether it holds."""

    name: str
    record: object
    decision: object = None
    holds: bool = False
    why_open: str = ""
    changes: list = field(default_factory=list)
    take_back: bool = False

    def facts(self, named):
        """The decision as rows of what and how."""
        one = self.decision
        rows = [
            (_("Decision"), title_of(one)),
            (_("By"), _("%(who)s, on %(day)s") % {"who": speaker(one, named=named), "day": display.date(one.at)}),
        ]
        if one.kind == DecisionKind.DISMISSED:
            return [*rows, (_("Why"), one.words), (_("To be looked at again on"), display.date(one.review_on))]
        owner = [(_("Seen to by"), one.owner.name)] if named else []
        return [*rows, (_("What will be done"), one.words), *owner, (_("By when"), display.date(one.due_on))]


def sides(flag, user):
    """How a flag stands with each side. Flags come from `acts.with_all`; names of people are for the signed in."""
    user, last = acts.asking(user), {decision.side: decision for decision in flag.latest}
    found = []
    for side, record in flag.sides.items():
        decision = last.get(side)
        shown = SideShown(_deciders(flag, record), record, decision)
        if decision:
            shown.holds = acts.holds(flag, decision)
            shown.take_back = (
                not flag.resolved_at and not decision.taken_back_at and acts.may_take_back(user, flag, decision)
            )
            if not shown.holds and not flag.resolved_at:
                shown.why_open = why_open(flag, decision, named=user.is_authenticated)
                shown.changes = _what_changed(flag, decision) if decision.digest != flag.evidence_digest else []
        found.append(shown)
    return found


def _deciders(flag, record):
    roles = record.responsibilities.all() if record else ()
    lead = next((role.organisation for role in roles if role.role == Role.LEAD), None)
    names = [one.name for one in (lead, None if lead == flag.organisation else flag.organisation) if one]
    return _(" or ").join(names)


def raised_again(flag):
    """A sentence on a flag that was resolved and has come back; empty for others."""
    if flag.times_opened < 2 or flag.resolved_at:
        return ""
    return _("The checks have found it again after it was resolved.")


def why_open(flag, decision, *, named):
    """Why a decision that was made no longer keeps the flag."""
    if decision.taken_back_at:
        who = decision.taken_back_by.name if named else decision.organisation or _("An administrator")
        return _("%(who)s took the decision back on %(day)s: %(reason)s") % {
            "who": who,
            "day": display.date(decision.taken_back_at),
            "reason": decision.taken_back_reason,
        }
    if decision.kind == DecisionKind.ACKNOWLEDGED:
        return _("It was acknowledged, then resolved, and the checks have found it again.")
    if decision.digest != flag.evidence_digest:
        return _("What it was set aside for has changed.")
    return _("It was set aside until %(day)s.") % {"day": display.date(decision.review_on)}


def _what_changed(flag, decision):
    """How the evidence differs from what was decided on: (what, text with the changed words marked) pairs."""
    return compared(flag, decision.digest, flag.summary, flag.evidence)


def compared(flag, digest, summary, proof):
    """The differences between what stood when the evidence had a digest, and a summary and evidence of now."""
    before = FlagEvent.objects.filter(pgh_obj=flag.pk, evidence_digest=digest).order_by("-pgh_id").first()
    if before is None:
        return []
    found = []
    if before.summary != summary:
        marked = differences.marked(before.summary, summary)
        found.append(
            (_("Found"), marked or _("%(now)s (before: %(before)s)") % {"now": summary, "before": before.summary})
        )
    old, new = _lines(before.evidence), _lines(proof)
    for what, lines in ((_("New"), new - old), (_("No longer there"), old - new)):
        ordered = sorted(lines)
        found += [(what, line) for line in ordered[:MOST_ROWS]]
        if len(ordered) > MOST_ROWS:
            found.append((what, _("and %(number)s more rows") % {"number": len(ordered) - MOST_ROWS}))
    return found


def _lines(proof):
    """The facts and rows of evidence as sentences, to be compared."""
    proof = proof if isinstance(proof, dict) else {}
    rows = [row for row in proof.get("rows") or [] if isinstance(row, dict)]
    facts = [fact for fact in proof.get("facts") or [] if isinstance(fact, dict)]
    lines = {
        f"{fact.get('label', '')}: {evidence.shown(fact.get('value')) or display.not_recorded()}" for fact in facts
    }
    return lines | {
        "; ".join(f"{key}: {evidence.shown(value, str(key)) or display.not_recorded()}" for key, value in row.items())
        for row in rows
    }


def history(flag, comments, user):
    """What machine and people did with a flag, latest first, its comments among it."""
    entries = _by_machine(flag) + by_people([flag.pk], named=user.is_authenticated)
    entries += [
        Entry(_("Comment"), comment.at, by=speaker(comment, named=user.is_authenticated), text=comment.words)
        for comment in comments
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def speaker(row, *, named):
    """Who decided or said something: the person for readers who have signed in, and the organisation."""
    body = row.organisation.name if row.organisation else _("an administrator")
    return _("%(name)s, %(body)s") % {"name": row.by.name, "body": body} if named else body


def by_people(flags, *, named):
    """The decisions on some flags as entries, and those taken back."""
    rows = FlagDecision.objects.filter(flag__in=flags).select_related(
        "by", "organisation", "owner", "taken_back_by", "flag"
    )
    entries = []
    for row in rows.order_by("-pk")[:MOST_EVENTS]:
        entries.append(Entry(title_of(row), row.at, by=speaker(row, named=named), text=details(row, named=named)))
        if row.taken_back_at:
            who = row.taken_back_by.name if named else ""
            entries.append(Entry(_("Decision taken back"), row.taken_back_at, by=who, text=row.taken_back_reason))
    return entries


def title_of(decision):
    """A decision in a few words."""
    if decision.kind == DecisionKind.ACKNOWLEDGED:
        return _("Acknowledged")
    return _("Dismissed: %(reason)s") % {"reason": decision.get_reason_display()}


def details(decision, *, named):
    """Its words, with owner and dates."""
    if decision.kind == DecisionKind.DISMISSED:
        return _("%(words)s To be reviewed on %(day)s.") % {
            "words": _sentence(decision.words),
            "day": display.date(decision.review_on),
        }
    said = _("%(words)s By %(day)s.") % {"words": _sentence(decision.words), "day": display.date(decision.due_on)}
    return _("%(said)s Seen to by %(name)s.") % {"said": said, "name": decision.owner.name} if named else said


def _sentence(words):
    return words if words.rstrip()[-1:] in ".!?" else f"{words.rstrip()}."


def _by_machine(flag):
    rows = FlagEvent.objects.filter(pgh_obj=flag.pk).select_related("pgh_context").order_by("-pgh_id")[:MOST_EVENTS]
    entries, before = [], None
    for now in reversed(rows):
        entries += _turns(before, now)
        before = now
    return entries


def _turns(before, now):
    at = now.pgh_created_at
    if before is None:
        first = now.pgh_label == "insert"
        title = _("Raised") if first else _("Older changes are not shown")
        return [Entry(title, at, by=author(now), text=now.summary if first else "")]
    found = []
    if now.resolved_at and not before.resolved_at:
        found.append(Entry(_("Resolved: the checks no longer find it"), at))
    if before.resolved_at and not now.resolved_at:
        found.append(Entry(_("Raised again"), at, text=now.summary))
    if now.evidence_digest != before.evidence_digest:
        entry = Entry(_("The evidence changed"), at)
        entry.changes = [(_("Found"), before.summary, now.summary)] if now.summary != before.summary else []
        found.append(entry)
    if now.severity != before.severity:
        change = (_("Severity"), before.get_severity_display(), now.get_severity_display())
        found.append(Entry(_("Severity changed"), at, changes=[change]))
    return found
