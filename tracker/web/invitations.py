"""Why a body is proposed, and the letter that asks it, in words that a person can send as they are."""

from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.models import Domain, Kind
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


def power_in_words(power, there=""):
    """ "holds public health there (Health and Social Care Act 2012, section 12)"."""
    condition = f", {power.condition}" if power.condition else ""
    return f"{power.words}{there}{condition} ({power.source_title})"


def _first_of_each_field(grounds):
    """One power a field says enough to decide whether to ask; the letter names them all."""
    found = {}
    for ground in grounds:
        found.setdefault(ground.power.domain, ground.power)
    return list(found.values())


def _bears_on(proposal):
    return ", ".join(dict.fromkeys(what for ground in proposal.grounds for what in ground.bears_on))


def _covers(proposal, places):
    """The sentence about a wider body's cover; nothing for a body whose own area is named."""
    if not proposal.covers or proposal.organisation.area_id in {area.pk for area in places}:
        return ""
    return _cover(proposal.covers)


def reason(proposal, places):
    """Why a body is proposed: what it holds, which of the places it covers, and on what that bears."""
    powers = [power_in_words(power, _(" there")) for power in _first_of_each_field(proposal.grounds)]
    if proposal.number:
        of = ngettext("It stands for %(n)s body.", "It stands for %(n)s bodies.", proposal.number)
        sentences = [of % {"n": proposal.number}]
        sentences += [_("In each place one of them %(holds)s.") % {"holds": words} for words in powers]
    else:
        sentences = [f"{words[:1].upper()}{words[1:]}." for words in powers]
    sentences += [_covers(proposal, places), _("This bears on: %(what)s.") % {"what": _bears_on(proposal)}]
    return " ".join(filter(None, sentences))


def _cover(covers):
    if len(covers) > 1:
        return _("It covers %(places)s.") % {"places": listed(cover.area.name for cover in covers)}
    cover = covers[0]
    share = f" ({percent(cover.share)})" if cover.share < 1 else ""
    since = _(" since %(date)s") % {"date": date(cover.since)} if cover.since else ""
    return _("It covers %(place)s%(share)s%(since)s.") % {"place": cover.area.name, "share": share, "since": since}


def note(proposal):
    """The same in short, for the role's own line on the record."""
    fields = dict.fromkeys(str(Domain(ground.power.domain).label).lower() for ground in proposal.grounds)
    return (_("Proposed for its powers: %(fields)s") % {"fields": ", ".join(fields)})[:NOTE_LENGTH]


def letter(proposal, initiative, lead, places):
    """An invitation to begin with; the person changes it as they like."""
    body = proposal.organisation
    promise = {"kind": KINDS[initiative.kind], "title": initiative.title, "reference": initiative.reference}
    where = {"places": listed(area.name for area in places), "name": body.name}
    why = _("Why %(name)s: in each place one of them") if proposal.number else _("Why %(name)s: there it")
    powers = [f"- {power_in_words(ground.power)}" for ground in proposal.grounds]
    parts = [
        _("To %(name)s") % where,
        _("We ask you to take part in the %(kind)s “%(title)s” (%(reference)s).") % promise,
        initiative.summary.strip(),
        _("Where: %(places)s.") % where,
        "\n".join([why % where, *powers]),
        _covers(proposal, places),
        _("This bears on: %(what)s.") % {"what": _bears_on(proposal)},
        _(
            "You can accept the role, accept it with conditions, propose another or dispute it. What you say stands"
            " beside the role, in your own words."
        ),
        lead.name if lead else "",
    ]
    return "\n\n".join(filter(None, parts))


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
