"""What organisations that have ended still hold, and handing it over to their successors."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.actions import succession
from policies.models import Initiative, Membership, Organisation, User
from tracker.web import waiting
from tracker.web.administering import FormPage, crumbs, require_administrator, show
from tracker.web.forms import organisations as forms

MOST = 200


@login_required
@never_cache
@require_safe
def queue(request):
    """Every ended organisation with what it still holds."""
    require_administrator(request.user)
    context = {"title": _("Records to hand over"), "breadcrumbs": crumbs(), "bodies": waiting.bodies()}
    return show(request, "administration/reassign.html", context)


class OfEnded(FormPage):
    """A form about one ended organisation."""

    def prepare(self, code):
        """The organisation of the address; one that exists has nothing to hand over."""
        self.organisation = get_object_or_404(Organisation, code=code)
        if not self.organisation.has_ended:
            raise Http404
        self.heirs = waiting.heirs(self.organisation)

    @property
    def caption(self):
        """The name above the heading."""
        return self.organisation.name

    def back(self):
        return reverse("reassign")


class HandOver(OfEnded):
    """Hand over its roles, all or some."""

    title = gettext_lazy("Hand over its records")
    template = "administration/hand_over.html"
    button = gettext_lazy("Hand over")

    def prepare(self, code):
        super().prepare(code)
        self.records = waiting.records(self.organisation, self.request.user)
        self.acting = Membership.objects.filter(organisation=self.organisation).count()

    def make_form(self, data=None):
        initial = {"on": self.organisation.active_to}
        return forms.HandOverForm(
            data,
            heirs=self.heirs,
            records=self.records[:MOST],
            total=len(self.records),
            initial=initial,
            user=self.request.user,
        )

    def save(self, form):
        given = form.cleaned_data
        picked = self.records
        if given["which"] == forms.CHOSEN:
            picked = Initiative.objects.filter(pk__in=given["records"])
        number = succession.hand_over(
            by=self.request.user,
            organisation=self.organisation,
            successor=form.chosen(),
            on=given["on"],
            records=picked,
        )
        words = ngettext("%(n)s role is handed over to %(name)s.", "%(n)s roles are handed over to %(name)s.", number)
        messages.success(self.request, words % {"n": number, "name": form.chosen().name})

    def after(self):
        return reverse("hand_over", kwargs={"code": self.organisation.code})

    def context(self):
        return {
            "organisation": self.organisation,
            "heirs": self.heirs,
            "records": self.records,
            "acting": self.acting,
        }


class MoveMembers(OfEnded):
    """Let its people act for the successor."""

    title = gettext_lazy("Move its people to the successor")
    button = gettext_lazy("Move them")

    def prepare(self, code):
        super().prepare(code)
        acting = Membership.objects.filter(organisation=self.organisation).select_related("user")
        self.memberships = list(acting.order_by("user__name"))
        if not self.memberships:
            raise Http404

    def back(self):
        return reverse("hand_over", kwargs={"code": self.organisation.code})

    def make_form(self, data=None):
        return forms.MoveForm(data, heirs=self.heirs, memberships=self.memberships, user=self.request.user)

    def save(self, form):
        number = succession.move_members(
            by=self.request.user,
            organisation=self.organisation,
            successor=form.chosen(),
            people=User.objects.filter(pk__in=form.cleaned_data["people"]),
        )
        words = ngettext("%(n)s person acts for %(name)s now.", "%(n)s people act for %(name)s now.", number)
        messages.success(self.request, words % {"n": number, "name": form.chosen().name})
