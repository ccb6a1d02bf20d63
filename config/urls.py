"""Every address of the service."""

from django.urls import include, path

urlpatterns = [
    path("", include("tracker.web.urls")),
    path("api/v1/", include("tracker.api.urls")),
]
