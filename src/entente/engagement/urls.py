"""Addresses of the room."""

from django.urls import path

from entente.engagement.pages import (
    calls,
    caps,
    cases,
    expenses,
    sends,
    survey_answer,
    survey_results,
    surveys,
    touches,
)

app_name = "engagement"
urlpatterns = [
    path("sends/", sends.sends, name="sends"),
    path("sends/caps/", caps.caps, name="caps"),
    path("sends/<uuid:send_id>/", sends.send, name="send"),
    path("hcps/<uuid:hcp_id>/send/", sends.request_one, name="request_send"),
    path("hcps/<uuid:hcp_id>/medical-case/", cases.new_case, name="case_new"),
    path("medical-cases/", cases.cases, name="cases"),
    path("medical-cases/<uuid:case_id>/", cases.case, name="case"),
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
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.new_survey, name="survey_new"),
    path("surveys/usefulness/", survey_results.usefulness, name="usefulness"),
    path("surveys/<uuid:survey_id>/", surveys.survey, name="survey"),
    path("surveys/<uuid:survey_id>/change/", surveys.change_survey, name="survey_change"),
    path("surveys/<uuid:survey_id>/act/", surveys.act, name="survey_act"),
    path("surveys/<uuid:survey_id>/links/", surveys.links, name="survey_links"),
    path("surveys/<uuid:survey_id>/questions/new/", surveys.question, name="question_new"),
    path(
        "surveys/<uuid:survey_id>/questions/<uuid:question_id>/",
        surveys.question,
        name="question",
    ),
    path("surveys/<uuid:survey_id>/results/", survey_results.results, name="survey_results"),
    path("surveys/<uuid:survey_id>/answer/", survey_answer.answer_signed_in, name="survey_answer"),
    path("q/<str:token>/", survey_answer.answer_by_link, name="survey_link"),
]
