"""The pages of the journey, one subject each. Each parses its form and calls one action."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from policies.actions import initiatives
from policies.actions.action import StaleVersionError
from policies.models import Capital, Outcome, Role, Sector
from policies.questions import proposals
from tracker.web.answers import measure_in_words
from tracker.web.forms import initiative as forms
from tracker.web.stepping import Step, to


class Words(Step):
    """What it says, and where that is written."""

    title = _("What it says")

    def make_form(self, data=None):
        names = ("title", "form", "summary", "source_title", "source_url", "source_quote", "version")
        initial = {name: getattr(self.initiative, name) for name in names}
        return forms.WordsForm(data, initial=initial, kind=self.initiative.kind)

    def save(self, form):
        data = dict(form.cleaned_data)
        return initiatives.edit(by=self.request.user, initiative=self.initiative, version=data.pop("version"), **data)


class Dates(Step):
    """When, and how much money."""

    title = _("Dates and money")

    def make_form(self, data=None):
        initial = forms.DatesForm.initial_from(self.initiative) | {"version": self.initiative.version}
        return forms.DatesForm(data, initial=initial, kind=self.initiative.kind)

    def save(self, form):
        return initiatives.edit(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            **form.fields_for_record(),
        )


class Part(Step):
    """A page that sets one of the record's lists."""

    part = ""

    def set_rows(self, form, rows):
        """Make the list what it should be."""
        return initiatives.set_parts(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            part=self.part,
            rows=rows,
        )


def proposed_for(initiative):
    """What the answers to the six plain questions propose."""
    return proposals(initiative.plain_answers.values_list("question", "option"))


class Capitals(Part):
    """Which of the four capitals it builds."""

    title = _("The four capitals")
    part = "capitals"

    def prepare(self):
        self.capitals = list(Capital.objects.all())
        self.links = list(self.initiative.capital_links.select_related("capital"))
        self.proposed = proposed_for(self.initiative)

    def make_form(self, data=None):
        main = next((link for link in self.links if link.weight == "primary"), None)
        initial = {
            "version": self.initiative.version,
            "primary": main.capital.code if main else None,
            "rationale": main.rationale if main else "",
            "secondary": [link.capital.code for link in self.links if link.weight == "secondary"],
        }
        if not self.links:
            found = self.proposed
            initial["primary"] = found.main
            initial["rationale"] = " ".join(str(reason) for reason in found.capitals.get(found.main, ()))
            initial["secondary"] = [code for code in found.capitals if code != found.main]
        return forms.CapitalsForm(data, initial=initial, capitals=self.capitals, proposed=self.proposed.capitals)

    def save(self, form):
        return self.set_rows(form, form.rows({capital.code: capital for capital in self.capitals}))


class Outcomes(Part):
    """Which outcomes it moves."""

    title = _("Health outcomes")
    part = "outcomes"

    def prepare(self):
        self.outcomes = list(Outcome.objects.all())
        links = self.initiative.outcome_links.filter(asserted_by=None).select_related("outcome")
        self.links = {link.outcome.code: link for link in links}
        self.proposed = proposed_for(self.initiative)

    def make_form(self, data=None):
        initial = {"version": self.initiative.version, "outcomes": list(self.links or self.proposed.outcomes)}
        return forms.OutcomesForm(data, initial=initial, outcomes=self.outcomes, proposed=self.proposed.outcomes)

    def save(self, form):
        chosen = form.cleaned_data["outcomes"]
        kept = [{"outcome": link.outcome} for code, link in self.links.items() if code in chosen]
        if len(kept) == len(self.links):
            return self.initiative
        return self.set_rows(form, kept)

    def after(self, form):
        """On to the first outcome that is new, the others waiting behind it."""
        new = [code for code in (form.cleaned_data["outcomes"] if form else ()) if code not in self.links]
        return _queue(self, new) if new else super().after(form)


def _queue(step, codes):
    address = to("outcome", step.initiative, code=codes[0])
    query = [f"then={','.join(codes[1:])}"] if codes[1:] else []
    query += ["from=check"] if step.from_check else []
    return f"{address}?{'&'.join(query)}" if query else address


class OneOutcome(Part):
    """What it does to one outcome."""

    part = "outcomes"
    template = "journey/outcome.html"

    def prepare(self):
        self.outcome = Outcome.objects.filter(code=self.more["code"]).first()
        if self.outcome is None:
            raise Http404
        links = self.initiative.outcome_links.filter(asserted_by=None).select_related("outcome")
        self.links = {link.outcome.code: link for link in links}
        self.title = self.outcome.name

    def make_form(self, data=None):
        initial = {"version": self.initiative.version}
        if link := self.links.get(self.outcome.code):
            initial |= {name: getattr(link, name) for name in ("direction", "mitigation", "horizon", "pathway")}
            initial["stated"] = "yes" if link.stated_in_text else "no"
        elif self.outcome.code in (found := proposed_for(self.initiative)).outcomes:
            initial |= {"stated": "no", "pathway": found.pathways.get(self.outcome.code, "")}
        return forms.OutcomeForm(data, initial=initial)

    def save(self, form):
        data = form.cleaned_data
        row = {
            "outcome": self.outcome,
            "direction": data["direction"],
            "mitigation": data["mitigation"],
            "horizon": data["horizon"],
            "pathway": data["pathway"],
            "stated_in_text": data["stated"] == "yes",
            "basis": "stated" if data["stated"] == "yes" else "judged",
        }
        others = [{"outcome": link.outcome} for code, link in self.links.items() if code != self.outcome.code]
        return self.set_rows(form, [*others, row])

    def after(self, form):
        """On to the next that waits, else on."""
        known = set(Outcome.objects.values_list("code", flat=True))
        waiting = [code for code in self.request.GET.get("then", "").split(",") if code in known]
        if form is not None and waiting:
            return _queue(self, waiting)
        return super().after(form)

    def context(self):
        return {"outcome": self.outcome}


