"""The answers of the journey, step by step: in words, and whether each step is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.models import Kind
from policies.questions import in_words
from tracker.web.display import date, money, period


@dataclass(frozen=True)
class Step:
    """One line of the task list, and one part of the answers. `rows` are pairs of a question and its answer."""

    title: str
    hint: str
    href: str
    rows: list
    done: bool
    begun: bool
    optional: bool = False

    @property
    def status(self):
        """The word of the task list."""
        if self.done:
            return _("Completed")
        if self.optional:
            return _("Optional")
        return _("In progress") if self.begun else _("Not started")


def steps(initiative):
    """Every step with its answers, in the order of the journey."""
    return [
        _words(initiative),
        _dates(initiative),
        _places(initiative),
        _questions(initiative),
        _capitals(initiative),
        _outcomes(initiative),
        _roles(initiative),
        _who(initiative),
        _measures(initiative),
    ]


def _step(initiative, name, title, hint, rows, *, done, begun=None, optional=False):
    href = reverse(f"journey_{name}", kwargs={"reference": initiative.reference})
    return Step(title, hint, href, rows, done, done if begun is None else begun, optional)


def _words(initiative):
    rows = [
        (_("Title"), initiative.title),
        (_("Under"), f"{initiative.parent.title} ({initiative.parent.reference})" if initiative.parent else ""),
        (_("Summary"), initiative.summary),
        (_("Source"), initiative.source_title),
        (_("Address of the source"), initiative.source_url),
        (_("Words of the source"), initiative.source_quote),
    ]
    done = bool(initiative.summary and initiative.source_title)
    hint = _("Summary, source and its words")
    return _step(initiative, "words", _("What it says"), hint, rows, done=done, begun=bool(initiative.title))


def _dates(initiative):
    names = [("due", _("Due"))] if initiative.kind == Kind.COMMITMENT else [("start", _("Start")), ("end", _("End"))]
    rows = []
    for name, words in names:
        when = getattr(initiative, f"{name}_date")
        rows.append((words, period(when, getattr(initiative, f"{name}_precision")) if when else ""))
    value = money(initiative.value_gbp) if initiative.value_gbp is not None else ""
    rows += [(_("Value"), value), (_("About the amount"), initiative.value_note)]
    begun = initiative.value_gbp is not None or any(answer for _words, answer in rows)
    done = bool(getattr(initiative, f"{names[0][0]}_date"))
    return _step(initiative, "dates", _("Dates and money"), _("When, and how much"), rows, done=done, begun=begun)


def _places(initiative):
    names = [footprint.area.name for footprint in initiative.footprints.select_related("area").order_by("area__name")]
    rows = [(_("Places"), ", ".join(names))]
    return _step(initiative, "places", _("Places"), _("Where it acts"), rows, done=bool(names))


def _questions(initiative):
    given = in_words(initiative.plain_answers.values_list("question", "option"))
    rows = [(question.label, "; ".join(str(words) for words in answers)) for question, answers in given.items()]
    hint = _("If you are not a health person: they propose what to link")
    shown = rows or [(_("Answers"), "")]
    return _step(initiative, "questions", _("Six plain questions"), hint, shown, done=bool(rows), optional=True)


def _capitals(initiative):
    links = list(initiative.capital_links.select_related("capital").order_by("capital__position"))
    main = [link for link in links if link.weight == "primary"]
    rows = [
        (_("Mainly builds"), ", ".join(link.capital.name for link in main)),
        (_("Adds to"), ", ".join(link.capital.name for link in links if link.weight == "secondary")),
        (_("Why"), main[0].rationale if main else ""),
    ]
    hint = _("What it builds: buildings, people, communities or nature")
    return _step(initiative, "capitals", _("The four capitals"), hint, rows, done=bool(main), begun=bool(links))


def _outcomes(initiative):
    links = initiative.outcome_links.filter(asserted_by=None).select_related("outcome").order_by("outcome__position")
    rows = [
        (
            link.outcome.name,
            ". ".join(
                part.rstrip(".")
                for part in (
                    f"{link.get_direction_display()}, {link.get_horizon_display().lower()}",
                    _("Stated in its own text") if link.stated_in_text else _("Not stated in its own text"),
                    link.pathway,
                    link.mitigation,
                )
                if part
            ),
        )
        for link in links
    ]
    hint = _("What it should change for health, and which way")
    shown = rows or [(_("Outcomes"), "")]
    return _step(initiative, "outcomes", _("Health outcomes"), hint, shown, done=bool(rows))


def _roles(initiative):
    held = initiative.responsibilities.select_related("organisation").order_by("-depth", "organisation__name", "role")
    rows = [
        (role.get_role_display(), f"{role.organisation.name}. {role.note}" if role.note else role.organisation.name)
        for role in held
    ]
    hint = _("Departments, councils, NHS bodies and others")
    shown = rows or [(_("Roles"), "")]
    return _step(initiative, "roles", _("Who has a role"), hint, shown, done=len(rows) > 1, begun=bool(rows))


def _who(initiative):
    asked = initiative.responsibilities.exclude(invitation="").select_related("organisation")
    rows = [
        (role.organisation.name, f"{role.get_role_display()}. {role.get_answer_display()}")
        for role in asked.order_by("organisation__name", "role")
    ]
    hint = _("Councils and NHS bodies that hold the powers, and invitations to them")
    shown = rows or [(_("Invitations"), "")]
    return _step(initiative, "who", _("Who should be in this?"), hint, shown, done=bool(rows), optional=True)


def measure_in_words(measure):
    """A measure with its target and date: "Smoking prevalence, target 5 % by 31 March 2029"."""
    words = measure.words or measure.indicator.name
    if measure.target_value is not None:
        words += f", {_('target')} {measure.target_value.normalize():f} {measure.unit}".rstrip()
    if measure.target_date:
        words += " " + _("by %(date)s") % {"date": date(measure.target_date)}
    return words


def _measures(initiative):
    found = initiative.measures.select_related("indicator").order_by("pk")
    rows = [
        (
            _("Measure of health") if measure.is_health else _("Measure"),
            measure_in_words(measure),
        )
        for measure in found
    ]
    hint = _("How anybody will know that it worked")
    return _step(initiative, "measures", _("Measures"), hint, rows or [(_("Measures"), "")], done=bool(rows))
