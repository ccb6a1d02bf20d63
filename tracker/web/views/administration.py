"""The start page of administration: what there is to look after, with how much of it waits."""

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies import permissions
from policies.models import Invitation, Organisation
from tracker.models import SeverityValue, ThresholdValue
from tracker.web import background, waiting
from tracker.web.administering import require_people, show
from tracker.web.page import trail


@login_required
@never_cache
@require_safe
def home(request):
    """For administrators all parts, for approvers the people of their organisations."""
    seen = require_people(request.user)
    parts = [_people(seen), _invitations(seen)]
    if permissions.is_administrator(request.user):
        parts += [_organisations(), _reassign(), _thresholds(), _severities(), _background()]
    return show(
        request, "administration/home.html", {"title": _("Administration"), "parts": parts, "breadcrumbs": trail()}
    )


def _part(name, title, hint, count):
    return {"href": reverse(name), "title": title, "hint": hint, "count": count}


def _people(seen):
    number = waiting.people(seen).count()
    words = ngettext("%(n)s person", "%(n)s people", number) % {"n": number}
    return _part("people", _("People"), _("Who may sign in, and what they may do"), words)


def _invitations(seen):
    open_now = Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
    number = (open_now if seen is None else open_now.filter(organisation__in=seen)).count()
    words = ngettext("%(n)s waits for an answer", "%(n)s wait for an answer", number) % {"n": number}
    return _part("invitations", _("Invitations"), _("Ask somebody to join by email"), words)


def _organisations():
    number = Organisation.objects.count()
    words = ngettext("%(n)s organisation", "%(n)s organisations", number) % {"n": number}
    return _part("organisations", _("Organisations"), _("Add, change or end one"), words)


def _reassign():
    number = len(waiting.bodies())
    words = ngettext("%(n)s ended organisation", "%(n)s ended organisations", number) % {"n": number}
    hint = _("Hand over the records of organisations that have ended")
    return _part("reassign", _("Records to hand over"), hint, words)


def _thresholds():
    number = ThresholdValue.objects.count()
    words = ngettext("%(n)s changed", "%(n)s changed", number) % {"n": number}
    return _part("thresholds", _("Thresholds of checks"), _("The numbers that checks go by"), words)


def _severities():
    number = SeverityValue.objects.count()
    words = ngettext("%(n)s changed", "%(n)s changed", number) % {"n": number}
    return _part("severities", _("Severities of checks"), _("How much the flags of a check matter"), words)


def _background():
    number = len(background.failed())
    words = ngettext("%(n)s failed", "%(n)s failed", number) % {"n": number}
    return _part("background", _("Background work"), _("What waits, runs and failed, and who is alive"), words)
