"""The addresses of the journey that logs an initiative, under /log/."""

from django.urls import path

from tracker.web.views import (
    journey,
    journey_connections,
    journey_end,
    journey_measures,
    journey_money,
    journey_outcomes,
    journey_roles,
    journey_signoff,
    journey_start,
    journey_steps,
    journey_update,
    journey_who,
    previewing,
)

urlpatterns = [
    path("", journey_start.start, name="journey_start"),
    path("<str:reference>/", journey.tasks, name="journey_tasks"),
    path("<str:reference>/check/", journey_signoff.Check.as_view(), name="journey_check"),
    path("<str:reference>/what-if/", previewing.draft, name="journey_what_if"),
    path("<str:reference>/submitted/", journey_signoff.submitted, name="journey_submitted"),
    path("<str:reference>/review/", journey_signoff.Review.as_view(), name="journey_review"),
    path("<str:reference>/take-back/", journey_signoff.TakeBack.as_view(), name="journey_take_back"),
    path("<str:reference>/revise/", journey_signoff.Revise.as_view(), name="journey_revise"),
    path("<str:reference>/published/", journey_signoff.published, name="journey_published"),
    path("<str:reference>/discard/", journey_end.Discard.as_view(), name="journey_discard"),
    path("<str:reference>/end/", journey_end.End.as_view(), name="journey_end"),
    path("<str:reference>/reopen/", journey_end.Reopen.as_view(), name="journey_reopen"),
    path("<str:reference>/update/", journey_update.RecordUpdate.as_view(), name="journey_update"),
    path("<str:reference>/words/", journey_steps.Words.as_view(), name="journey_words"),
    path("<str:reference>/parent/", journey_connections.Parent.as_view(), name="journey_parent"),
    path("<str:reference>/commitments/", journey_connections.Below.as_view(), name="journey_below"),
    path("<str:reference>/dependencies/", journey_connections.Dependencies.as_view(), name="journey_dependencies"),
    path("<str:reference>/dates/", journey_steps.Dates.as_view(), name="journey_dates"),
    path("<str:reference>/places/", journey_steps.Places.as_view(), name="journey_places"),
    path("<str:reference>/questions/", journey_who.Questions.as_view(), name="journey_questions"),
    path("<str:reference>/capitals/", journey_steps.Capitals.as_view(), name="journey_capitals"),
    path("<str:reference>/outcomes/", journey_outcomes.Outcomes.as_view(), name="journey_outcomes"),
    path("<str:reference>/outcomes/<slug:code>/", journey_outcomes.OneOutcome.as_view(), name="journey_outcome"),
    path("<str:reference>/roles/", journey_roles.Roles.as_view(), name="journey_roles"),
    path("<str:reference>/roles/<int:pk>/", journey_roles.OneRole.as_view(), name="journey_role"),
    path("<str:reference>/who/", journey_who.Who.as_view(), name="journey_who"),
    path("<str:reference>/criteria/", journey_money.Criteria.as_view(), name="journey_criteria"),
    path("<str:reference>/criteria/<int:pk>/", journey_money.OneCriterion.as_view(), name="journey_criterion"),
    path("<str:reference>/allocations/", journey_money.Allocations.as_view(), name="journey_allocations"),
    path(
        "<str:reference>/allocations/paste/", journey_money.PasteAllocations.as_view(), name="journey_paste_allocations"
    ),
    path("<str:reference>/allocations/<int:pk>/", journey_money.OneAllocation.as_view(), name="journey_allocation"),
    path("<str:reference>/measures/", journey_measures.Measures.as_view(), name="journey_measures"),
    path("<str:reference>/measures/<int:pk>/", journey_measures.OneMeasure.as_view(), name="journey_measure"),
]
