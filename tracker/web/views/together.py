"""Deciding on many flags at once: those that were ticked on the list, or all that its filters show.

Three looks at one address, all without scripts: the form, a check of what would happen, and the deed. What was chosen
travels in the page, each flag with what was seen of it, so nothing is decided that its reader has not had in sight.
"""

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError
from tracker.actions import flags as acts
from tracker.decisions import DecisionKind
from tracker.filters import FlagFilter
from tracker.models import Flag, FlagState
from tracker.web import display, flagged, kept, links
from tracker.web.page import page
from tracker.web.views import deciding

NEEDING_ATTENTION = [FlagState.OPEN, FlagState.REOPENED, FlagState.ACKNOWLEDGED]
CHOICE = ("flag", "which", "query", "chosen")
OURS = (*CHOICE, "csrfmiddlewaretoken", "stage")


@dataclass
class Chosen:
    """The flags that somebody chose: those that they may decide on, and the others, each with why not."""

    can: list = field(default_factory=list)
    cannot: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    gone: int = 0
    left_out: int = 0

    @property
    def tokens(self):
        """Every flag that is there, with what is seen of it now."""
        flags = [flag for flag, _voice in self.can] + [flag for flag, _why in self.cannot]
        return [f"{flag.fingerprint} {acts.seen(flag)}" for flag in flags]

    def by_check(self):
        """How many of which check: (check or None, code, number), most first."""
        checks = {flag.check_code: flag.check for flag, _voice in self.can}
        tally = Counter(flag.check_code for flag, _voice in self.can)
        return [(checks[code], code, number) for code, number in tally.most_common()]


def may_choose(user):
    """Whether a user decides on any flags at all."""
    return permissions.allowed(user, "create")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request):
    """The form, the check, the deed; without a choice, the way back to the list."""
    if not may_choose(request.user):
        raise PermissionDenied(_("Only editors and approvers of an organisation can decide on flags."))
    data = kept.typed(request)
    kind = (data or {}).get("decision", "")
    if kind not in DecisionKind.values or not (given := _given(request.user, data))[0]:
        return page(request, "flags/nothing_chosen.html", {"back": links.rows("flags"), "most": acts.MOST_AT_ONCE})
    chosen = _sorted(request.user, given, kind)
    filled = data.get("stage") in ("check", "save")
    form = _form(request.user, chosen, kind, data if filled or data.get("stage") == "form" else None)
    if not filled or request.method != "POST" or not form.is_valid():
        return _show(request, "flags/together.html", kind, chosen, form, data)
    _refuse_strangers(request.user, chosen, form)
    if data["stage"] == "check" or chosen.changed or not chosen.can:
        return _show(request, "flags/together_check.html", kind, chosen, form, data)
    return _save(request, kind, chosen, form, data)


def _save(request, kind, chosen, form, data):
    try:
        on = [(flag, voice.key, acts.seen(flag)) for flag, voice in chosen.can]
        deciding.write(request.user, kind, on, form.values())
    except acts.ChangedError as error:
        chosen = _sorted(request.user, _given(request.user, data), kind)
        chosen.changed = chosen.changed or error.flags
        return _show(request, "flags/together_check.html", kind, chosen, form, data, status=409)
    except RuleError as error:
        form.add_error(None, str(error))
        return _show(request, "flags/together.html", kind, chosen, form, data)
    except NotAllowedError as error:
        raise PermissionDenied(deciding.refusal(kind)) from error
    number = len(chosen.can)
    said = (
        ngettext("%(num)s flag is set aside.", "%(num)s flags are set aside.", number)
        if kind == DecisionKind.DISMISSED
        else ngettext("%(num)s flag is acknowledged.", "%(num)s flags are acknowledged.", number)
    )
    messages.success(request, said % {"num": number})
    return redirect(links.rows("flags"))


