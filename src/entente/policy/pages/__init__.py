"""Pages of the room: decisions and rules."""

from entente.policy.pages.decisions import decision, decisions, replay
from entente.policy.pages.rules import rule, rules

__all__ = ["decision", "decisions", "replay", "rule", "rules"]
