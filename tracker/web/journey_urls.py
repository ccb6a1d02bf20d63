"""The addresses of the journey that logs an initiative, under /log/."""

from django.urls import path

from tracker.web.views import journey, journey_end, journey_signoff, journey_steps, journey_update, journey_who

urlpatterns = [
    path("", journey.start, name="journey_start"),
    path("<str:reference>/", journey.tasks, name="journey_tasks"),
    path("<str:reference>/check/", journey_signoff.Check.as_view(), name="journey_check"),
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
    path("<str:reference>/dates/", journey_steps.Dates.as_view(), name="journey_dates"),
    path("<str:reference>/places/", journey_steps.Places.as_view(), name="journey_places"),
    path("<str:reference>/questions/", journey_who.Questions.as_view(), name="journey_questions"),
    path("<str:reference>/capitals/", journey_steps.Capitals.as_view(), name="journey_capitals"),
    path("<str:reference>/outcomes/", journey_steps.Outcomes.as_view(), name="journey_outcomes"),
    path("<str:reference>/outcomes/<slug:code>/", journey_steps.OneOutcome.as_view(), name="journey_outcome"),
    path("<str:reference>/roles/", journey_steps.Roles.as_view(), name="journey_roles"),
    path("<str:reference>/who/", journey_who.Who.as_view(), name="journey_who"),
    path("<str:reference>/measures/", journey_steps.Measures.as_view(), name="journey_measures"),
]
