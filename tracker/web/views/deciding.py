"""What people do with one flag: acknowledge it, set it aside, take a decision back, comment on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from policies import permissions
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Role, User
from tracker.actions import flags as acts
from tracker.decisions import DecisionKind, Side
from tracker.models import Flag
from tracker.web import evidence, flag_steps, flagged, kept, links
from tracker.web.forms.flags import AcknowledgeForm, CommentForm, DismissForm, TakeBackForm
from tracker.web.page import page

FORMS = {DecisionKind.ACKNOWLEDGED: AcknowledgeForm, DecisionKind.DISMISSED: DismissForm}
MOST_OWNERS = 200


def flag_at(user, fingerprint):
    """The flag of an address, with what decisions go by."""
    flag = acts.with_all(Flag.objects.visible_to(user).with_state().filter(fingerprint=fingerprint)).first()
    if flag is None:
        raise Http404
    flagged.with_checks([flag])
    return flag


def refusal(kind):
    """Why somebody may not decide."""
    if kind == DecisionKind.DISMISSED:
        return _("Only approvers of the organisations that this flag concerns can set it aside.")
    return _("Only editors and approvers of the organisations that this flag concerns can acknowledge it.")


def open_to(flag, voices, kind):
    """Those of the voices for which such a decision can be made: what is set aside is taken back first."""
    aside = {decision.side for decision in flag.latest if acts.holds_aside(flag, decision)}
    return [voice for voice in voices if kind == DecisionKind.DISMISSED or not aside & set(voice.sides)]


def owners(user, flags, voices):
    """People who can own flags: the user first, then members of the organisations that decide."""
    ids = {voice.organisation_id for voice in voices} - {None}
    if None in {voice.organisation_id for voice in voices}:
        for flag in flags:
            for side, record in flag.sides.items():
                ids |= permissions.flag_deciders(record, flag.organisation if side == Side.FIRST else None)
    others = User.objects.filter(is_active=True, memberships__organisation__in=ids).exclude(pk=user.pk)
    return [user, *others.distinct().order_by("name", "pk")[:MOST_OWNERS]]


def named_voices(flag, voices):
    """Each voice with the words that a page has for it."""
    shown = {}
    for side, record in flag.sides.items():
        lead = (
            next((r.organisation for r in record.responsibilities.all() if r.role == Role.LEAD), None)
            if record
            else None
        )
        shown[side] = lead.name if lead else record.reference if record else _("the register")
    return [(voice.key, _(" and ").join(dict.fromkeys(shown[side] for side in voice.sides))) for voice in voices]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request, fingerprint):
    """Somebody owns the flag, says what will be done, and by when."""
    return _decide(request, fingerprint, DecisionKind.ACKNOWLEDGED)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request, fingerprint):
    """An approver sets the flag aside, for a reason and until a day."""
    return _decide(request, fingerprint, DecisionKind.DISMISSED)


def _decide(request, fingerprint, kind):
    flag = flag_at(request.user, fingerprint)
    allowed = acts.voices(acts.asking(request.user), flag, dismissing=kind == DecisionKind.DISMISSED)
    if not allowed:
        raise PermissionDenied(refusal(kind))
    if flag.resolved_at:
        messages.info(request, _("It is resolved: the checks no longer find it. There is nothing to decide."))
        return redirect(links.flag(flag))
    if not (allowed := open_to(flag, allowed, kind)):
        messages.info(request, _("It is set aside. Take that decision back first."))
        return redirect(links.flag(flag))
    typed, seen = kept.typed(request), acts.seen(flag)
    more = {"voices": named_voices(flag, allowed), "seen": seen}
    if kind == DecisionKind.ACKNOWLEDGED:
        more["owners"] = owners(request.user, [flag], allowed)
    form, changes, status = FORMS[kind](typed, **more), None, 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key = data.get("voice") or allowed[0].key
        before = data["seen"]
        try:
            write(request.user, kind, [(flag, key, before)], form.values())
        except acts.ChangedError:
            flag = flag_at(request.user, fingerprint)
            changes, status = since(flag, before), 409
            typed = typed.copy()
            typed["seen"] = acts.seen(flag)
            form = FORMS[kind](typed, **more)
        except RuleError as error:
            form.add_error(None, str(error))
        except NotAllowedError as error:
            raise PermissionDenied(refusal(kind)) from error
        else:
            said = _("The flag is set aside.") if kind == DecisionKind.DISMISSED else _("The flag is acknowledged.")
            messages.success(request, f"{said} {_others(flag, key)}".strip())
            return redirect(links.flag(flag))
    return _shown(request, flag, kind, form, changes, status)


def write(user, kind, on, values):
    """Call the action of a decision."""
    action = acts.dismiss if kind == DecisionKind.DISMISSED else acts.acknowledge
    return action(by=user, on=on, **values)


def _others(flag, key):
    """A word on the side that has not been heard, when there is one."""
    if flag.other_id is None or "+" in key:
        return ""
    return _("The other side decides for itself, and sees your words.")


def since(flag, before):
    """What is new since a flag was read: the changed evidence, and decisions made meanwhile."""
    digest, *earlier = before.split(".")
    found = {"decisions": [], "evidence": digest != flag.evidence_digest, "changes": []}
    if found["evidence"]:
        found["changes"] = flag_steps.compared(flag, digest, flag.summary, flag.evidence)
    found["decisions"] = [
        (flag_steps.title_of(row), flag_steps.speaker(row, named=True), flag_steps.details(row, named=True))
        for row in flag.latest
        if str(row.pk) not in earlier
    ]
    return found


def _shown(request, flag, kind, form, changes, status):
    dismissing = kind == DecisionKind.DISMISSED
    context = {
        "title": _("Set this flag aside") if dismissing else _("Acknowledge this flag"),
        "caption": f"{flag.check_code}: {flag.check.title if flag.check else flag.check_code}",
        "button": _("Set it aside") if dismissing else _("Acknowledge it"),
        "flag": flag,
        "evidence": evidence.tables(flag.evidence, request.user),
        "sides": flag_steps.sides(flag, request.user),
        "form": form,
        "changes": changes,
        "back": links.flag(flag),
    }
    return page(request, "flags/decide.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request, fingerprint, side):
    """A side's decision stands no longer, and the flag is open again."""
    flag = flag_at(request.user, fingerprint)
    decision = next((one for one in flag.latest if one.side == side), None)
    dismissed = decision is None or decision.kind == DecisionKind.DISMISSED
    mine = acts.voices(acts.asking(request.user), flag, dismissing=dismissed)
    if not any(side in voice.sides for voice in mine):
        raise PermissionDenied(refusal(DecisionKind.DISMISSED if dismissed else DecisionKind.ACKNOWLEDGED))
    if decision is None or decision.taken_back_at or flag.resolved_at:
        messages.info(request, _("There is no decision to take back."))
        return redirect(links.flag(flag))
    form = TakeBackForm(kept.typed(request), initial={"decision": decision.pk})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["decision"] not in (None, decision.pk):
            messages.warning(request, _("Somebody decided anew meanwhile. This is the decision that stands now."))
            typed = request.POST.copy()
            typed["decision"] = str(decision.pk)
            form = TakeBackForm(typed)
        else:
            try:
                acts.take_back(by=request.user, flag=flag, decision=decision, reason=form.cleaned_data["reason"])
            except acts.ChangedError:
                messages.warning(request, _("Somebody decided anew meanwhile, so nothing was taken back."))
            except NotAllowedError as error:
                raise PermissionDenied(refusal(decision.kind)) from error
            else:
                messages.success(request, _("The decision is taken back, and the flag is open again."))
            return redirect(links.flag(flag))
    context = {
        "title": _("Take the decision back"),
        "caption": f"{flag.check_code}: {flag.check.title if flag.check else flag.check_code}",
        "flag": flag,
        "rows": [
            (_("Decision"), flag_steps.title_of(decision)),
            (_("By"), flag_steps.speaker(decision, named=True)),
            (_("In their words"), flag_steps.details(decision, named=True)),
        ],
        "form": form,
        "back": links.flag(flag),
    }
    return page(request, "flags/take_back.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request, fingerprint):
    """Say something about a flag, for everybody who can read it."""
    flag = flag_at(request.user, fingerprint)
    organisations = list(acts.speakers(acts.asking(request.user), flag))
    if not organisations and not permissions.is_administrator(request.user):
        raise PermissionDenied(_("Only editors and approvers of organisations with a part in this can comment."))
    form = CommentForm(kept.typed(request), organisations=organisations)
    if request.method == "POST" and form.is_valid():
        try:
            words = form.cleaned_data["words"]
            acts.comment(by=request.user, flag=flag, organisation=form.speaker(), words=words)
        except (RuleError, NotAllowedError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your comment stands with the flag."))
            return redirect(f"{links.flag(flag)}#comments")
    context = {
        "title": _("Comment on this flag"),
        "caption": f"{flag.check_code}: {flag.check.title if flag.check else flag.check_code}",
        "flag": flag,
        "form": form,
        "speaker": organisations[0].name if len(organisations) == 1 else "",
        "back": links.flag(flag),
    }
    return page(request, "flags/comment.html", context)
