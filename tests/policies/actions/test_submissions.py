"""A form that is sent several times makes one draft, at once or one after the other; other answers make another."""

import pytest

from policies.actions import initiatives
from policies.models import Initiative, Submission
from tests.policies import factories


def create(by, lead, submission="form 1", title="A promise"):
    return initiatives.create(
        by=by, kind="commitment", form="commitment", lead=lead, title=title, submission=submission
    )


@pytest.mark.django_db
class TestOneAfterTheOther:
    @pytest.fixture
    def lead(self):
        return factories.organisation()

    @pytest.fixture
    def by(self, lead):
        return factories.member("editor", lead)

    def test_the_same_form_gives_the_same_draft(self, by, lead):
        assert create(by, lead) == create(by, lead)
        assert Initiative.objects.filter(created_by=by).count() == 1

    def test_another_form_makes_another(self, by, lead):
        assert create(by, lead) != create(by, lead, "form 2")

    def test_without_a_form_each_makes_one(self, by, lead):
        assert create(by, lead, "") != create(by, lead, "")

    def test_another_person_makes_another(self, by, lead):
        assert create(by, lead) != create(factories.member("editor", lead), lead)

    def test_once_the_draft_is_discarded_it_can_be_made_again(self, by, lead):
        first = create(by, lead)
        initiatives.discard(by=by, initiative=first, version=1)
        assert Submission.objects.count() == 0
        assert create(by, lead).reference


def test_four_at_once_make_one(committed, at_once):
    lead = factories.organisation()
    by = factories.member("editor", lead)
    made = at_once(*[lambda: create(by, lead)] * 4)
    assert len({draft.pk for draft in made}) == 1
    assert Initiative.objects.filter(created_by=by).count() == 1
