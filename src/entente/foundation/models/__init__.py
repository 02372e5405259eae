"""Tables of the lowest room."""

from entente.foundation.models.base import OwnedRow, Row, new_id
from entente.foundation.models.keeping import (
    IdempotencyKey,
    LedgerEntry,
    PersonKey,
    Signature,
    SignedLink,
)
from entente.foundation.models.organisation import Organisation
from entente.foundation.models.outbox import OutboxMessage
from entente.foundation.models.user import ApiToken, RoleGrant, Training, User

__all__ = [
    "ApiToken",
    "IdempotencyKey",
    "LedgerEntry",
    "Organisation",
    "OutboxMessage",
    "OwnedRow",
    "PersonKey",
    "RoleGrant",
    "Row",
    "Signature",
    "SignedLink",
    "Training",
    "User",
    "new_id",
]
