"""Addresses of the room's pages."""

from django.urls import path

from entente.content.pages import claims, hosted, items, versions

app_name = "content"
urlpatterns = [
    path("content/", items.items, name="items"),
    path("content/new/", items.add, name="item_add"),
    path("content/items/<uuid:item_id>/", items.item, name="item"),
    path("content/items/<uuid:item_id>/write/", items.write, name="write"),
    path("content/versions/<uuid:version_id>/", versions.version, name="version"),
    path("content/versions/<uuid:version_id>/preview/", versions.preview, name="preview"),
    path("content/versions/<uuid:version_id>/submit/", versions.submit, name="submit"),
    path("content/versions/<uuid:version_id>/decide/", versions.decide, name="decide"),
    path("content/versions/<uuid:version_id>/withdraw/", versions.withdraw, name="withdraw"),
    path("content/versions/<uuid:version_id>/file/", versions.record_filing, name="file"),
    path("content/claims/", claims.claims, name="claims"),
    path("content/claims/new/", claims.add, name="claim_add"),
    path("content/claims/<uuid:claim_id>/", claims.claim, name="claim"),
    path("content/claims/<uuid:claim_id>/withdraw/", claims.withdraw, name="claim_withdraw"),
    *(
        path(f"{base}{rest}", view, name=f"{kind}_{name}")
        for kind, base in (("hosted", "h/<slug:slug>/"), ("linked", "hl/<str:token>/"))
        for name, rest, view in (
            ("read", "", hosted.read),
            ("download", "files/<uuid:attachment_id>/", hosted.download),
            ("use", "tools/<uuid:tool_id>/", hosted.use),
            ("time", "time/", hosted.time_read),
        )
    ),
]
