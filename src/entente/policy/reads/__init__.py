"""What the room tells: decisions, their reasons, and whether they come out the same again."""

from entente.policy.models import Decision
from entente.policy.reads.decisions import Explained, decision, decisions, explain, replay

__all__ = ["Decision", "Explained", "decision", "decisions", "explain", "replay"]
