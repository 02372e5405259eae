"""Addresses of the pages that belong to no room."""

from django.urls import path

from entente.foundation.web import (
    pages,
    pages_account,
    pages_evidence,
    pages_outbox,
    pages_people,
)

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
    path("people/", pages_people.people, name="people"),
    path("people/new/", pages_people.new_person, name="person_new"),
    path("people/<uuid:user_id>/", pages_people.person, name="person"),
    path("people/<uuid:user_id>/roles", pages_people.give_role, name="person_role"),
    path("people/<uuid:user_id>/roles/take", pages_people.take_role, name="person_role_take"),
    path("people/<uuid:user_id>/training", pages_people.add_training, name="person_training"),
    path("people/partners/new/", pages_people.new_partner, name="partner_new"),
    path(
        "people/partners/<uuid:organisation_id>/invite/",
        pages_people.invite,
        name="partner_invite",
    ),
]
