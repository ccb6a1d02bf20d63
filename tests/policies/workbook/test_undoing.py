"""Undoing an upload: all of it, or nothing where somebody has changed a record since."""

import pytest
from django.apps import apps

from policies.actions import initiatives, roles, undo
from policies.actions.action import NotAllowedError, RuleError
from policies.models import Footprint, Initiative, OutcomeLink, Policy, Responsibility, UploadState
from tests.policies.workbook.test_uploads import FUND, LINK, PROMISE, confirmed, draft_of, state_of_the_register

pytestmark = pytest.mark.usefixtures("landscape")


@pytest.fixture
def editor(person):
    return person("editor", "dft")


class TestUndoing:
    @pytest.fixture
    def draft(self, editor):
        """A draft with rows of several kinds."""
        draft = draft_of(editor, value_gbp=5)
        for part, line in (
            ("capitals", {"capital_id": 1, "weight": "primary"}),
            (
                "outcomes",
                {"outcome_id": OutcomeLink.objects.first().outcome_id, "direction": "mixed", "horizon": "long"},
            ),
        ):
            draft = initiatives.set_parts(by=editor, initiative=draft, version=draft.version, part=part, rows=[line])
        return draft

    def test_takes_back_all_that_was_added_changed_and_removed(self, editor, draft):
        ref = draft.reference
        outcome = draft.outcome_links.get().outcome.code
        confirmed(editor, policies=[{"reference": ref, "title": "A draft", "form": "fund", "places": "E92000001"}])
        before = state_of_the_register()
        sent = confirmed(
            editor,
            policies=[
                FUND,
                {"reference": ref, "title": "Changed", "form": "bill", "places": "E06000001", "lead": "dhsc"},
            ],
            commitments=[PROMISE],
            capital_links=[
                {"initiative": ref, "capital": "human", "weight": "primary"},
                {"initiative": ref, "capital": draft.capital_links.get().capital.code, "weight": "secondary"},
            ],
            outcome_links=[LINK, {"initiative": ref, "outcome": outcome, "direction": "improves", "horizon": "short"}],
        )
        assert state_of_the_register() != before
        version = Initiative.objects.get(pk=draft.pk).version
        Responsibility.objects.get(initiative=draft, organisation__code="dhsc", role="lead")
        undo.undo_upload(by=editor, upload=sent)
        assert state_of_the_register() == before
        assert Initiative.objects.get(pk=draft.pk).version == version + 1
        sent.refresh_from_db()
        assert sent.state == UploadState.UNDONE

    def test_is_refused_where_somebody_has_changed_a_record_since(self, editor, person, draft):
        sent = confirmed(
            editor,
            policies=[FUND, {"reference": draft.reference, "title": "Changed", "form": "fund", "lead": "dft"}],
        )
        draft.refresh_from_db()
        other = person("editor", "dft")
        initiatives.edit(by=other, initiative=draft, version=draft.version, title="Again")
        before = state_of_the_register()
        with pytest.raises(undo.ChangedSinceError) as caught:
            undo.undo_upload(by=editor, upload=sent)
        (blocker,) = caught.value.blockers
        assert (blocker.reference, blocker.by, blocker.why) == (draft.reference, other.name, "changed since")
        assert state_of_the_register() == before

    def test_an_answer_to_a_role_stands_in_the_way_too(self, editor, person):
        role = {"initiative": "kerbs", "organisation": "dhsc", "role": "delivery"}
        sent = confirmed(editor, policies=[FUND], roles=[role])
        held = Responsibility.objects.get(initiative__short_code="kerbs", role="delivery")
        roles.answer_role(by=person("editor", "dhsc"), responsibility=held, answer="accepted")
        with pytest.raises(undo.ChangedSinceError):
            undo.undo_upload(by=editor, upload=sent)

    def test_so_does_what_stands_under_it_by_now(self, editor):
        sent = confirmed(editor, policies=[FUND])
        fund = Policy.objects.get(short_code="kerbs")
        child = confirmed(editor, commitments=[PROMISE])
        with pytest.raises(undo.ChangedSinceError) as caught:
            undo.undo_upload(by=editor, upload=sent)
        assert caught.value.blockers[0].why == f"stands under {fund.reference}"
        undo.undo_upload(by=editor, upload=child)
        undo.undo_upload(by=editor, upload=sent)
        assert not Initiative.objects.filter(pk=fund.pk).exists()
        assert not Footprint.objects.filter(initiative=fund.pk).exists()

    def test_what_is_gone_or_no_longer_theirs_is_told(self, editor):
        sent = confirmed(editor, policies=[FUND, FUND | {"short_code": "kerbs2", "title": "More kerbs"}])
        gone = Policy.objects.get(short_code="kerbs")
        initiatives.discard(by=editor, initiative=gone, version=gone.version)
        with pytest.raises(undo.ChangedSinceError) as caught:
            undo.undo_upload(by=editor, upload=sent)
        assert [blocker.why for blocker in caught.value.blockers] == ["deleted since"]
        editor.memberships.all().delete()
        with pytest.raises(undo.ChangedSinceError) as caught:
            undo.undo_upload(by=editor, upload=sent)
        assert "is not yours to change any more" in [blocker.why for blocker in caught.value.blockers]

    def test_happens_once_and_is_for_its_author(self, editor, person):
        sent = confirmed(editor, policies=[FUND])
        with pytest.raises(NotAllowedError):
            undo.undo_upload(by=person("approver", "dft"), upload=sent)
        undo.undo_upload(by=editor, upload=sent)
        with pytest.raises(RuleError):
            undo.undo_upload(by=editor, upload=sent)

    def test_history_stays(self, editor):
        sent = confirmed(editor, policies=[FUND])
        pk = Policy.objects.get(short_code="kerbs").pk
        undo.undo_upload(by=editor, upload=sent)
        events = apps.get_model("policies", "InitiativeEvent").objects.filter(pgh_obj_id=pk).order_by("pgh_id")
        assert list(events.values_list("pgh_label", flat=True)) == ["insert", "delete"]
