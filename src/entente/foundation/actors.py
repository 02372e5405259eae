"""What is known about who acts, for the gate."""

from __future__ import annotations

from entente.foundation.facts import Columns, register_columns

ACTORS = Columns(
    room="foundation",
    grain="actor",
    keys=("actor_id", "on_day"),
    facts={"actor.trained": "trained", "actor.partner_side": "partner_side"},
    select="""
        SELECT who.actor_id, who.on_day, NOT o.is_host AS partner_side,
               EXISTS (
                   SELECT 1 FROM foundation_training t
                   WHERE t.user_id = who.actor_id
                     AND who.on_day BETWEEN t.completed_on AND t.valid_until
               ) AND NOT EXISTS (
                   SELECT 1 FROM app.courses_lacking(who.actor_id, who.on_day)
               ) AS trained
        FROM (SELECT DISTINCT actor_id, on_day FROM act WHERE actor_id IS NOT NULL) who
        JOIN foundation_user u ON u.id = who.actor_id
        JOIN foundation_organisation o ON o.id = u.org_id
    """,
)


def register() -> None:
    """Say what the room knows."""
    register_columns(ACTORS)
