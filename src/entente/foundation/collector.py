"""Keep the collector of unreachable objects away from what lives as long as the process."""

from __future__ import annotations

import gc

# Objects made before the collector looks at the young ones: a request makes some thousands.
_YOUNG = 20_000


def leave_what_stays() -> None:
    """Never look again at what is loaded by now; called once, before a server's first request.

    Modules, compiled rules and models are never given up, yet each full collection walks all of
    them, in the middle of somebody's request: that is what the slowest answers wait for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 100)
