"""The six plain questions: whole, in the register's own words, and clear about what they propose."""

import pytest

from policies.models import Capital, Outcome, PlainQuestion
from policies.questions import ALONE, NOT_SURE, QUESTIONS, in_words, proposals

OPTIONS = [(question, option) for question, options in QUESTIONS.items() for option in options]


def test_all_six_are_asked_in_their_order_and_not_sure_always_is_an_answer():
    assert list(QUESTIONS) == list(PlainQuestion)
    assert all(options[-1].code == NOT_SURE for options in QUESTIONS.values())


def test_each_answer_has_its_own_code_that_fits_the_column():
    for options in QUESTIONS.values():
        codes = [option.code for option in options]
        assert len(set(codes)) == len(codes)
        assert max(map(len, codes)) <= 20


@pytest.mark.django_db
def test_the_table_names_capitals_and_outcomes_of_the_register():
    capitals = set(Capital.objects.values_list("code", flat=True))
    outcomes = set(Outcome.objects.values_list("code", flat=True))
    assert {option.capital for _, option in OPTIONS} - {""} == capitals, "each capital can be proposed"
    proposed = {code for _, option in OPTIONS for code, _reason in option.outcomes}
    assert proposed <= outcomes
    assert outcomes - proposed == {"cvd_mortality", "cancer_outcomes"}, "diseases are for people who know"


@pytest.mark.parametrize(("question", "option"), OPTIONS, ids=lambda each: getattr(each, "code", each))
def test_each_answer_says_why_it_proposes_what_it_does(question, option):
    assert str(option.words).strip()
    assert bool(option.capital) == bool(str(option.said))
    assert all(str(reason).endswith(".") for _code, reason in option.outcomes)
    if option.code in ALONE:
        assert not option.capital
        assert not option.outcomes


@pytest.mark.parametrize(
    "answers", [[], [("builds", "no")], [("first", "not-sure")], [("builds", "moonbase")], [("?", "homes")]]
)
def test_nothing_is_proposed_by_no_by_not_sure_or_by_what_is_not_asked(answers):
    found = proposals(answers)
    assert (found.capitals, found.outcomes, found.pathways, found.main) == ({}, {}, {}, None)


def test_homes_propose_a_capital_and_outcomes_with_reasons():
    found = proposals([("builds", "homes"), ("first", "poorer")])
    assert found.main == "financial_physical"
    assert [str(said) for said in found.capitals["financial_physical"]] == ["It builds or mends homes."]
    assert set(found.outcomes) == {"housing_and_health", "mental_wellbeing", "healthy_life_expectancy"}
    assert set(found.pathways) == {"housing_and_health", "mental_wellbeing"}, "whom it reaches says not how it works"


def test_the_main_capital_is_the_one_named_most_and_left_open_between_equals():
    assert proposals([("builds", "homes"), ("builds", "travel"), ("nature", "green")]).main == "financial_physical"
    assert proposals([("builds", "homes"), ("nature", "green")]).main is None


def test_answers_in_words_stand_in_the_order_of_the_questions():
    words = in_words([("worse", "no"), ("builds", "homes"), ("builds", "moonbase")])
    assert list(words) == [PlainQuestion.BUILDS, PlainQuestion.WORSE]
    assert [str(each) for each in words[PlainQuestion.WORSE]] == ["No, not that I can see"]
