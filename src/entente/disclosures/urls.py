"""Addresses of the room."""

from django.urls import path

from entente.disclosures import pages

app_name = "disclosures"
urlpatterns = [
    path("disclosures/", pages.transfers, name="transfers"),
    path("disclosures/recipients/", pages.recipients, name="recipients"),
]
