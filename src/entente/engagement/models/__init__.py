"""Tables of the room: sends and responses, touches, expenses, hand-overs, medical cases."""

from entente.engagement.models.expense import Expense, ExpenseShare
from entente.engagement.models.hand_over import HandOver, Receipt, SampleRequest, SignatureKind
from entente.engagement.models.mail_event import (
    AddressRelease,
    MailEvent,
    MailHook,
    MailHookToken,
    MailProvider,
)
from entente.engagement.models.medical_case import MedicalCase
from entente.engagement.models.send import Response, Send
from entente.engagement.models.stock import Carried, DomesticSales, Lot, Stock, StockMove
from entente.engagement.models.survey import (
    Survey,
    SurveyBallot,
    SurveyInvitation,
    SurveyParty,
    SurveyQuestion,
    SurveyResponse,
    SurveyText,
)
from entente.engagement.models.touch import Shown, Touch

__all__ = [
    "AddressRelease",
    "Carried",
    "DomesticSales",
    "Expense",
    "ExpenseShare",
    "HandOver",
    "Lot",
    "MailEvent",
    "MailHook",
    "MailHookToken",
    "MailProvider",
    "MedicalCase",
    "Receipt",
    "Response",
    "SampleRequest",
    "Send",
    "Shown",
    "SignatureKind",
    "Stock",
    "StockMove",
    "Survey",
    "SurveyBallot",
    "SurveyInvitation",
    "SurveyParty",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyText",
    "Touch",
]
