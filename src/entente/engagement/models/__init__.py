"""Tables of the room: sends, responses, expenses."""

from entente.engagement.models.expense import Expense, ExpenseShare
from entente.engagement.models.medical_case import MedicalCase
from entente.engagement.models.send import Response, Send

__all__ = ["Expense", "ExpenseShare", "MedicalCase", "Response", "Send"]
