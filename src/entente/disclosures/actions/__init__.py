"""What the room does: capture transfers of value from what was spent."""

from entente.disclosures.actions.capture import capture_item, capture_transfers

__all__ = ["capture_item", "capture_transfers"]
