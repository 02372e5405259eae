"""Addresses of the room."""

from django.urls import path

from entente.policy import pages
from entente.policy.pages import audit_pack, matrix, packs, referrals, waivers

app_name = "policy"
urlpatterns = [
    path("decisions/", pages.decisions, name="decisions"),
    path("decisions/<uuid:decision_id>/", pages.decision, name="decision"),
    path("decisions/<uuid:decision_id>/replay", pages.replay, name="replay"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/<uuid:referral_id>/", referrals.referral, name="referral"),
    path("waivers/", waivers.waivers, name="waivers"),
    path("waivers/new/", waivers.new_waiver, name="waiver_new"),
    path("waivers/<uuid:waiver_id>/end", waivers.end, name="waiver_end"),
    path("evidence/audit-pack/", audit_pack.make, name="audit_pack"),
    path("packs/", packs.packs, name="packs"),
    path("packs/matrix/", matrix.matrix, name="matrix"),
    path("packs/matrix/change", matrix.change, name="matrix_change"),
    path("packs/write/", packs.write, name="pack_write"),
    path("packs/drafts/<uuid:draft_id>/", packs.draft, name="draft"),
    path("packs/drafts/<uuid:draft_id>/activate", packs.activate, name="draft_activate"),
    path("packs/drafts/<uuid:draft_id>/drop", packs.drop, name="draft_drop"),
    path("rules/", pages.rules, name="rules"),
    path("rules/<slug:rule_id>/", pages.rule, name="rule"),
]
