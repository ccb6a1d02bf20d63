"""OUT: do initiatives say which health outcomes they move, and which way?"""

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Coalesce, Concat, Lower, Substr

from policies.models import Basis, Direction, Gap, Horizon, OutcomeLink, Status
from tracker.checks import facts
from tracker.checks.base import NOTHING, Check, register
from tracker.checks.wording import choice, counted, outcome_names, proof, sentence
from tracker.models import Severity

LINK_COLUMNS = {
    "Outcome": F("outcome__name"),
    "Direction": choice("direction", Direction),
    "Horizon": choice("horizon", Horizon),
    "How it works": F("pathway"),
    "Basis": choice("basis", Basis),
}


def links(direction=None):
    """An initiative's outcome links, in a fixed order."""
    return facts.outcome_links(direction).order_by("outcome__position", "pk")


@register
class NoOutcome(Check):
    """Flags: an initiative that is linked to no health outcome.

    Why: most of what shapes health lies outside the health service; an initiative that names no outcome cannot
    be held to one.

    Do: answer what it should change for people's health, and which way, and link it.

    Source: Health Foundation, The government's levelling up agenda (2021): health as a measure of success.
    """

    code = "OUT001"
    title = "No health outcome linked"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        return (
            facts.judged(scope, partnerships=True)
            .filter(~Q(facts.has_outcome()))
            .annotate(
                sentence=sentence("No health outcome is linked to “", F("title"), "”."),
                proof=proof(
                    {
                        "Outcomes linked": counted(facts.outcome_links()),
                        "Capitals linked": counted(facts.capital_links()),
                    }
                ),
            )
        )


@register
class HarmWithoutMitigation(Check):
    """Flags: an initiative that worsens a health outcome, with no mitigation recorded.

    Why: a known harm that nobody limits is a decision that nobody has taken.

    Do: record how the harm is limited, in the outcome's own answers.

    Source: this tracker's own, after audit practice: a trade-off is a decision with a name on it.
    """

    code = "OUT002"
    title = "Harm without mitigation"
    severity = Severity.HIGH

    def breaches(self, scope):
        bare = links(Direction.WORSENS).filter(mitigation="")
        return (
            facts.judged(scope, partnerships=True)
            .filter(facts.exists(bare))
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” worsens ",
                    outcome_names(bare),
                    " and no mitigation is recorded.",
                ),
                proof=proof(rows=bare, columns=LINK_COLUMNS),
            )
        )


def opposed():
    """An initiative's outcome links of which another speaker says the opposite of the same outcome."""
    other = OutcomeLink.objects.filter(initiative=OuterRef("initiative"), outcome=OuterRef("outcome"))
    opposites = ((Direction.IMPROVES, Direction.WORSENS), (Direction.WORSENS, Direction.IMPROVES))
    wanted = Q()
    for one, opposite in opposites:
        wanted |= Q(direction=one) & Q(Exists(other.filter(direction=opposite)))
    return links().filter(wanted)


@register
class Contested(Check):
    """Flags: an initiative of which two speakers, its own record or organisations, say that one outcome improves
    and that it worsens.

    Why: a disagreement that nobody settles comes back in delivery; neither reading is averaged away.

    Do: talk to the other organisation; then change the record, or ask the organisation to change what it said. If
    both readings stay, accept the flag with the reason.

    Source: this tracker's own, after the briefing's call for priorities genuinely aligned across departments.
    """

    code = "OUT005"
    title = "Contested effect"
    severity = Severity.MEDIUM

    def breaches(self, scope):
        speaker = Coalesce(F("asserted_by__name"), Value("The record itself"))
        return (
            facts.judged(scope, partnerships=True)
            .filter(facts.exists(opposed()))
            .annotate(
                sentence=sentence(
                    "Two speakers say that “",
                    F("title"),
                    "” improves and that it worsens ",
                    outcome_names(opposed().filter(direction=Direction.IMPROVES)),
                    ".",
                ),
                proof=proof(rows=opposed(), columns={"According to": speaker, **LINK_COLUMNS}),
            )
        )


