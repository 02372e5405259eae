"""Addresses of consent's pages."""

from django.urls import path

from entente.consent.pages import confirm, preferences, records

app_name = "consent"
urlpatterns = [
    path("hcps/<uuid:hcp_id>/consents/", records.consents, name="consents"),
    path("hcps/<uuid:hcp_id>/consents/new/", records.capture, name="capture"),
    path("hcps/<uuid:hcp_id>/consents/withdraw/", records.withdraw, name="withdraw"),
    path("hcps/<uuid:hcp_id>/consents/stop/", records.stop, name="stop"),
    path("p/<str:token>/", preferences.preferences, name="preferences"),
    path("c/<str:token>/", confirm.confirm, name="confirm"),
    path("u/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
