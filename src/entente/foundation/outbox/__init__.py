"""The outbox: what must leave is written with the act and delivered once."""

from entente.foundation.outbox.post import post, post_many
from entente.foundation.outbox.topics import Guards, Prepared, Topic, Withheld, register
from entente.foundation.outbox.withhold import withhold_waiting

__all__ = [
    "Guards",
    "Prepared",
    "Topic",
    "Withheld",
    "post",
    "post_many",
    "register",
    "withhold_waiting",
]
