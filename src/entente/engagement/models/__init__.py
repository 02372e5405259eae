"""Tables of the room: sends and responses, touches, expenses, inquiries."""

from entente.engagement.models.expense import Expense, ExpenseShare
from entente.engagement.models.inquiry import Inquiry, InquiryMove, InquiryRoute, SafetyReport
from entente.engagement.models.send import Response, Send
from entente.engagement.models.touch import Shown, Touch

__all__ = [
    "Expense",
    "ExpenseShare",
    "Inquiry",
    "InquiryMove",
    "InquiryRoute",
    "Response",
    "SafetyReport",
    "Send",
    "Shown",
    "Touch",
]
