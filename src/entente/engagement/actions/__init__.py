"""What the room does: request sends, record what came back, record expenses."""

from entente.engagement.actions.medical_case import close_case, open_case
from entente.engagement.actions.record_expense import Meal, record_expense
from entente.engagement.actions.record_response import record_response
from entente.engagement.actions.request_send import SendRequest, request_send, request_sends

__all__ = [
    "Meal",
    "SendRequest",
    "close_case",
    "open_case",
    "record_expense",
    "record_response",
    "request_send",
    "request_sends",
]