@register
class HealthUnstated(Check):
    """Flags: an initiative with health outcomes linked, none of which its own text states.

    Why: an effect on health that only an analyst sees will not be designed for, paid for or measured.

    Do: state the health outcome in the next version of the document, or in its measures; then mark the link as
    stated.

    Source: Health Foundation, The government's levelling up agenda (2021): health is not among the stated aims.
    """

    code = "OUT006"
    title = "Health effect unstated"
    severity = Severity.LOW

    def breaches(self, scope):
        return (
            facts.judged(scope, partnerships=True)
            .filter(Q(facts.has_outcome()) & ~Q(facts.has_stated_outcome()))
            .annotate(
                sentence=sentence(
                    "“",
                    F("title"),
                    "” is linked to ",
                    outcome_names(facts.outcome_links()),
                    ", and its own text states no health outcome.",
                ),
                proof=proof(rows=links(), columns=LINK_COLUMNS),
            )
        )


class LinkCheck(Check):
    """A check on single outcome links: one flag for each link that is in the way described."""

    def identify(self, breaches):
        """The link is named by its initiative, its outcome and, where another body says it, that body."""
        speaker = Concat(Value(":"), "asserted_by__code", output_field=TextField())
        return breaches.annotate(
            fingerprint=Concat(
                Value(f"{self.code}:"), "initiative__kind", Value(":"), "initiative__reference", Value(":"),
                "outcome__code",
                Case(When(asserted_by__isnull=False, then=speaker), default=Value(""), output_field=TextField()),
                output_field=TextField(),
            ),
            found_severity=Value(self.severity, output_field=CharField()),
            found_subject=F("initiative__kind"),
            found_initiative=F("initiative_id"),
            found_other=NOTHING,
            found_outcome=F("outcome_id"),
            found_organisation=F("asserted_by_id"),
            found_area=NOTHING,
        )  # fmt: skip


def live_links(scope, **conditions):
    """Links of live initiatives: one that carries a link of its own is judged by itself."""
    found = OutcomeLink.objects.filter(initiative__status=Status.PUBLISHED, **conditions)
    return scope.over(found, "initiative")


def said_of():
    """“Title” or, where another body says it, that body's word for it."""
    speaker = Concat("asserted_by__name", Value(" says that “"), output_field=TextField())
    return sentence(
        Case(When(asserted_by__isnull=False, then=speaker), default=Value("“"), output_field=TextField()),
        F("initiative__title"),
        "” ",
    )


def outcome_in_sentence():
    """The outcome's name as it goes on in a sentence."""
    name = "outcome__name"
    return Concat(Lower(Substr(name, 1, 1)), Substr(name, 2), output_field=TextField())


@register
class ClaimWithoutPathway(LinkCheck):
    """Flags: a claim to improve a health outcome with neither a word on how it works nor any evidence.

    Why: without a pathway nobody can tell a plan from a hope, nor know what to watch.

    Do: say in a sentence how the initiative changes the outcome, or name the evidence; or take the link away.

    Source: HM Treasury, The Magenta Book (2020): a theory of change says how an intervention is to work.
    """

    code = "OUT003"
    title = "Claim without a pathway"
    severity = Severity.LOW

    def breaches(self, scope):
        return live_links(scope, direction=Direction.IMPROVES, pathway="", evidence="").annotate(
            sentence=sentence(
                said_of(), "improves ", outcome_in_sentence(), "; neither how it works nor evidence is recorded.",
            ),
            proof=proof({"Outcome": F("outcome__name"), "Horizon": choice("horizon", Horizon),
                         "Basis": choice("basis", Basis), "Source": F("source_title")}),
        )  # fmt: skip


@register
class WiderGap(LinkCheck):
    """Flags: a link by which an initiative improves an outcome on average and widens the gap between the worst-off
    and the rest. An effect on the gap that is not known is not flagged.

    Why: an average can rise while those who are worst off stay behind; then the gap in healthy life grows.

    Do: change who the initiative reaches first, add something for those it leaves out, or record the wider gap as a
    decision.

    Source: Health Foundation, The government's levelling up agenda (2021): the gap in healthy life expectancy.
    """

    code = "OUT004"
    title = "Wider gap"
    severity = Severity.HIGH

    def breaches(self, scope):
        return live_links(scope, direction=Direction.IMPROVES, gap=Gap.WIDENS).annotate(
            sentence=sentence(
                said_of(), "improves ", outcome_in_sentence(),
                " on average and widens the gap between the worst-off and the rest.",
            ),
            proof=proof({"Outcome": F("outcome__name"), "Horizon": choice("horizon", Horizon),
                         "How it works": F("pathway"), "Evidence": F("evidence"),
                         "How harm is limited": F("mitigation"), "Basis": choice("basis", Basis)}),
        )  # fmt: skip
