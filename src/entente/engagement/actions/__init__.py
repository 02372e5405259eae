"""What the room does: request sends, log calls, record what came back and what was spent."""

from entente.engagement.actions.inquiry_answer import Answer, answer_inquiry
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.actions.inquiry_desk import assign_inquiry, hand_over_inquiry, set_route
from entente.engagement.actions.medical_case import close_case, open_case
from entente.engagement.actions.record_expense import Meal, record_expense
from entente.engagement.actions.record_response import record_response
from entente.engagement.actions.request_send import SendRequest, request_send, request_sends
from entente.engagement.actions.safety_reports import acknowledge_report
from entente.engagement.actions.touches import amend_touch, cancel_touch, log_touch, plan_touch
from entente.engagement.domain.call import Call, ItemShown

__all__ = [
    "Answer",
    "Call",
    "ItemShown",
    "Meal",
    "Question",
    "SendRequest",
    "acknowledge_report",
    "amend_touch",
    "answer_inquiry",
    "assign_inquiry",
    "cancel_touch",
    "capture_inquiry",
    "close_case",
    "hand_over_inquiry",
    "log_touch",
    "open_case",
    "plan_touch",
    "record_expense",
    "record_response",
    "request_send",
    "request_sends",
    "set_route",
]
