"""The answers of the journey, step by step: in words, and whether each step is done."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from policies.models import Form, Initiative, Kind, Purpose
from policies.questions import in_words
from tracker.web import money
from tracker.web.display import date, money_exact, number, period
from tracker.web.display import money as short_money

MOST_SHOWN = 10


@dataclass(frozen=True)
class Step:
    """One line of the task list, and one part of the answers. `rows` are pairs of a question and its answer.

    `so_far` says how much of a part that is begun is there. An optional part may stay empty for good.
    """

    title: str
    hint: str
    href: str
    rows: list
    done: bool
    begun: bool
    optional: bool = False
    so_far: str = ""

    @property
    def status(self):
        """The word of the task list."""
        if self.done:
            return _("Completed")
        if self.begun:
            return _("In progress: %(so_far)s") % {"so_far": self.so_far} if self.so_far else _("In progress")
        return _("Optional") if self.optional else _("Not started")


def steps(initiative, user=None, *, whole=False):
    """Every step with its answers, in the order of the journey; what only one kind has is asked of that kind.

    Other records are named only where the user can see them; without a user, where everybody can. `whole` lists
    even what is long.
    """
    readable = Initiative.objects.visible_to(user)
    return [
        _words(initiative),
        _parent(initiative, readable),
        _dates(initiative),
        _places(initiative),
        _questions(initiative),
        _capitals(initiative),
        _outcomes(initiative),
        _roles(initiative),
        *([_criteria(initiative), _allocations(initiative, whole)] if money.hands_out(initiative) else []),
        _who(initiative),
        _measures(initiative),
        _dependencies(initiative, readable),
        *([_below(initiative, readable)] if initiative.kind == Kind.POLICY else []),
    ]


def counted(found):
    """How many parts are completed, of how many; optional ones are not waited for, so they do not count."""
    needed = [step for step in found if not step.optional]
    return {"done": sum(step.done for step in needed), "all": len(needed)}


def next_under(initiative, user):
    """The policy above a commitment, if it is one that the user can see: the next commitment goes under it too."""
    if initiative.kind != Kind.COMMITMENT or initiative.parent_id is None:
        return None
    return Initiative.objects.visible_to(user).filter(pk=initiative.parent_id).first()


def _step(initiative, name, title, hint, rows, *, done, begun=None, **more):
    href = reverse(f"journey_{name}", kwargs={"reference": initiative.reference})
    return Step(title, hint, href, rows, done, done if begun is None else begun, **more)


def _words(initiative):
    rows = [
        (_("Title"), initiative.title),
        *([] if initiative.kind == Kind.COMMITMENT else [(_("What it is"), initiative.get_form_display())]),
        (_("Summary"), initiative.summary),
        (_("Source"), initiative.source_title),
        (_("Address of the source"), initiative.source_url),
        (_("Words of the source"), initiative.source_quote),
    ]
    done = bool(initiative.summary and initiative.source_title)
    hint = _("Summary, source and its words")
    return _step(initiative, "words", _("What it says"), hint, rows, done=done, begun=bool(initiative.title))


UNSEEN = gettext_lazy("A record that you cannot see")


def _named(record, readable):
    return f"{record.title} ({record.reference})" if record in readable else str(UNSEEN)


def _parent(initiative, readable):
    parent = initiative.parent
    rows = [(_("Under"), _named(parent, readable.filter(pk=parent.pk)) if parent else "")]
    hint = {
        Kind.POLICY: _("The larger policy that it is a part of, if there is one"),
        Kind.COMMITMENT: _("The policy that it is under, if there is one"),
        Kind.PARTNERSHIP: _("The policy or partnership that it is under, if there is one"),
    }[initiative.kind]
    return _step(initiative, "parent", _("Where it belongs"), hint, rows, done=parent is not None, optional=True)


def _dates(initiative):
    names = {
        Kind.POLICY: [("start", _("Start")), ("end", _("End"))],
        Kind.COMMITMENT: [("due", _("Due"))],
        Kind.PARTNERSHIP: [("start", _("Agreed")), ("end", _("End"))],
    }[initiative.kind]
    rows = []
    for name, words in names:
        when = getattr(initiative, f"{name}_date")
        rows.append((words, period(when, getattr(initiative, f"{name}_precision")) if when else ""))
    if initiative.kind == Kind.PARTNERSHIP:
        scope = {True: _("Yes"), False: _("No"), None: ""}[initiative.health_in_scope]
        review = date(initiative.review_date) if initiative.review_date else ""
        rows += [(_("To be reviewed"), review), (_("Health in scope"), scope)]
    value = short_money(initiative.value_gbp) if initiative.value_gbp is not None else ""
    if value and initiative.price_year:
        value = _("%(value)s in %(year)s prices") % {"value": value, "year": initiative.price_year}
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
    waiting = list(initiative.chosen_outcomes.values_list("outcome__name", flat=True).order_by("outcome__position"))
    if not waiting:
        return _step(initiative, "outcomes", _("Health outcomes"), hint, shown, done=bool(rows))
    shown = [*rows, (_("Ticked, not described yet"), ", ".join(waiting))]
    so_far = _("%(done)s of %(all)s described") % {"done": len(rows), "all": len(rows) + len(waiting)}
    return _step(initiative, "outcomes", _("Health outcomes"), hint, shown, done=False, begun=True, so_far=so_far)


def _roles(initiative):
    held = initiative.responsibilities.select_related("organisation").order_by("-depth", "organisation__name", "role")
    rows = [
        (role.get_role_display(), f"{role.organisation.name}. {role.note}" if role.note else role.organisation.name)
        for role in held
    ]
    hint = _("Departments, councils, NHS bodies and others")
    title = _("Who is in it") if initiative.kind == Kind.PARTNERSHIP else _("Who has a role")
    shown = rows or [(_("Roles"), "")]
    return _step(initiative, "roles", title, hint, shown, done=len(rows) > 1, begun=bool(rows))


def _criteria(initiative):
    groups = money.weights(initiative.criteria.order_by("round", "stage", "pk"))
    rows = []
    for group in groups:
        said = [_criterion_in_words(row) for row in group.rows]
        rows.append((f"{group.round}, {group.stage.lower()}", "; ".join(said) + f". {group.health_in_words}."))
    warned = [group.sum_in_words for group in groups if group.warning]
    so_far = _("weights add up to %(sum)s") % {"sum": warned[0]} if warned else ""
    return _step(
        initiative, "criteria", _("Fund criteria"), _("By what rules the money is handed out"),
        rows or [(_("Criteria"), "")], done=bool(rows) and not warned, begun=bool(rows), so_far=so_far,
        optional=initiative.form != Form.FUND,
    )  # fmt: skip


def _criterion_in_words(row):
    weight = f" {number(row.weight_percent)}%" if row.weight_percent is not None else ""
    return row.criterion + weight


def _allocations(initiative, whole):
    found = money.allocated(initiative)
    said, warning = money.allocated_in_words(initiative, found)
    largest = initiative.allocations.select_related("area").order_by("-amount_gbp", "pk")
    largest = largest[: None if whole else MOST_SHOWN] if found["number"] else []
    rows = [
        (", ".join(filter(None, [row.area.name, row.round, row.project])), money_exact(row.amount_gbp))
        for row in largest
    ]
    if (more := found["number"] - len(rows)) > 0:
        words = ngettext("%(more)s more place", "%(more)s more places", more) % {"more": more}
        rows.append((_("And"), words))
    return _step(
        initiative, "allocations", _("Allocations"), _("Where the money goes, place by place"),
        [(_("In all"), said if rows else ""), *rows], done=bool(rows) and not warning, begun=bool(rows),
        so_far=_("more than the value") if warning else "", optional=True,
    )  # fmt: skip


def _who(initiative):
    asked = initiative.responsibilities.exclude(invitation="").select_related("organisation")
    rows = [(role.organisation.name, role.get_role_display()) for role in asked.order_by("organisation__name", "role")]
    hint = _("Councils and NHS bodies that hold the powers, and invitations to them")
    shown = rows or [(_("Invitations"), "")]
    return _step(initiative, "who", _("Who should be in this?"), hint, shown, done=bool(rows), optional=True)


def measure_in_words(measure):
    """A measure with its target and date: "Smoking prevalence, from 12.5, target 5 % by 31 March 2029"."""
    words = measure.words or measure.indicator.name
    if measure.baseline_value is not None:
        words += ", " + _("from %(value)s") % {"value": number(measure.baseline_value)}
        if measure.baseline_date:
            words += " " + _("on %(date)s") % {"date": date(measure.baseline_date)}
    if measure.target_value is not None:
        words += f", {_('target')} {measure.target_value.normalize():f} {measure.unit}".rstrip()
    if measure.target_date:
        words += " " + _("by %(date)s") % {"date": date(measure.target_date)}
    return words


def _measures(initiative):
    found = initiative.measures.select_related("indicator").order_by("pk")
    rows = [(_kind_of(measure), measure_in_words(measure)) for measure in found]
    hint = _("How anybody will know that it worked")
    shown = rows or [(_("Measures"), "")]
    return _step(initiative, "measures", _("Measures"), hint, shown, done=bool(rows))


def _kind_of(measure):
    kind = _("Measure of health") if measure.is_health else _("Measure")
    return f"{kind}, {measure.get_purpose_display().lower()}" if measure.purpose != Purpose.PROGRESS else kind


def _dependencies(initiative, readable):
    needs = list(initiative.dependencies.select_related("depends_on").order_by("depends_on__title", "pk"))
    seen = set(readable.filter(pk__in=[row.depends_on_id for row in needs]))
    rows = [(_("Needs"), _named(row.depends_on, seen) + (f". {row.note}" if row.note else "")) for row in needs]
    needed = readable.filter(dependencies__depends_on=initiative.revises_id or initiative.pk).order_by("title", "pk")
    rows += [
        (_("Is needed by"), f"{title} ({reference})") for title, reference in needed.values_list("title", "reference")
    ]
    hint = _("What must come first, and what waits for it")
    shown = rows or [(_("Needs"), "")]
    return _step(initiative, "dependencies", _("Dependencies"), hint, shown, done=bool(rows), optional=True)


def _below(initiative, readable):
    found = (
        readable.filter(parent=initiative.revises_id or initiative.pk, kind=Kind.COMMITMENT)
        .order_by("pk")
        .values_list("title", "reference")
    )
    rows = [(reference, title) for title, reference in found]
    hint = _("What it promises; each gets a draft of its own")
    shown = rows or [(_("Commitments"), "")]
    return _step(initiative, "below", _("Commitments"), hint, shown, done=bool(rows), optional=True)
