"""Addresses of the room's pages."""

from django.urls import path

from entente.alliances.pages import campaign, campaigns, charters, money

app_name = "alliances"
ONE = "campaigns/<uuid:campaign_id>"
LINE = "campaigns/lines/<uuid:line_id>"
urlpatterns = [
    path("charters/", charters.charters, name="charters"),
    path("charters/new/", charters.add, name="charter_add"),
    path("charters/<uuid:charter_id>/", charters.charter, name="charter"),
    path("charters/<uuid:charter_id>/agree/", charters.agree, name="charter_agree"),
    path("charters/<uuid:charter_id>/end/", charters.end, name="charter_end"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.add, name="campaign_add"),
    path(f"{ONE}/", campaign.campaign, name="campaign"),
    path(f"{ONE}/agree/", campaign.agree, name="campaign_agree"),
    path(f"{ONE}/move/", campaign.move, name="campaign_move"),
    path(f"{ONE}/privacy/", campaign.pass_gate, name="campaign_privacy"),
    path(f"{ONE}/content/", campaign.choose_content, name="campaign_content"),
    path(f"{ONE}/replan/", campaign.replan, name="campaign_replan"),
    path(f"{ONE}/tasks/<uuid:task_id>/done/", campaign.complete, name="task_done"),
    path(f"{ONE}/lines/", money.add_line, name="line_add"),
    path(f"{LINE}/revise/", money.revise, name="line_revise"),
    path(f"{LINE}/commit/", money.commit, name="line_commit"),
    path(f"{LINE}/actual/", money.actual, name="line_actual"),
]
