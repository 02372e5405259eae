"""Addresses of the room."""

from django.urls import path

from entente.deals import pages

app_name = "deals"
urlpatterns = [
    path("deals/", pages.deals, name="deals"),
    path("deals/register/", pages.register, name="register"),
    path("deals/preview/", pages.preview, name="preview"),
    path("deals/<uuid:deal_id>/", pages.deal, name="deal"),
    path("deals/<uuid:deal_id>/accept", pages.accept, name="accept"),
    path("deals/<uuid:deal_id>/decline", pages.decline, name="decline"),
    path("deals/<uuid:deal_id>/withdraw", pages.withdraw, name="withdraw"),
    path("deals/<uuid:deal_id>/won", pages.won, name="won"),
    path("deals/<uuid:deal_id>/lost", pages.lost, name="lost"),
]
