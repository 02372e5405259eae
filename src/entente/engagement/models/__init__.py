"""Tables of the room: sends and responses, touches, expenses, inquiries, access, insights."""

from entente.engagement.models.access import (
    AccessCase,
    AccessStep,
    ProgrammeCount,
    SupportProgramme,
)
from entente.engagement.models.expense import Expense, ExpenseShare
from entente.engagement.models.inquiry import Inquiry, InquiryMove, InquiryRoute, SafetyReport
from entente.engagement.models.insight import AdvisoryProgramme, AdvisorySelection, Insight
from entente.engagement.models.send import Response, Send
from entente.engagement.models.touch import Shown, Touch

__all__ = [
    "AccessCase",
    "AccessStep",
    "AdvisoryProgramme",
    "AdvisorySelection",
    "Expense",
    "ExpenseShare",
    "Inquiry",
    "InquiryMove",
    "InquiryRoute",
    "Insight",
    "ProgrammeCount",
    "Response",
    "SafetyReport",
    "Send",
    "Shown",
    "SupportProgramme",
    "Touch",
]
