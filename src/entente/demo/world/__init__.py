"""An invented world, written as files in the formats that registries really use.

Nobody in it exists: NPIs begin with 2, a range not in use when this was written; e-mail addresses
end in ``.test``; each postal address says that it is invented. The same seed and moment give the
same bytes.
"""

from __future__ import annotations

from entente.demo.world.permissions import generate_consents_for, write_consents_for
from entente.demo.world.write import DEFAULT_CONTROLLERS, World, write_world

__all__ = [
    "DEFAULT_CONTROLLERS",
    "World",
    "generate_consents_for",
    "write_consents_for",
    "write_world",
]
