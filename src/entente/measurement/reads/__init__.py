"""What the room tells: the result of a campaign, the same for all its parties."""

from entente.measurement.reads.result import Cost, Reason, Result, result

__all__ = ["Cost", "Reason", "Result", "result"]
