"""Addresses of the pages that belong to no room."""

from django.urls import path

from entente.foundation.web import pages, pages_account, pages_evidence, pages_outbox

urlpatterns = [
    path("", pages.home, name="home"),
    path("search", pages.search, name="search"),
    path("theme", pages.theme, name="theme"),
    path("evidence/", pages_evidence.entries, name="evidence"),
    path("evidence/verify", pages_evidence.verify, name="evidence_verify"),
    path("evidence/<uuid:entry_id>/", pages_evidence.entry, name="evidence_entry"),
    path("outbox/", pages_outbox.messages_list, name="outbox"),
    path("outbox/<uuid:message_id>/retry", pages_outbox.retry, name="outbox_retry"),
    path("me/", pages_account.me, name="me"),
    path("me/tokens", pages_account.make, name="token_make"),
    path("me/tokens/<uuid:token_id>/revoke", pages_account.revoke, name="token_revoke"),
]
