"""Pages of the room: the transfers of a year, and its recipients."""

from entente.disclosures.pages.transfers import recipients, transfers

__all__ = ["recipients", "transfers"]
