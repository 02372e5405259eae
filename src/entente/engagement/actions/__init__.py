"""What the room does: request sends, log calls, record what came back and what was spent."""

from entente.engagement.actions.medical_case import close_case, open_case
from entente.engagement.actions.record_expense import Meal, record_expense
from entente.engagement.actions.record_response import record_response
from entente.engagement.actions.request_send import SendRequest, request_send, request_sends
from entente.engagement.actions.touches import amend_touch, cancel_touch, log_touch, plan_touch
from entente.engagement.domain.call import Call, ItemShown

__all__ = [
    "Call",
    "ItemShown",
    "Meal",
    "SendRequest",
    "amend_touch",
    "cancel_touch",
    "close_case",
    "log_touch",
    "open_case",
    "plan_touch",
    "record_expense",
    "record_response",
    "request_send",
    "request_sends",
]
