"""Why a body is proposed, and the letter that asks it, in words that a person can send as they are."""

from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Kind
from tracker.web.display import date, percent

MOST_NAMED = 3
NOTE_LENGTH = 300
KINDS = {Kind.POLICY: "policy", Kind.COMMITMENT: "commitment", Kind.PARTNERSHIP: "partnership"}


def listed(names):
    """ "Leeds, Bradford and 3 more"; "Leeds and Bradford"."""
    names = list(names)
    if len(names) > MOST_NAMED:
        return _("%(names)s and %(number)s more") % {
            "names": ", ".join(names[:MOST_NAMED]), "number": len(names) - MOST_NAMED,
        }  # fmt: skip
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def power_in_words(power):
    """ "holds public health there (Health and Social Care Act 2012, section 12)"."""
    condition = f", {power.condition}" if power.condition else ""
    return _("%(words)s there%(condition)s (%(law)s)") % {
        "words": power.words, "condition": condition, "law": power.source_title,
    }  # fmt: skip


def _sentence(words):
    return f"{words[:1].upper()}{words[1:]}."


def reason(proposal, places):
    """Why a body is proposed: what it holds, which of the places it covers, and on what that bears."""
    powers = [power_in_words(ground.power) for ground in proposal.grounds]
    if proposal.number:
        of = ngettext("It stands for %(n)s body", "It stands for %(n)s bodies", proposal.number)
        sentences = [f"{of % {'n': proposal.number}}."]
        sentences += [_("In each place one of them %(holds)s.") % {"holds": words} for words in powers]
    else:
        sentences = [_sentence(words) for words in powers]
    if proposal.covers and proposal.organisation.area_id not in {area.pk for area in places}:
        sentences.append(_cover(proposal.covers))
    bears_on = dict.fromkeys(what for ground in proposal.grounds for what in ground.bears_on)
    sentences.append(_("This bears on: %(what)s.") % {"what": ", ".join(bears_on)})
    return " ".join(sentences)


def _cover(covers):
    if len(covers) > 1:
        return _("It covers %(places)s.") % {"places": listed(cover.area.name for cover in covers)}
    cover = covers[0]
    share = f" ({percent(cover.share)})" if cover.share < 1 else ""
    since = _(" since %(date)s") % {"date": date(cover.since)} if cover.since else ""
    return _("It covers %(place)s%(share)s%(since)s.") % {"place": cover.area.name, "share": share, "since": since}


def note(proposal):
    """The same in short, for the role's own line on the record."""
    words = _("Proposed because it %(powers)s") % {
        "powers": "; ".join(power_in_words(ground.power) for ground in proposal.grounds)
    }
    return words if len(words) <= NOTE_LENGTH else f"{words[: NOTE_LENGTH - 2].rsplit(' ', 1)[0]} …"


def letter(proposal, initiative, lead, places):
    """An invitation to begin with; the person changes it as they like."""
    body = proposal.organisation
    promise = {"kind": KINDS[initiative.kind], "title": initiative.title, "reference": initiative.reference}
    asker = lead.name if lead else _("the organisation that leads it")
    parts = [
        _("To %(name)s") % {"name": body.name},
        _("We ask you to take part in the %(kind)s “%(title)s” (%(reference)s).") % promise,
        initiative.summary,
        _("Where: %(places)s.") % {"places": listed(area.name for area in places)},
        _("Why you: %(reason)s") % {"reason": reason(proposal, places)},
        _(
            "You can accept the role, accept it with conditions, propose another or dispute it. What you say stands"
            " beside the role, in your own words."
        ),
        asker,
    ]
    return "\n\n".join(part.strip() for part in parts if part and part.strip())


def mail(held, address):
    """A mailto address with the letter in it, for people who do not use the service."""
    subject = _("Invitation: %(title)s (%(reference)s)") % {
        "title": held.initiative.title, "reference": held.initiative.reference,
    }  # fmt: skip
    return f"mailto:?{urlencode({'subject': subject, 'body': whole_letter(held, address)}, quote_via=quote)}"


def whole_letter(held, address):
    """The letter with the role that it is about and where the record is."""
    role = _("The role that we propose: %(role)s") % {"role": held.get_role_display().lower()}
    return "\n\n".join([held.invitation, role, _("The record: %(address)s") % {"address": address}])