def _given(user, data):
    """What was chosen: fingerprints with what was seen of each or "", and how many the limit leaves out."""
    if pairs := data.getlist("chosen"):
        found = {value.partition(" ")[0]: value.partition(" ")[2] for value in pairs}
    elif data.get("which") == "all":
        found = dict.fromkeys(_all_of(user, data.get("query", "")), "")
    else:
        found = dict.fromkeys(data.getlist("flag"), "")
    found = {name: seen for name, seen in found.items() if "\0" not in name}
    kept_ones = dict(list(found.items())[: acts.MOST_AT_ONCE])
    return kept_ones, len(found) - len(kept_ones)


def _all_of(user, query):
    """Fingerprints of what the filters of an address show, in their order; none where it is not understood."""
    asked = QueryDict(query, mutable=True)
    if "state" not in asked:
        asked.setlist("state", NEEDING_ATTENTION)
    rows = FlagFilter(asked, Flag.objects.visible_to(user), user=user).qs
    return rows.values_list("fingerprint", flat=True)


def _sorted(user, given, kind):
    """The chosen flags by whether the user may decide on them, in a constant number of queries."""
    wanted, left_out = given
    asking = acts.asking(user)
    flags = acts.with_all(Flag.objects.visible_to(user).filter(fingerprint__in=wanted)).by_severity()
    flags = flagged.with_checks(flags)
    found = Chosen(left_out=left_out, gone=len(wanted) - len(flags))
    for flag in flags:
        if wanted[flag.fingerprint] not in ("", acts.seen(flag)):
            found.changed.append(flag)
        voices = acts.voices(asking, flag, dismissing=kind == DecisionKind.DISMISSED)
        if why := _why_not(flag, voices, kind):
            found.cannot.append((flag, why))
        else:
            found.can.append((flag, voices[0]))
    return found


def _why_not(flag, voices, kind):
    if flag.resolved_at:
        return _("It is resolved: the checks no longer find it.")
    if not voices:
        return deciding.refusal(kind)
    if len(voices) > 1:
        return _("It has two sides, and you can decide for either: decide on its own page.")
    if not deciding.open_to(flag, voices, kind):
        return _("It is set aside. That decision has to be taken back first.")
    return ""


def _form(user, chosen, kind, data):
    more = {}
    if kind == DecisionKind.ACKNOWLEDGED:
        more["owners"] = deciding.owners(user, [flag for flag, _v in chosen.can], [voice for _f, voice in chosen.can])
    return deciding.FORMS[kind](data, **more)


def _refuse_strangers(user, chosen, form):
    """Move flags that the owner cannot own, being of another organisation, to those that are left."""
    owner = form.cleaned_data.get("owner")
    if owner is None:
        return
    owner = acts.asking(owner)
    why = _("%(name)s does not act for the organisation that decides on it.") % {"name": owner.name}
    strange = [flag for flag, voice in chosen.can if not acts.may_own(owner, user, flag, voice)]
    chosen.can = [(flag, voice) for flag, voice in chosen.can if flag not in strange]
    chosen.cannot += [(flag, why) for flag in strange]


def _show(request, template, kind, chosen, form, data, *, status=200):
    dismissing = kind == DecisionKind.DISMISSED
    number = len(chosen.can)
    title = (
        ngettext("Set %(num)s flag aside", "Set %(num)s flags aside", number)
        if dismissing
        else ngettext("Acknowledge %(num)s flag", "Acknowledge %(num)s flags", number)
    )
    context = {
        "title": title % {"num": number},
        "kind": kind,
        "chosen": chosen,
        "form": form,
        "answers": _answers(form) if template.endswith("check.html") else [],
        "typed": [(n, v) for n, values in data.lists() if n not in (*OURS, "decision") for v in values],
        "most": acts.MOST_AT_ONCE,
        "back": links.rows("flags"),
        "flag_address": links.flag,
    }
    return page(request, template, context, status=status)


def _answers(form):
    """What was answered, as rows of question and answer."""
    return [(bound.label, _answer(form, bound)) for bound in form.visible_fields()]


def _answer(form, bound):
    value = form.cleaned_data.get(bound.name)
    if isinstance(value, datetime.date):
        return display.date(value)
    choices = dict(getattr(bound.field, "choices", ()) or ())
    return str(choices.get(value, value))
