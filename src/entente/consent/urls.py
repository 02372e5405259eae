"""Addresses of consent's pages."""

from django.urls import path

from entente.consent.pages import confirm, preferences, records, requests, retention, wordings

app_name = "consent"
urlpatterns = [
    path("hcps/<uuid:hcp_id>/consents/", records.consents, name="consents"),
    path("hcps/<uuid:hcp_id>/consents/new/", records.capture, name="capture"),
    path("hcps/<uuid:hcp_id>/consents/withdraw/", records.withdraw, name="withdraw"),
    path("hcps/<uuid:hcp_id>/consents/stop/", records.stop, name="stop"),
    path("hcps/<uuid:hcp_id>/requests/new/", requests.receive, name="receive"),
    path("hcps/<uuid:hcp_id>/held/", requests.export, name="export"),
    path("wordings/", wordings.wordings, name="wordings"),
    path("wordings/new/", wordings.add_wording, name="wording_new"),
    path("wordings/countries/", wordings.set_country, name="country_rule"),
    path("wordings/topics/", wordings.add_topic, name="topic_new"),
    path("wordings/topics/<uuid:topic_id>/retire/", wordings.retire_topic, name="topic_retire"),
    path("wordings/<uuid:wording_id>/", wordings.wording, name="wording"),
    path("wordings/<uuid:wording_id>/activate/", wordings.activate, name="wording_activate"),
    path("wordings/<uuid:wording_id>/retire/", wordings.retire, name="wording_retire"),
    path("subject-requests/", requests.requests, name="requests"),
    path("subject-requests/<uuid:request_id>/", requests.one_request, name="request"),
    path("subject-requests/<uuid:request_id>/verify/", requests.verify, name="verify"),
    path("subject-requests/<uuid:request_id>/start/", requests.start, name="start"),
    path("subject-requests/<uuid:request_id>/extend/", requests.extend, name="extend"),
    path("subject-requests/<uuid:request_id>/answer/", requests.answer, name="answer"),
    path("subject-requests/<uuid:request_id>/refuse/", requests.decline, name="decline"),
    path("subject-requests/<uuid:request_id>/withdraw/", requests.take_back, name="take_back"),
    path("retention/", retention.retention, name="retention"),
    path("retention/run/", retention.run_now, name="retention_run"),
    path("retention/<slug:what>/", retention.change, name="retention_rule"),
    path("p/<str:token>/", preferences.preferences, name="preferences"),
    path("c/<str:token>/", confirm.confirm, name="confirm"),
    path("u/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
