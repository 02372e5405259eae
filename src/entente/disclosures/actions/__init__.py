"""What the room does: capture transfers of value from what was spent."""

from entente.disclosures.actions.capture import capture_transfers

__all__ = ["capture_transfers"]
