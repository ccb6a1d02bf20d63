"""Two pages of the journey: six plain questions before the links, and who should be in it after the roles."""

from django.contrib import messages
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from policies.bodies import proposed
from policies.models import Domain, Membership
from policies.questions import QUESTIONS, proposals
from tracker.web import invitations, links
from tracker.web.forms import who as forms
from tracker.web.listed import Part
from tracker.web.stepping import lead_of, to


class Questions(Part):
    """What somebody who is not a health person can say of it."""

    title = _("Six plain questions")
    template = "journey/questions.html"
    part = "questions"

    def prepare(self):
        self.given = list(self.initiative.plain_answers.values_list("question", "option"))

    def make_form(self, data=None):
        initial = {
            question.value: [option for asked, option in self.given if asked == question.value]
            for question in QUESTIONS
        }
        return forms.QuestionsForm(data, initial=initial | {"version": self.initiative.version})

    def save(self, form):
        rows = form.rows()
        found = proposals([(row["question"], row["option"]) for row in rows])
        saved = self.set_rows(form, rows)
        messages.info(self.request, _what_is_proposed(found))
        return saved

    def after(self, form):
        """On to the first page whose answers are proposed; back to the task list where nothing is left to propose."""
        if form is None or self.from_check:
            return super().after(form)
        for name, present in (("capitals", "capital_links"), ("outcomes", "outcome_links")):
            if not getattr(self.initiative, present).exists():
                return to(name, self.initiative)
        return super().after(form)


def _what_is_proposed(found):
    if not found.capitals and not found.outcomes:
        return gettext("Your answers propose nothing. Select the capitals and outcomes yourself.")
    capitals = ngettext("%(n)s capital", "%(n)s capitals", len(found.capitals)) % {"n": len(found.capitals)}
    outcomes = ngettext("%(n)s outcome", "%(n)s outcomes", len(found.outcomes)) % {"n": len(found.outcomes)}
    return gettext(
        "Your answers propose %(capitals)s and %(outcomes)s. They are marked on the pages for capitals and outcomes."
        " Nothing is linked until you save those."
    ) % {"capitals": capitals, "outcomes": outcomes}


class Who(Part):
    """Which bodies hold the powers that it needs, and the letters that ask them."""

    title = _("Who should be in this?")
    template = "journey/who.html"
    button = _("Add them and keep the invitations")
    part = "roles"

    def prepare(self):
        self.held = list(
            self.initiative.responsibilities.select_related("organisation").order_by("organisation__name", "role")
        )
        self.found = proposed(self.initiative)
        self.places = [footprint.area for footprint in self.initiative.footprints.select_related("area")]
        lead = lead_of(self.initiative)
        self.offers = [
            (
                each.organisation,
                each.organisation.name,
                invitations.reason(each, self.places),
                invitations.letter(each, self.initiative.revises or self.initiative, lead, self.places),
            )
            for each in self.found.proposals
            if not each.held
        ]

    def make_form(self, data=None):
        return forms.WhoForm(data, initial={"version": self.initiative.version}, offers=self.offers)

    def save(self, form):
        notes = {each.organisation.code: invitations.note(each) for each in self.found.proposals}
        kept = [{"organisation": role.organisation, "role": role.role} for role in self.held]
        saved = self.set_rows(form, kept + form.rows(notes))
        messages.success(self.request, gettext("The roles and invitations are kept."))
        return saved

    def after(self, form):
        """Stay, so that the letters can be read and sent."""
        return self.request.get_full_path() if form is not None else super().after(form)

    def context(self):
        public = self.initiative.revises or self.initiative
        address = self.request.build_absolute_uri(links.record(public))
        invited = [role for role in self.held if role.invitation]
        here = Membership.objects.filter(organisation__in=[role.organisation_id for role in invited])
        here = set(here.values_list("organisation", flat=True))
        for role in invited:
            role.initiative = public
        return {
            "found": self.found,
            "offers": self.offers,
            "bearing": [(Domain(domain).label, ", ".join(why)) for domain, why in self.found.bearing.items()],
            "present": [
                (each.organisation, [role.get_role_display() for role in each.held])
                for each in self.found.proposals
                if each.held
            ],
            "invited": [
                {
                    "role": role,
                    "letter": invitations.whole_letter(role, address),
                    "mail": invitations.mail(role, address),
                    "is_here": role.organisation_id in here,
                }
                for role in invited
            ],
            "onward": to("check" if self.from_check else "tasks", self.initiative),
        }
