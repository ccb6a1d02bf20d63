"""Organisations as administrators look after them: the list, one's page, adding, changing and ending."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies.actions import organisations
from policies.models import Membership, Organisation
from tracker.filters import OrganisationFilter
from tracker.watches import WatchKind
from tracker.web import waiting, watching
from tracker.web.administering import Administering, FormPage, crumbs, require_administrator, show
from tracker.web.forms import organisations as forms
from tracker.web.listing import Listing, tidied


@login_required
@never_cache
@require_safe
def listing(request):
    """Every organisation, with its filters."""
    require_administrator(request.user)
    if address := tidied(request):
        return redirect(address)
    found = Listing(request, OrganisationFilter, Organisation.objects.all(), api=reverse("api-organisation-list"))
    context = {
        "title": _("Organisations"),
        "breadcrumbs": crumbs(),
        "listing": found,
        "form": found.form,
        "rows": list(found.page.object_list.prefetch_related("successors")),
    }
    return show(request, "administration/organisations.html", context)


class OfOrganisation(Administering):
    """A page about one organisation."""

    def prepare(self, code):
        """The organisation of the address."""
        self.organisation = get_object_or_404(Organisation.objects.prefetch_related("aliases"), code=code)

    def back(self):
        """The organisation's page."""
        return reverse("organisation", kwargs={"code": self.organisation.code})


class Record(OfOrganisation):
    """What is on record of it, and what can be done."""

    def get(self, request, **_kwargs):
        """The page."""
        body = self.organisation
        acting = Membership.objects.filter(organisation=body).select_related("user").order_by("user__name")
        context = {
            "title": body.name,
            "caption": body.get_kind_display(),
            "watching": watching.offer(request.user, WatchKind.ORGANISATION, body.code, lineage=body.lineage),
            "breadcrumbs": crumbs((_("Organisations"), reverse("organisations"))),
            "organisation": body,
            "successors": list(body.successors.by_name()),
            "predecessors": list(body.predecessors.by_name()),
            "heirs": waiting.heirs(body) if body.has_ended else [],
            "waiting": waiting.roles(body).values("initiative").distinct().count() if body.has_ended else 0,
            "roles": body.responsibilities.count(),
            "acting": list(acting),
        }
        return show(request, "administration/organisation.html", context)


class OrganisationPage(OfOrganisation, FormPage):
    """A form about one organisation."""

    @property
    def caption(self):
        """The name above the heading."""
        return self.organisation.name


class Edit(OrganisationPage):
    """Name, abbreviation, other names, sector and dates."""

    title = gettext_lazy("Change the organisation")
    done = gettext_lazy("The organisation is saved.")

    def make_form(self, data=None):
        initial = forms.EditForm.initial_of(self.organisation, organisations.seen(self.organisation))
        return forms.EditForm(data, organisation=self.organisation, initial=initial)

    def save(self, form):
        organisations.edit_organisation(by=self.request.user, organisation=self.organisation, **form.values())

    def refused(self, form, error):
        """After somebody else's change: what was typed stays, and saving it again is then meant."""
        if not isinstance(error, organisations.ChangedMeanwhileError):
            return form
        again = self.request.POST.copy()
        again["seen"] = str(organisations.seen(self.organisation))
        form = self.make_form(again)
        form.add_error(None, str(error))
        return form

    def context(self):
        return {"organisation": self.organisation}


class Add(FormPage):
    """An organisation that is not on record."""

    title = gettext_lazy("Add an organisation")
    button = gettext_lazy("Add the organisation")
    done = gettext_lazy("The organisation is added.")

    def back(self):
        return reverse("organisations")

    def make_form(self, data=None):
        return forms.AddForm(data, user=self.request.user)

    def save(self, form):
        self.made = organisations.add_organisation(by=self.request.user, **form.values())

    def after(self):
        return reverse("organisation", kwargs={"code": self.made.code})


class End(OrganisationPage):
    """The day from which it is no more, why, and its successors."""

    title = gettext_lazy("End the organisation")
    template = "administration/end.html"
    button = gettext_lazy("End the organisation")
    warning = True
    done = gettext_lazy("The organisation has ended. Hand over what it held.")

    def make_form(self, data=None):
        return forms.EndForm(data, user=self.request.user)

    def save(self, form):
        organisations.end_organisation(
            by=self.request.user,
            organisation=self.organisation,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            successors=form.successors(),
        )

    def after(self):
        return reverse("hand_over", kwargs={"code": self.organisation.code})
