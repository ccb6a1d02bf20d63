"""Six plain questions for people who are not health people, and what their answers propose.

The table is the whole of it: each answer names the capital that it points to, and the outcomes, each with the
reason that the person is shown. An answer proposes; only a person makes a link. The reasons are this register's
own reading of how the conditions of life bear on health.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from policies.models import PlainQuestion

NO, NOT_SURE = "no", "not-sure"
# Answers that stand alone: they go with no other answer to the question.
ALONE = (NO, NOT_SURE)


@dataclass(frozen=True)
class Option:
    """An answer: its code, its words, what it says of the initiative, and what it proposes."""

    code: str
    words: str
    said: str = ""
    capital: str = ""
    outcomes: tuple = ()  # pairs of an outcome's code and the reason


@dataclass(frozen=True)
class Proposals:
    """Capitals and outcomes by code, each with its reasons.

    `main` is the capital named most, if one is; `pathways` says, by outcome, how it may work.
    """

    capitals: dict
    outcomes: dict
    pathways: dict
    main: str | None


BUILDS = (
    Option(
        "homes",
        _("Homes: building, mending or warming them"),
        _("It builds or mends homes."),
        "financial_physical",
        (
            ("housing_and_health", _("Warm, safe and secure homes keep people well.")),
            ("mental_wellbeing", _("A secure home takes away a main source of worry.")),
        ),
    ),
    Option(
        "travel",
        _("Ways to walk, cycle, or go by bus or train"),
        _("It builds ways to walk, cycle, or go by bus or train."),
        "financial_physical",
        (
            ("physical_activity", _("People who walk, cycle or take the bus move more.")),
            ("air_quality_mortality", _("Fewer car journeys leave the air cleaner.")),
        ),
    ),
    Option(
        "roads",
        _("Roads, airports or other ways for vehicles"),
        _("It builds ways for vehicles."),
        "financial_physical",
        (
            ("air_quality_mortality", _("More traffic makes the air dirtier, less traffic makes it cleaner.")),
            ("violence_and_injury", _("The speed and amount of traffic decide how many people are hurt.")),
        ),
    ),
    Option(
        "public-buildings",
        _("Schools, health centres or other public buildings"),
        _("It builds or mends public buildings."),
        "financial_physical",
        (("care_access", _("Where services are, and in what state, decides who gets them.")),),
    ),
    Option(
        "business",
        _("Places of work, broadband, energy or other works for the economy"),
        _("It builds works for the economy."),
        "financial_physical",
        (("employment_and_health", _("Lasting work nearby keeps people well.")),),
    ),
)
PEOPLE = (
    Option(
        "school",
        _("Early years, school or college"),
        _("It changes how children and young people learn."),
        "human",
        (("educational_attainment", _("People who learn more as children live longer in good health.")),),
    ),
    Option(
        "training",
        _("Training or qualifications for adults"),
        _("It changes adults' skills."),
        "human",
        (
            ("educational_attainment", _("Qualifications open the way to better work.")),
            ("employment_and_health", _("Skills lead to work that pays enough and lasts.")),
        ),
    ),
    Option(
        "jobs",
        _("Getting, keeping or improving jobs and pay"),
        _("It changes people's work or pay."),
        "human",
        (
            ("employment_and_health", _("Work that pays enough and lasts is good for health.")),
            ("mental_wellbeing", _("Being out of work, or in insecure work, wears people down.")),
        ),
    ),
    Option(
        "care",
        _("Health or care services"),
        _("It changes health or care services."),
        "human",
        (
            ("care_access", _("It changes who gets care, and when.")),
            ("healthy_life_expectancy", _("Care in time gives more years in good health.")),
        ),
    ),
    Option(
        "habits",
        _("What people eat, drink or smoke"),
        _("It changes what people eat, drink or smoke."),
        "human",
        (
            ("smoking_prevalence", _("Smoking takes more years of life than anything else that can be prevented.")),
            ("obesity", _("Food and drink within reach decide weight.")),
            ("food_security", _("It changes what people can afford and reach to eat.")),
        ),
    ),
)
TOGETHER = (
    Option(
        "meeting",
        _("Places and occasions where people meet: high streets, libraries, clubs, sport"),
        _("It gives people places and occasions to meet."),
        "social",
        (
            ("social_connection", _("People who meet have others to turn to.")),
            ("mental_wellbeing", _("Company and things to do keep spirits up.")),
        ),
    ),
    Option(
        "say",
        _("A say for people in how their place is run"),
        _("It gives people a say in how their place is run."),
        "social",
        (("social_connection", _("Running things together builds trust.")),),
    ),
    Option(
        "safety",
        _("Crime, or how safe people feel"),
        _("It changes how safe people are."),
        "social",
        (
            ("violence_and_injury", _("Less crime means fewer people hurt.")),
            ("mental_wellbeing", _("Fear of crime weighs on people and keeps them at home.")),
        ),
    ),
)
NATURE = (
    Option(
        "green",
        _("Parks, woods, countryside or other green space"),
        _("It changes green space."),
        "natural",
        (
            ("green_space_access", _("It changes how near green space is, and for whom.")),
            ("physical_activity", _("People near green space move more.")),
            ("mental_wellbeing", _("Time in green space lifts people's mood.")),
        ),
    ),
    Option(
        "air",
        _("What goes into the air"),
        _("It changes what goes into the air."),
        "natural",
        (("air_quality_mortality", _("Dirty air makes people ill and shortens lives.")),),
    ),
    Option(
        "water",
        _("Rivers, floods, soil or wildlife"),
        _("It changes water, soil or wildlife."),
        "natural",
        (
            ("mental_wellbeing", _("A flood leaves its mark on people for years.")),
            ("housing_and_health", _("Floods make homes damp and unsafe.")),
        ),
    ),
)
FIRST = (
    Option(
        "families",
        _("Parents to be, babies and young children"),
        outcomes=(("infant_and_maternal_health", _("The first years shape health for life.")),),
    ),
    Option(
        "young",
        _("School children and young people"),
        outcomes=(("educational_attainment", _("It reaches people while they learn.")),),
    ),
    Option(
        "workers",
        _("People of working age, in work or out of it"),
        outcomes=(("employment_and_health", _("It reaches people in work or looking for it.")),),
    ),
    Option(
        "older",
        _("Older people"),
        outcomes=(
            ("social_connection", _("Many older people are on their own.")),
            ("care_access", _("Older people need care most.")),
        ),
    ),
    Option(
        "ill",
        _("People who are ill, disabled or need care"),
        outcomes=(("care_access", _("It reaches people who need care.")),),
    ),
    Option(
        "poorer",
        _("People in poorer places or with little money"),
        outcomes=(("healthy_life_expectancy", _("The poorest places have the fewest years in good health.")),),
    ),
    Option("everybody", _("Everybody alike")),
)
WORSE = (
    Option(
        "neighbours",
        _("People who get more building work, traffic, noise or dirt"),
        outcomes=(("air_quality_mortality", _("Somebody may get more dirt or traffic. Say how it is limited.")),),
    ),
    Option(
        "losers",
        _("People who may lose money, a service or a home"),
        outcomes=(("mental_wellbeing", _("Somebody may lose by it. Say how that is limited.")),),
    ),
    Option(
        "left-out",
        _("People who cannot use it: no car, no internet, no time, another language"),
        outcomes=(("healthy_life_expectancy", _("Those left out may fall further behind. Say what is done.")),),
    ),
)
# Each question with its answers; "No" where it can be one, and "Not sure", which is always an answer.
QUESTIONS = {
    PlainQuestion.BUILDS: (*BUILDS, Option(NO, _("No"))),
    PlainQuestion.PEOPLE: (*PEOPLE, Option(NO, _("No"))),
    PlainQuestion.TOGETHER: (*TOGETHER, Option(NO, _("No"))),
    PlainQuestion.NATURE: (*NATURE, Option(NO, _("No"))),
    PlainQuestion.FIRST: FIRST,
    PlainQuestion.WORSE: (*WORSE, Option(NO, _("No, not that I can see"))),
}
QUESTIONS = {question: (*options, Option(NOT_SURE, _("Not sure"))) for question, options in QUESTIONS.items()}


def in_words(answers):
    """Answers (pairs of question and option) by question, in words and in the order of the questions."""
    given = set(answers)
    found = {
        question: [option.words for option in options if (question.value, option.code) in given]
        for question, options in QUESTIONS.items()
    }
    return {question: words for question, words in found.items() if words}


def proposals(answers):
    """What answers (pairs of question and option) propose. Answers that are no longer asked propose nothing."""
    given = set(answers)
    capitals, outcomes, pathways = defaultdict(list), defaultdict(list), {}
    for question, options in QUESTIONS.items():
        for option in options:
            if (question.value, option.code) not in given:
                continue
            if option.capital:
                capitals[option.capital].append(option.said)
            for outcome, reason in option.outcomes:
                outcomes[outcome].append(reason)
                if option.capital:
                    pathways.setdefault(outcome, reason)
    counts = Counter({code: len(reasons) for code, reasons in capitals.items()}).most_common(2)
    clear = counts and (len(counts) == 1 or counts[0][1] > counts[1][1])
    return Proposals(dict(capitals), dict(outcomes), pathways, counts[0][0] if clear else None)


def proposals_for(initiative):
    """What the answers that stand with an initiative propose."""
    return proposals(initiative.plain_answers.values_list("question", "option"))
