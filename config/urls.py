"""Addresses: every room's pages, the API, the account pages."""

from importlib.util import find_spec

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from config.api import api

ROOMS = (
    "policy",
    "directory",
    "consent",
    "content",
    "alliances",
    "engagement",
    "deals",
    "planning",
    "disclosures",
    "measurement",
    "demo",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("entente.foundation.web.urls")),
    *(
        path("", include(f"entente.{room}.urls"))
        for room in ROOMS
        if find_spec(f"entente.{room}.urls")
    ),
    path("account/", include("allauth.urls")),
    path("api/", api.urls),
]

handler400 = "entente.foundation.web.error_pages.bad_request"
handler403 = "entente.foundation.web.error_pages.forbidden"
handler404 = "entente.foundation.web.error_pages.not_found"
handler500 = "entente.foundation.web.error_pages.broken"
