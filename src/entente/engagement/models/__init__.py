"""Tables of the room: sends and responses, touches, events, expenses, medical cases."""

from entente.engagement.models.calendar import CalendarEntry
from entente.engagement.models.event import (
    Attendee,
    Event,
    EventCost,
    EventCredit,
    EventSide,
    EventSpeaker,
    Invitation,
)
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
    "Attendee",
    "CalendarEntry",
    "Event",
    "EventCost",
    "EventCredit",
    "EventSide",
    "EventSpeaker",
    "Expense",
    "ExpenseShare",
    "Invitation",
    "MailEvent",
    "MailHook",
    "MailHookToken",
    "MailProvider",
    "MedicalCase",
    "Response",
    "Send",
    "Shown",
    "Survey",
    "SurveyBallot",
    "SurveyInvitation",
    "SurveyParty",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyText",
    "Touch",
]
