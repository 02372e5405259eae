"""Addresses of the room."""

from django.urls import path

from entente.measurement import pages

app_name = "measurement"
urlpatterns = [
    path("campaigns/<uuid:campaign_id>/results/", pages.results, name="results"),
    path("measures/", pages.dictionary, name="measures"),
]
