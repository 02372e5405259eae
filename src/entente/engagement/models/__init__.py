"""Tables of the room: sends, responses, what came back for e-mails, expenses."""

from entente.engagement.models.expense import Expense, ExpenseShare
from entente.engagement.models.mail_event import (
    AddressRelease,
    MailEvent,
    MailHook,
    MailHookToken,
    MailProvider,
)
from entente.engagement.models.medical_case import MedicalCase
from entente.engagement.models.send import Response, Send

__all__ = [
    "AddressRelease",
    "Expense",
    "ExpenseShare",
    "MailEvent",
    "MailHook",
    "MailHookToken",
    "MailProvider",
    "MedicalCase",
    "Response",
    "Send",
]
