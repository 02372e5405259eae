"""Addresses of the room's pages."""

from django.urls import path

from entente.content.pages import (
    certificates,
    claims,
    co_authors,
    hosted,
    hosting,
    items,
    labels,
    panels,
    parts,
    recalls,
    references,
    studies,
    versions,
)

app_name = "content"
urlpatterns = [
    path("content/", items.items, name="items"),
    path("content/new/", items.add, name="item_add"),
    path("content/items/<uuid:item_id>/", items.item, name="item"),
    path("content/items/<uuid:item_id>/write/", items.write, name="write"),
    path("content/items/<uuid:item_id>/pair/", items.pair, name="pair"),
    path("content/versions/<uuid:version_id>/", versions.version, name="version"),
    path("content/versions/<uuid:version_id>/preview/", versions.preview, name="preview"),
    path("content/versions/<uuid:version_id>/submit/", versions.submit, name="submit"),
    path("content/versions/<uuid:version_id>/decide/", versions.decide, name="decide"),
    path("content/versions/<uuid:version_id>/withdraw/", versions.withdraw, name="withdraw"),
    path("content/versions/<uuid:version_id>/file/", versions.record_filing, name="file"),
    path("content/versions/<uuid:version_id>/lane/", versions.raise_lane, name="lane"),
    path("content/versions/<uuid:version_id>/remark/", versions.remark, name="remark"),
    path("content/versions/<uuid:version_id>/cancel/", versions.cancel, name="cancel"),
    path(
        "content/versions/<uuid:version_id>/compare/<uuid:other_id>/",
        versions.compare,
        name="compare",
    ),
    path("content/versions/<uuid:version_id>/print/", recalls.record_print, name="print"),
    path(
        "content/versions/<uuid:version_id>/certificate/",
        certificates.certificate,
        name="certificate",
    ),
    path("content/certificates/", certificates.certificates, name="certificates"),
    path("content/recalls/", recalls.recalls, name="recalls"),
    path("content/recalls/<uuid:recall_id>/", recalls.recall, name="recall"),
    path("content/recalls/<uuid:recall_id>/confirm/", recalls.acknowledge, name="acknowledge"),
    path(
        "content/recalls/<uuid:recall_id>/copies/<uuid:task_id>/", recalls.account, name="account"
    ),
    path("content/panel/", panels.panel, name="panel"),
    path("content/panel/seats/", panels.seat, name="seat"),
    path("content/panel/seats/<uuid:seat_id>/end/", panels.end_seat, name="end_seat"),
    path("content/panel/deputies/", panels.deputy, name="deputy"),
    path("content/panel/cells/", panels.cell, name="cell"),
    path("content/panel/cells/<uuid:cell_id>/end/", panels.end_cell, name="end_cell"),
    path("content/panel/samples/<uuid:sample_id>/", panels.judge, name="judge"),
    path("content/panel/samples/<uuid:sample_id>/reopen/", panels.reopen, name="reopen"),
    path("content/claims/", claims.claims, name="claims"),
    path("content/claims/new/", claims.add, name="claim_add"),
    path("content/claims/<uuid:claim_id>/", claims.claim, name="claim"),
    path("content/claims/<uuid:claim_id>/withdraw/", claims.withdraw, name="claim_withdraw"),
    path("content/claims/<uuid:claim_id>/ground/", labels.ground, name="claim_ground"),
    path("content/labels/", labels.labels, name="labels"),
    path("content/labels/new/", labels.add, name="label_add"),
    path("content/labels/<uuid:label_id>/", labels.label, name="label"),
    path(
        "content/labels/<uuid:label_id>/compare/<int:before>/<int:after>/",
        labels.compare,
        name="label_compare",
    ),
    path("content/studies/", studies.studies, name="studies"),
    path("content/studies/new/", studies.add, name="study_add"),
    path("content/studies/<uuid:study_id>/", studies.study, name="study"),
    path("content/studies/<uuid:study_id>/move/", studies.move, name="study_move"),
    path("content/studies/<uuid:study_id>/milestones/", studies.milestone, name="milestone_add"),
    path("content/studies/<uuid:study_id>/parties/", studies.party, name="study_party"),
    path("content/studies/<uuid:study_id>/supersede/", studies.supersede, name="study_supersede"),
    path("content/studies/<uuid:study_id>/retract/", studies.retract, name="study_retract"),
    path("content/milestones/<uuid:milestone_id>/reached/", studies.reached, name="milestone"),
    path("content/references/<uuid:reference_id>/look/", references.look, name="reference_look"),
    path("content/items/<uuid:item_id>/co-authors/", co_authors.add, name="co_author_add"),
    path("content/co-authors/<uuid:co_author_id>/renew/", co_authors.renew, name="rights_renew"),
    path("content/co-authors/<uuid:co_author_id>/end/", co_authors.end, name="rights_end"),
    path("content/versions/<uuid:version_id>/publish/", hosting.publish, name="publish"),
    path("content/versions/<uuid:version_id>/files/", parts.attach, name="attach"),
    path("content/versions/<uuid:version_id>/files/<uuid:attachment_id>/", parts.file, name="part"),
    path(
        "content/versions/<uuid:version_id>/files/<uuid:attachment_id>/remove/",
        parts.remove_file,
        name="part_remove",
    ),
    path("content/versions/<uuid:version_id>/tools/new/", parts.tool_new, name="tool_new"),
    path("content/tools/<uuid:tool_id>/", parts.tool, name="tool"),
    path("content/tools/<uuid:tool_id>/edit/", parts.tool_edit, name="tool_edit"),
    path("content/tools/<uuid:tool_id>/remove/", parts.tool_remove, name="tool_remove"),
    path("content/hosted/", hosting.hosted_pages, name="hosted_pages"),
    path("content/hosted/<uuid:page_id>/", hosting.hosted_page, name="hosted_page"),
    path("content/hosted/<uuid:page_id>/ask-again/", hosting.ask_again, name="hosted_ask"),
    path("content/hosted/<uuid:page_id>/end/", hosting.end, name="hosted_end"),
    path("content/hosted/<uuid:page_id>/links/", hosting.make_link, name="hosted_link"),
    path(
        "content/hosted/<uuid:page_id>/links/<uuid:link_id>/revoke/",
        hosting.revoke_link,
        name="hosted_revoke",
    ),
    path(
        "content/hosted/<uuid:page_id>/registrations/", hosting.registrations, name="registrations"
    ),
    path(
        "content/hosted/<uuid:page_id>/registrations/<uuid:registration_id>/delete/",
        hosting.delete_registration,
        name="registration_delete",
    ),
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
