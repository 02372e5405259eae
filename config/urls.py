"""Addresses: every room's pages, the API, the account pages."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
]
