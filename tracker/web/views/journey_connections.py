"""The pages that connect a record with others: what it is under, what is under it, what needs what."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies import permissions
from policies.actions import initiatives
from policies.actions.action import RuleError, StaleVersionError
from policies.models import WRITABLE, Dependency, Form, Initiative, Kind
from tracker.web import links
from tracker.web.forms import connections as forms
from tracker.web.forms.initiative import VersionForm
from tracker.web.leads import leads_for
from tracker.web.listed import Listed
from tracker.web.stepping import Step, lead_of, to


class Parent(Step):
    """Which policy or partnership it is under."""

    title = gettext_lazy("Where it belongs")
    template = "journey/parent.html"

    def prepare(self):
        """A parent that the user cannot see is not named, and not taken away by an empty answer."""
        parent = self.initiative.parent
        seen = parent and Initiative.objects.visible_to(self.request.user).filter(pk=parent.pk).exists()
        self.named, self.hidden = (parent, None) if seen else (None, parent)

    def make_form(self, data=None):
        initial = {
            "version": self.initiative.version,
            "parent": f"{self.named.reference} {self.named.title}" if self.named else "",
        }
        return forms.ParentForm(data, initial=initial, kind=self.initiative.kind, user=self.request.user)

    def save(self, form):
        return initiatives.edit(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            parent=form.cleaned_data["parent"] or self.hidden,
        )

    def context(self):
        return {"hidden": self.hidden is not None}


class Below(Listed):
    """The promises of a policy, put down one after the other; each gets a draft of its own."""

    title = gettext_lazy("Commitments")
    template = "journey/below.html"
    button = gettext_lazy("Add this commitment")
    adding = gettext_lazy("Add its next commitment")
    nothing = gettext_lazy("No commitments are recorded under it.")

    # A promise is a record of its own: the policy's words stay as they are, whether it is public or not.
    changes_words = False

    def prepare(self):
        if self.initiative.kind != Kind.POLICY:
            raise Http404
        self.lead, self.policy = lead_of(self.initiative), self.initiative.revises or self.initiative

    def found(self):
        """What stands under it and the user can see."""
        visible = Initiative.objects.visible_to(self.request.user).filter(kind=Kind.COMMITMENT)
        return visible.filter(parent=self.policy).order_by("pk")

    def rows(self):
        return [(row, {}) for row in self.found()]

    def describe(self, row):
        return row.title, False

    def make_form(self, data=None):
        leads = None if self.lead else leads_for(self.request.user)
        initial = {"version": self.initiative.version}
        return forms.BelowForm(data, initial=initial, leads=leads, user=self.request.user)

    def post(self, request, **kwargs):
        """Only adds: a commitment is discarded or withdrawn on pages of its own."""
        return Step.post(self, request, **kwargs)

    def save(self, form):
        policy = self.policy
        initiatives.create(
            by=self.request.user,
            kind=Kind.COMMITMENT,
            form=Form.COMMITMENT,
            lead=self.lead or form.cleaned_data["lead"],
            parent=policy,
            source_title=policy.source_title,
            source_url=policy.source_url,
            **form.fields_for_record(),
        )
        return self.initiative

    def context(self):
        rows = list(self.found().prefetch_related("responsibilities"))
        mine = permissions.editable_among(self.request.user, rows)
        own = [
            (row, to("tasks", row), _("Change")) if row.pk in mine else (row, links.record(row), _("View"))
            for row in rows
        ]
        return super().context() | {"own": own, "lead": self.lead}


class Dependencies(Listed):
    """What it needs, and what needs it."""

    title = gettext_lazy("Dependencies")
    part = "dependencies"
    adding = gettext_lazy("Add a dependency")
    nothing = gettext_lazy("No dependencies are recorded.")

    @property
    def record(self):
        """The record that others need: of a revision, the one that it revises."""
        return self.initiative.revises or self.initiative

    def rows(self):
        """What it needs comes first; what needs it is a row of the other record."""
        visible = Initiative.objects.visible_to(self.request.user)
        needs = self.initiative.dependencies.filter(depends_on__in=visible)
        needed = Dependency.objects.filter(depends_on=self.record, initiative__in=visible)
        found = [
            *needs.select_related("depends_on").order_by("depends_on__title", "pk"),
            *needed.select_related("initiative", "depends_on").order_by("initiative__title", "pk"),
        ]
        self.writable = self.writable_among([row.initiative_id for row in found])
        return [(row, {"depends_on": row.depends_on}) for row in found]

    def writable_among(self, ids):
        """Those of the records that the user may change."""
        others = Initiative.objects.filter(pk__in=set(ids) - {self.initiative.pk}, status__in=WRITABLE)
        return permissions.editable_among(self.request.user, others.prefetch_related("responsibilities"))

    def describe(self, row):
        mine = row.initiative_id == self.initiative.pk
        other = row.depends_on if mine else row.initiative
        words = _("Needs: %(other)s") if mine else _("Is needed by: %(other)s")
        words %= {"other": f"{other.title} ({other.reference})"}
        return (f"{words}. {row.note}" if row.note else words), mine or other.pk in self.writable

    def make_form(self, data=None):
        initial = {"version": self.initiative.version}
        return forms.DependencyForm(data, initial=initial, initiative=self.initiative, user=self.request.user)

    def post(self, request, **kwargs):
        """Take a row away from the record that it belongs to, or add one."""
        number = request.POST.get("remove")
        if number is None:
            return Step.post(self, request, **kwargs)
        form, row = VersionForm(request.POST), next((r for r, _v in self.rows() if str(r.pk) == number), None)
        if row is not None and form.is_valid() and self.describe(row)[1]:
            try:
                self.put(form, row.initiative, [each for each in self.needs_of(row.initiative) if each != row])
            except StaleVersionError:
                self.warn()
            except RuleError as error:
                messages.warning(request, str(error))
        return redirect(request.get_full_path())

    @staticmethod
    def needs_of(initiative):
        """The rows of what a record needs, those that the user cannot see included: they stay."""
        return list(initiative.dependencies.select_related("depends_on"))

    def put(self, form, initiative, rows, added=()):
        """Set what a record needs; the version is the page's for its own record, else as it stands now."""
        mine = initiative.pk == self.initiative.pk
        return initiatives.set_parts(
            by=self.request.user,
            initiative=initiative,
            version=form.cleaned_data["version"] if mine else initiative.version,
            part=self.part,
            rows=[*({"depends_on": row.depends_on} for row in rows), *added],
        )

    def save(self, form):
        data = form.cleaned_data
        needing, needed = self.initiative, data["other"]
        if data["direction"] == forms.NEEDED_BY:
            needing, needed = data["other"], self.record
        saved = self.put(form, needing, self.needs_of(needing), [{"depends_on": needed, "note": data["note"]}])
        return saved if needing.pk == self.initiative.pk else self.initiative
