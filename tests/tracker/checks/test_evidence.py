"""Evidence stays the same while nothing changes, and changes with a row that proves it: dismissals hang on that."""

import pytest

from policies.models import Sensitivity
from tests.policies import factories
from tests.tracker.checks.sound import bare, builds, link, one, organisation, place, rows, sound

pytestmark = pytest.mark.usefixtures("empty_register")

# What makes a sound policy fail, and a change to one of the rows that then prove it.
PROVEN = {
    "OUT002": (
        lambda made: link(made, "air_quality_mortality", "worsens"),
        lambda made: made.outcome_links.filter(direction="worsens").update(pathway="Otherwise."),
    ),
    "OUT005": (
        lambda made: link(made, direction="worsens", asserted_by=organisation("dhsc"), mitigation="Slower."),
        lambda made: made.outcome_links.filter(direction="worsens").update(pathway="Otherwise."),
    ),
    "OUT006": (
        lambda made: made.outcome_links.update(stated_in_text=False),
        lambda made: made.outcome_links.update(pathway="Otherwise."),
    ),
    "NHS001": (
        lambda made: made.responsibilities.filter(organisation__sector="nhs").delete(),
        lambda made: made.responsibilities.filter(role="supporting").update(note="New."),
    ),
    "LOC001": (
        lambda made: made.responsibilities.filter(organisation__sector="local_government").delete(),
        lambda made: made.responsibilities.filter(role="supporting").update(note="New."),
    ),
    "FND002": (
        lambda made: factories.criterion(initiative=made),
        lambda made: made.criteria.update(weight_percent=5),
    ),
    "MET002": (
        lambda made: made.measures.update(is_health=False),
        lambda made: made.measures.update(words="Jobs"),
    ),
    "MET003": (
        lambda made: [factories.measure(initiative=made), made.measures.update(horizon="long")],
        lambda made: made.measures.filter(is_health=True).update(words="Years in good health"),
    ),
    "MET004": (
        lambda made: made.measures.update(target_value=5),
        lambda made: made.measures.update(target_value=6),
    ),
    "FND003": (
        lambda made: factories.criterion(initiative=made),
        lambda made: made.criteria.update(weight_percent=5),
    ),
    "FND005": (
        lambda made: [
            type(made)
            .objects.filter(pk=made.pk)
            .update(
                value_gbp=1, start_date="2021-04-01", start_precision="day", end_date="2022-04-01", end_precision="day"
            ),
            made.measures.update(horizon="long"),
        ],
        lambda made: made.measures.update(words="Years in good health"),
    ),
    "NHS003": (
        lambda made: [
            made.responsibilities.filter(organisation__sector="nhs").delete(),
            place(made, "E07000148"),
        ],
        lambda made: place(made, "E08000003"),
    ),
}


@pytest.mark.parametrize("code", PROVEN)
def test_it_changes_with_a_row_that_proves_it(code):
    spoil, change = PROVEN[code]
    made = sound()
    spoil(made)
    before = one(code, made)
    assert one(code, made) == before
    change(made)
    after = one(code, made)
    assert after["fingerprint"] == before["fingerprint"]
    assert after["proof"] != before["proof"]


def test_that_of_a_portfolio_changes_with_one_value():
    made = [bare(value_gbp=1) for _ in range(5)]
    for policy in made:
        builds(policy, "financial_physical")
    before = rows("CAP002")
    assert rows("CAP002") == before != []
    type(made[0]).objects.filter(pk=made[0].pk).update(value_gbp=2)
    assert [row["proof"] for row in rows("CAP002")] != [row["proof"] for row in before]


@pytest.mark.parametrize("hidden", [{"sensitivity": Sensitivity.SENSITIVE}, {"status": "draft", "published_at": None}])
def test_what_a_hidden_commitment_measures_is_not_shown_under_its_policy(hidden):
    policy = sound()
    policy.measures.all().delete()
    factories.measure(initiative=bare("commitment", parent=policy), words="Shown")
    factories.measure(initiative=bare("commitment", parent=policy, **hidden), words="Hidden")
    found = one("MET002", policy)["proof"]
    assert [row["Measure in words"] for row in found["rows"]] == ["Shown"]
    assert [fact["value"] for fact in found["facts"]] == [1]


def test_a_health_measure_of_a_draft_does_not_count_for_its_policy():
    policy = sound()
    policy.measures.all().delete()
    draft = bare("commitment", parent=policy, status="draft", published_at=None)
    factories.measure(initiative=draft, is_health=True)
    assert one("MET002", policy)["found_initiative"] == policy.pk
