"""Tables of the room: sends and responses, touches, events, expenses, medical cases."""

from entente.engagement.models.access import (
    AccessCase,
    AccessStep,
    ProgrammeCount,
    SupportProgramme,
)
from entente.engagement.models.calendar import CalendarEntry
from entente.engagement.models.detail import Detail, DetailItem, DetailStay
from entente.engagement.models.event import (
    Attendee,
    Event,
    EventCost,
    EventCredit,
    EventSide,
    EventSpeaker,
    Invitation,
)
from entente.engagement.models.event_meal import EventMeal, EventMealPart
from entente.engagement.models.expense import Expense, ExpenseShare
from entente.engagement.models.hand_over import HandOver, Receipt, SampleRequest, SignatureKind
from entente.engagement.models.inquiry import Inquiry, InquiryMove, InquiryRoute, SafetyReport
from entente.engagement.models.insight import AdvisoryProgramme, AdvisorySelection, Insight
from entente.engagement.models.lead import Lead, LeadConsent, LeadFollowUp
from entente.engagement.models.mail_event import (
    AddressRelease,
    MailEvent,
    MailHook,
    MailHookToken,
    MailProvider,
)
from entente.engagement.models.meeting import Meeting, MeetingPlace, MeetingSlot
from entente.engagement.models.placement import (
    MessageList,
    Placement,
    PlacementAnswer,
    PlacementFigure,
    PlacementSide,
)
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
from entente.engagement.models.webinar import EventPoll, EventPollAnswer, EventQuestion

__all__ = [
    "AccessCase",
    "AccessStep",
    "AddressRelease",
    "AdvisoryProgramme",
    "AdvisorySelection",
    "Attendee",
    "CalendarEntry",
    "Carried",
    "Detail",
    "DetailItem",
    "DetailStay",
    "DomesticSales",
    "Event",
    "EventCost",
    "EventCredit",
    "EventMeal",
    "EventMealPart",
    "EventPoll",
    "EventPollAnswer",
    "EventQuestion",
    "EventSide",
    "EventSpeaker",
    "Expense",
    "ExpenseShare",
    "HandOver",
    "Inquiry",
    "InquiryMove",
    "InquiryRoute",
    "Insight",
    "Invitation",
    "Lead",
    "LeadConsent",
    "LeadFollowUp",
    "Lot",
    "MailEvent",
    "MailHook",
    "MailHookToken",
    "MailProvider",
    "Meeting",
    "MeetingPlace",
    "MeetingSlot",
    "MessageList",
    "Placement",
    "PlacementAnswer",
    "PlacementFigure",
    "PlacementSide",
    "ProgrammeCount",
    "Receipt",
    "Response",
    "SafetyReport",
    "SampleRequest",
    "Send",
    "Shown",
    "SignatureKind",
    "Stock",
    "StockMove",
    "SupportProgramme",
    "Survey",
    "SurveyBallot",
    "SurveyInvitation",
    "SurveyParty",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyText",
    "Touch",
]
