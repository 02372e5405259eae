"""The name under which an act is kept: the person's, or the job's."""

from __future__ import annotations

from entente.foundation.access.scope import current_scope
from entente.foundation.models import User


def acting_name() -> str:
    """Give the name of whoever acts now, as it stands at this moment."""
    scope = current_scope()
    by = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    return by.name if by else scope.actor_name
