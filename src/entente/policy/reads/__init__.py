"""What the room tells: decisions, their reasons, and whether they come out the same again."""

from entente.policy.reads.decisions import Explained, decision, decisions, explain, replay

__all__ = ["Explained", "decision", "decisions", "explain", "replay"]