class Listed(Part):
    """A page with rows, a form to add one, and a button at each to take it away."""

    template = "journey/list.html"
    button = _("Add")
    adding = ""
    nothing = ""

    def rows(self):
        """The rows as they stand: pairs of the row and its key values for the action."""
        raise NotImplementedError

    def describe(self, row):
        """A row in words, and whether it may be taken away."""
        raise NotImplementedError

    def post(self, request, **kwargs):
        """Take a row away, or add one."""
        number = request.POST.get("remove")
        if number is None:
            return super().post(request, **kwargs)
        form = forms.VersionForm(request.POST)
        kept = [values for row, values in self.rows() if str(row.pk) != number or not self.describe(row)[1]]
        if form.is_valid() and len(kept) < len(self.rows()):
            return self.save_rows(form, kept)
        return redirect(request.get_full_path())

    def save_rows(self, form, rows):
        """Save the list without the row; if somebody was faster, show the list as it is now."""
        try:
            self.set_rows(form, rows)
        except StaleVersionError:
            messages.warning(
                self.request,
                _("Somebody else changed this record, so nothing was removed. This is the list as it is now."),
            )
        return redirect(self.request.get_full_path())

    def save(self, form):
        return self.set_rows(form, [*(values for _row, values in self.rows()), self.new_row(form)])

    def new_row(self, form):
        """The row that the answers make."""
        raise NotImplementedError

    def after(self, form):
        """Stay, so that another can be added; the page's link leads on."""
        return self.request.get_full_path() if form is not None else super().after(form)

    def context(self):
        rows = [(row, *self.describe(row)) for row, _values in self.rows()]
        return {
            "rows": rows,
            "adding": self.adding,
            "nothing": self.nothing,
            "version": self.initiative.version,
            "onward": to("check" if self.from_check else "tasks", self.initiative),
        }


class Places(Listed):
    """Where it acts."""

    title = _("Places")
    part = "places"
    adding = _("Add a place")
    nothing = _("No places are recorded. If it is for the whole country, add England.")

    def rows(self):
        found = self.initiative.footprints.select_related("area").order_by("area__name", "pk")
        return [(footprint, {"area": footprint.area}) for footprint in found]

    def describe(self, row):
        return f"{row.area.name} ({row.area.get_kind_display()}, {row.area.gss_code})", True

    def make_form(self, data=None):
        return forms.PlaceForm(data, initial={"version": self.initiative.version}, user=self.request.user)

    def new_row(self, form):
        return {"area": form.cleaned_data["place"]}


class Roles(Listed):
    """Who has which part in it."""

    title = _("Who has a role")
    part = "roles"
    adding = _("Add an organisation")
    nothing = _("No roles are recorded.")

    def rows(self):
        found = self.initiative.responsibilities.select_related("organisation")
        return [
            (held, {"organisation": held.organisation, "role": held.role})
            for held in found.order_by("-depth", "organisation__name", "role")
        ]

    def describe(self, row):
        words = f"{row.organisation.name}: {row.get_role_display()} ({row.organisation.get_sector_display()})"
        words += f". {row.note}" if row.note else ""
        return words, row.role != Role.LEAD

    def make_form(self, data=None):
        return forms.RoleForm(data, initial={"version": self.initiative.version}, user=self.request.user)

    def new_row(self, form):
        data = form.cleaned_data
        return {"organisation": data["organisation"], "role": data["role"], "note": data["note"], "basis": "stated"}

    def context(self):
        present = {row.organisation.sector for row, _values in self.rows()}
        missing = [
            words
            for sector, words in (
                (Sector.LOCAL_GOVERNMENT, _("local government")),
                (Sector.NHS, _("the NHS")),
            )
            if sector not in present
        ]
        return super().context() | {"missing": missing}


class Measures(Listed):
    """How anybody will know that it worked."""

    title = _("Measures")
    part = "measures"
    adding = _("Add a measure")
    nothing = _("No measures are recorded.")

    def rows(self):
        found = self.initiative.measures.select_related("indicator").order_by("pk")
        return [(row, {"purpose": row.purpose, "indicator": row.indicator, "words": row.words}) for row in found]

    def describe(self, row):
        words = measure_in_words(row)
        return (f"{words} ({_('health')})" if row.is_health else words), True

    def make_form(self, data=None):
        return forms.MeasureForm(data, initial={"version": self.initiative.version}, user=self.request.user)

    def new_row(self, form):
        return form.row()
