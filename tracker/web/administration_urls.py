"""The addresses of administration."""

from django.urls import path

from tracker.web.views import administration, background, organisations, people, reassigning, severities, thresholds
from tracker.web.views import invitations as invited

urlpatterns = [
    path("", administration.home, name="administration"),
    path("background/", background.record, name="background"),
    path("background/<slug:work>/<slug:name>/", background.Requeue.as_view(), name="requeue"),
    path("people/", people.listing, name="people"),
    path("people/<int:pk>/", people.Person.as_view(), name="person"),
    path("people/<int:pk>/details/", people.Details.as_view(), name="person_details"),
    path("people/<int:pk>/access/", people.Access.as_view(), name="person_access"),
    path("people/<int:pk>/administrator/", people.Administrator.as_view(), name="person_administrator"),
    path("people/<int:pk>/memberships/", people.AddMembership.as_view(), name="person_join"),
    path("people/<int:pk>/memberships/<slug:code>/", people.ChangeMembership.as_view(), name="person_membership"),
    path("invitations/", invited.listing, name="invitations"),
    path("invitations/new/", invited.Invite.as_view(), name="invite"),
    path("invitations/<int:pk>/resend/", invited.resend, name="invitation_resend"),
    path("invitations/<int:pk>/revoke/", invited.revoke, name="invitation_revoke"),
    path("organisations/", organisations.listing, name="organisations"),
    path("organisations/add/", organisations.Add.as_view(), name="organisation_add"),
    path("organisations/<slug:code>/", organisations.Record.as_view(), name="organisation"),
    path("organisations/<slug:code>/edit/", organisations.Edit.as_view(), name="organisation_edit"),
    path("organisations/<slug:code>/end/", organisations.End.as_view(), name="organisation_end"),
    path("reassign/", reassigning.queue, name="reassign"),
    path("reassign/<slug:code>/", reassigning.HandOver.as_view(), name="hand_over"),
    path("reassign/<slug:code>/people/", reassigning.MoveMembers.as_view(), name="move_members"),
    path("severities/", severities.listing, name="severities"),
    path("severities/<slug:code>/", severities.Change.as_view(), name="severity"),
    path("severities/<slug:code>/reset/", severities.Reset.as_view(), name="severity_reset"),
    path("thresholds/", thresholds.listing, name="thresholds"),
    path("thresholds/<slug:code>/<slug:threshold>/", thresholds.Change.as_view(), name="threshold"),
    path("thresholds/<slug:code>/<slug:threshold>/reset/", thresholds.Reset.as_view(), name="threshold_reset"),
]
