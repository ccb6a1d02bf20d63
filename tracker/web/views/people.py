"""People: who may sign in, what they may do for which organisation, and who is an administrator."""

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policies import permissions
from policies.actions import people
from policies.models import Membership, Organisation
from tracker.filters import PeopleFilter
from tracker.web import waiting
from tracker.web.administering import Administering, FormPage, crumbs, require_people, show
from tracker.web.forms import people as forms
from tracker.web.listing import Listing, tidied


def memberships(seen):
    """What a list shows of each person's memberships: those of the organisations that the user may see."""
    rows = Membership.objects.select_related("organisation").order_by("organisation__name")
    return Prefetch("memberships", rows if seen is None else rows.filter(organisation__in=seen), to_attr="acts_for")


@login_required
@never_cache
@require_safe
def listing(request):
    """Everybody; for approvers, the people of their organisations."""
    seen = require_people(request.user)
    if address := tidied(request):
        return redirect(address)
    found = Listing(request, PeopleFilter, waiting.people(seen))
    context = {
        "title": _("People"),
        "breadcrumbs": crumbs(),
        "listing": found,
        "form": found.form,
        "rows": list(found.page.object_list.prefetch_related(memberships(seen))),
        "whole": permissions.is_administrator(request.user),
    }
    return show(request, "administration/people.html", context)


class OfPerson(Administering):
    """A page about one person."""

    def prepare(self, pk, **_more):
        """The person; the account that stands for files has no page."""
        self.person = get_object_or_404(waiting.people(None).prefetch_related(memberships(None)), pk=pk)

    def back(self):
        """The person's page."""
        return reverse("person", kwargs={"pk": self.person.pk})


class Person(OfPerson):
    """What is on record of a person, and what can be done."""

    def get(self, request, **_kwargs):
        """The page."""
        context = {
            "title": self.person.name,
            "breadcrumbs": crumbs((_("People"), reverse("people"))),
            "person": self.person,
            "is_me": self.person.pk == request.user.pk,
        }
        return show(request, "administration/person.html", context)


class PersonForm(OfPerson, FormPage):
    """A form about one person."""

    @property
    def caption(self):
        """The name above the heading."""
        return self.person.name


class Details(PersonForm):
    """Name and email address."""

    title = gettext_lazy("Change name and email address")
    done = gettext_lazy("The name and email address are saved.")

    def make_form(self, data=None):
        return forms.DetailsForm(data, initial={"name": self.person.name, "email": self.person.email})

    def save(self, form):
        people.change_person(by=self.request.user, person=self.person, **form.cleaned_data)


class AddMembership(PersonForm):
    """Another organisation for which the person acts."""

    title = gettext_lazy("Add an organisation")
    done = gettext_lazy("The organisation is added.")

    def make_form(self, data=None):
        return forms.MembershipForm(data, user=self.request.user)

    def save(self, form):
        people.put_membership(by=self.request.user, person=self.person, **form.cleaned_values())


class ChangeMembership(PersonForm):
    """Another role, or none any more."""

    done = gettext_lazy("The role is saved.")

    def prepare(self, pk, code):
        super().prepare(pk)
        self.organisation = get_object_or_404(Organisation, code=code)
        self.membership = next((m for m in self.person.acts_for if m.organisation_id == self.organisation.pk), None)
        if self.membership is None:
            raise Http404

    @property
    def title(self):
        """The question."""
        return _("What may they do for %(name)s?") % {"name": self.organisation.name}

    def make_form(self, data=None):
        return forms.RoleForm(data, initial={"role": self.membership.role})

    def save(self, form):
        told = {"by": self.request.user, "person": self.person, "organisation": self.organisation}
        if form.cleaned_data["role"] == forms.NONE:
            people.end_membership(**told)
        else:
            people.put_membership(role=form.cleaned_data["role"], **told)


class Access(PersonForm):
    """Switch the account on or off."""

    template = "administration/access.html"
    done = gettext_lazy("The account is changed.")

    @property
    def warning(self):
        """The colour of the button."""
        return self.person.is_active

    @property
    def title(self):
        """What the button does."""
        return _("Switch the account off") if self.person.is_active else _("Switch the account on")

    button = title

    def make_form(self, data=None):
        return forms.WantedForm(data, initial={"wanted": "no" if self.person.is_active else "yes"})

    def save(self, form):
        people.set_active(by=self.request.user, person=self.person, active=form.cleaned_data["wanted"] == "yes")

    def context(self):
        return {"person": self.person}


class Administrator(PersonForm):
    """Make the person an administrator, or no longer one."""

    template = "administration/administrator.html"
    done = gettext_lazy("The right is changed.")

    @property
    def warning(self):
        """The colour of the button."""
        return True

    @property
    def title(self):
        """What the button does."""
        return _("Stop being an administrator") if self.person.is_administrator else _("Make administrator")

    button = title

    def make_form(self, data=None):
        return forms.WantedForm(data, initial={"wanted": "no" if self.person.is_administrator else "yes"})

    def save(self, form):
        wanted = form.cleaned_data["wanted"] == "yes"
        people.set_administrator(by=self.request.user, person=self.person, administrator=wanted)

    def context(self):
        return {"person": self.person}
