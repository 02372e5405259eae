"""Addresses of consent's pages."""

from django.urls import path

from entente.consent.pages import overlaps, preferences, records, shares

app_name = "consent"
urlpatterns = [
    path("hcps/<uuid:hcp_id>/consents/", records.consents, name="consents"),
    path("hcps/<uuid:hcp_id>/consents/new/", records.capture, name="capture"),
    path("hcps/<uuid:hcp_id>/consents/withdraw/", records.withdraw, name="withdraw"),
    path("hcps/<uuid:hcp_id>/consents/stop/", records.stop, name="stop"),
    path("shares/", shares.shares, name="shares"),
    path("shares/new/", shares.share_add, name="share_add"),
    path("shares/lists/", overlaps.lists, name="share_lists"),
    path("shares/lists/new/", overlaps.list_add, name="share_list_add"),
    path("shares/overlaps/<uuid:comparison_id>/", overlaps.overlap, name="overlap"),
    path("shares/overlaps/<uuid:comparison_id>/people/", overlaps.people, name="overlap_people"),
    path("shares/<uuid:contract_id>/", shares.share, name="share"),
    path("shares/<uuid:contract_id>/propose/", shares.propose, name="share_propose"),
    path("shares/<uuid:contract_id>/sign/", shares.sign, name="share_sign"),
    path("shares/<uuid:contract_id>/end/", shares.end, name="share_end"),
    path("shares/<uuid:contract_id>/offer/", shares.offer, name="share_offer"),
    path("shares/<uuid:contract_id>/take-back/", shares.take_back, name="share_take_back"),
    path("shares/<uuid:contract_id>/compare/", shares.compare, name="share_compare"),
    path("p/<str:token>/", preferences.preferences, name="preferences"),
    path("u/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
