"""What the room does: choose audiences and send campaigns to them."""

from entente.planning.actions.audience import choose_audience, launch_audience, send_part

__all__ = ["choose_audience", "launch_audience", "send_part"]
