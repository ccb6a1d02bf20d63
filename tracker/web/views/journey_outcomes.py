"""The pages about health outcomes: tick them first, then describe them one by one."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from policies.actions import outcomes as actions
from policies.models import Outcome
from policies.questions import proposals_for
from tracker.web.forms import initiative as forms
from tracker.web.stepping import Step, to


class _Outcomes(Step):
    def described(self):
        """The record's own links by the code of their outcome."""
        links = self.initiative.outcome_links.filter(asserted_by=None).select_related("outcome")
        return {link.outcome.code: link for link in links}

    def waiting(self):
        """Codes of the outcomes that are ticked and not described yet, in their order."""
        chosen = self.initiative.chosen_outcomes.order_by("outcome__position")
        return list(chosen.values_list("outcome__code", flat=True))


class Outcomes(_Outcomes):
    """Which outcomes it moves."""

    title = _("Health outcomes")
    template = "journey/outcomes.html"

    def prepare(self):
        self.outcomes = list(Outcome.objects.all())
        self.links, self.to_describe = self.described(), self.waiting()
        self.proposed = proposals_for(self.initiative).outcomes

    def make_form(self, data=None):
        ticked = [*self.links, *self.to_describe] or list(self.proposed)
        initial = {"version": self.initiative.version, "outcomes": ticked}
        return forms.OutcomesForm(data, initial=initial, outcomes=self.outcomes, proposed=self.proposed)

    def save(self, form):
        codes = form.cleaned_data["outcomes"]
        if set(codes) == {*self.links, *self.to_describe}:
            return self.initiative
        return actions.choose_outcomes(
            by=self.request.user,
            initiative=self.initiative,
            version=form.cleaned_data["version"],
            outcomes=[outcome for outcome in self.outcomes if outcome.code in codes],
        )

    def after(self, form):
        """On to the first outcome that is not described, the others waiting behind it."""
        ticked = form.cleaned_data["outcomes"] if form is not None else []
        left = set(self.waiting()) if ticked else set()
        waiting = [code for code in ticked if code in left]
        return _queue(self, waiting) if waiting else super().after(form)

    def context(self):
        shown = [outcome for outcome in self.outcomes if outcome.code in self.links]
        number = len(self.to_describe)
        return {
            "described": [(outcome, to("outcome", self.initiative, code=outcome.code)) for outcome in shown],
            "waiting": ngettext(
                "%(number)s of those that are ticked is still to be described. Continue to describe it.",
                "%(number)s of those that are ticked are still to be described. Continue to describe them.",
                number,
            )
            % {"number": number}
            if number
            else "",
        }


def _queue(step, codes):
    address = to("outcome", step.initiative, code=codes[0])
    query = [f"then={','.join(codes[1:])}"] if codes[1:] else []
    query += ["from=check"] if step.from_check else []
    return f"{address}?{'&'.join(query)}" if query else address


class OneOutcome(_Outcomes):
    """What it does to one outcome."""

    template = "journey/outcome.html"

    def prepare(self):
        self.outcome = Outcome.objects.filter(code=self.more["code"]).first()
        if self.outcome is None:
            raise Http404
        self.title = self.outcome.name

    def make_form(self, data=None):
        initial = {"version": self.initiative.version}
        if link := self.described().get(self.outcome.code):
            initial |= {name: getattr(link, name) for name in ("direction", "mitigation", "horizon", "pathway")}
            initial["stated"] = "yes" if link.stated_in_text else "no"
        elif self.outcome.code in (found := proposals_for(self.initiative)).outcomes:
            initial |= {"stated": "no", "pathway": found.pathways.get(self.outcome.code, "")}
        return forms.OutcomeForm(data, initial=initial)

    def save(self, form):
        data = form.cleaned_data
        return actions.describe_outcome(
            by=self.request.user,
            initiative=self.initiative,
            version=data["version"],
            outcome=self.outcome,
            direction=data["direction"],
            mitigation=data["mitigation"],
            horizon=data["horizon"],
            pathway=data["pathway"],
            stated_in_text=data["stated"] == "yes",
            basis="stated" if data["stated"] == "yes" else "judged",
        )

    def after(self, form):
        """On to the next that waits, else on."""
        known = set(Outcome.objects.values_list("code", flat=True))
        waiting = [code for code in self.request.GET.get("then", "").split(",") if code in known]
        if form is not None and waiting:
            return _queue(self, waiting)
        return super().after(form)

    def context(self):
        return {"outcome": self.outcome}
