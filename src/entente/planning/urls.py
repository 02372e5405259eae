"""Addresses of the room."""

from django.urls import path

from entente.planning import pages

app_name = "planning"
urlpatterns = [
    path("campaigns/<uuid:campaign_id>/audience/", pages.audience, name="audience"),
    path("audiences/<uuid:audience_id>/launch/", pages.launch, name="launch"),
]
