"""What the room tells: transfers of value, thresholds, who is near them."""

from entente.disclosures.reads.thresholds import Thresholds, thresholds
from entente.disclosures.reads.transfers import (
    RecipientYear,
    judge,
    months,
    order_of,
    recipients,
    transfer,
    transfers,
    year_to_date,
    years,
)

__all__ = [
    "RecipientYear",
    "Thresholds",
    "judge",
    "months",
    "order_of",
    "recipients",
    "thresholds",
    "transfer",
    "transfers",
    "year_to_date",
    "years",
]
