"""Addresses of the room."""

from django.urls import path

from entente.engagement.pages import (
    asked,
    calls,
    caps,
    expenses,
    inquiries,
    inquiry,
    inquiry_routes,
    sends,
    touches,
)

app_name = "engagement"
urlpatterns = [
    path("sends/", sends.sends, name="sends"),
    path("sends/caps/", caps.caps, name="caps"),
    path("sends/<uuid:send_id>/", sends.send, name="send"),
    path("hcps/<uuid:hcp_id>/send/", sends.request_one, name="request_send"),
    path("hcps/<uuid:hcp_id>/question/", inquiries.capture, name="inquiry_new"),
    path("hcps/<uuid:hcp_id>/question-link/", asked.make, name="question_link"),
    path("questions/", inquiries.inquiries, name="inquiries"),
    path("questions/mine/", inquiries.mine, name="my_inquiries"),
    path("questions/routes/", inquiry_routes.routes, name="inquiry_routes"),
    path("questions/<uuid:inquiry_id>/", inquiry.inquiry, name="inquiry"),
    path("drug-safety/", inquiry_routes.reports, name="safety"),
    path("drug-safety/<uuid:report_id>/", inquiry_routes.report, name="safety_report"),
    path("q/<str:token>/", asked.ask, name="ask"),
    path("calls/log/", calls.log, name="call_log"),
    path("calls/plan/", calls.plan, name="call_plan"),
    path("calls/ready/", calls.ready, name="call_ready"),
    path("calls/people/", calls.people, name="call_people"),
    path("calls/worker.js", calls.worker, name="call_worker"),
    path("calls/", touches.touches, name="touches"),
    path("calls/<uuid:touch_id>/", touches.touch, name="touch"),
    path("calls/<uuid:touch_id>/amend/", touches.amend, name="touch_amend"),
    path("calls/<uuid:touch_id>/cancel/", touches.cancel, name="touch_cancel"),
    path("expenses/", expenses.expenses, name="expenses"),
    path("expenses/new/", expenses.new_expense, name="expense_new"),
    path("expenses/people/", expenses.find_people, name="expense_people"),
    path("expenses/<uuid:expense_id>/", expenses.expense, name="expense"),
]
