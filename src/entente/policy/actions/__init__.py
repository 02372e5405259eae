"""Ask the gate and keep its answer."""

from entente.policy.actions.decide import Asked, decide, decide_many

__all__ = ["Asked", "decide", "decide_many"]
