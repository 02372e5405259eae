"""Addresses of the room."""

from django.urls import path

from entente.policy import pages

app_name = "policy"
urlpatterns = [
    path("decisions/", pages.decisions, name="decisions"),
    path("decisions/<uuid:decision_id>/", pages.decision, name="decision"),
    path("decisions/<uuid:decision_id>/replay", pages.replay, name="replay"),
    path("rules/", pages.rules, name="rules"),
    path("rules/<slug:rule_id>/", pages.rule, name="rule"),
]
