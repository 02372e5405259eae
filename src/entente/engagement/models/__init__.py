"""Tables of the room: sends, responses, expenses, cases, surveys."""

from entente.engagement.models.expense import Expense, ExpenseShare
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

__all__ = [
    "Expense",
    "ExpenseShare",
    "MedicalCase",
    "Response",
    "Send",
    "Survey",
    "SurveyBallot",
    "SurveyInvitation",
    "SurveyParty",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyText",
]
