"""The ledger: every act, sensitive read and export, in entries that cannot be altered unseen."""

from entente.foundation.ledger.append import Entry, append, append_many

__all__ = ["Entry", "append", "append_many"]
