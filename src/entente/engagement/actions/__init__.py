"""What the room does: request sends, log calls, record what came back and what was spent."""

from entente.engagement.actions.hear_mail import Heard, hear_mail
from entente.engagement.actions.import_calendar import import_calendar
from entente.engagement.actions.import_events import import_events
from entente.engagement.actions.mail_hooks import add_mail_hook, end_mail_hook, hear_hook
from entente.engagement.actions.medical_case import close_case, open_case
from entente.engagement.actions.record_expense import Meal, record_expense
from entente.engagement.actions.record_response import record_response
from entente.engagement.actions.release_address import (
    delete_mail_events,
    forget_mail_events,
    release_address,
)
from entente.engagement.actions.request_send import SendRequest, request_send, request_sends
from entente.engagement.actions.touches import amend_touch, cancel_touch, log_touch, plan_touch
from entente.engagement.domain.call import Call, ItemShown

__all__ = [
    "Call",
    "Heard",
    "ItemShown",
    "Meal",
    "SendRequest",
    "add_mail_hook",
    "amend_touch",
    "cancel_touch",
    "close_case",
    "delete_mail_events",
    "end_mail_hook",
    "forget_mail_events",
    "hear_hook",
    "hear_mail",
    "import_calendar",
    "import_events",
    "log_touch",
    "open_case",
    "plan_touch",
    "record_expense",
    "record_response",
    "release_address",
    "request_send",
    "request_sends",
]
