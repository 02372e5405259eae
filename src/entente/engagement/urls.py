"""Addresses of the room."""

from django.urls import path

from entente.engagement.pages import caps, cases, expenses, hook_door, mail_events, sends

app_name = "engagement"
urlpatterns = [
    path("sends/", sends.sends, name="sends"),
    path("sends/caps/", caps.caps, name="caps"),
    path("sends/<uuid:send_id>/", sends.send, name="send"),
    path("mail-events/", mail_events.mail_events, name="mail_events"),
    path("mail-events/<uuid:event_id>/", mail_events.mail_event, name="mail_event"),
    path("mail-events/<uuid:event_id>/release/", mail_events.release, name="address_release"),
    path("mail-hooks/", mail_events.mail_hooks, name="mail_hooks"),
    path("mail-hooks/<uuid:hook_id>/end/", mail_events.end_hook, name="mail_hook_end"),
    path("hooks/mail/<slug:provider>/<uuid:hook_id>/", hook_door.hear, name="hook_door"),
    path("hcps/<uuid:hcp_id>/send/", sends.request_one, name="request_send"),
    path("hcps/<uuid:hcp_id>/medical-case/", cases.new_case, name="case_new"),
    path("medical-cases/", cases.cases, name="cases"),
    path("medical-cases/<uuid:case_id>/", cases.case, name="case"),
    path("expenses/", expenses.expenses, name="expenses"),
    path("expenses/new/", expenses.new_expense, name="expense_new"),
    path("expenses/people/", expenses.find_people, name="expense_people"),
    path("expenses/<uuid:expense_id>/", expenses.expense, name="expense"),
]
