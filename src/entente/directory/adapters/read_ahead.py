"""Read the next chunks of a file while the database is busy with the last ones."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
_N_WAITING = 3
_STEP_S = 0.1


@contextmanager
def read_ahead(items: Iterable[Item]) -> Iterator[Iterator[Item]]:
    """Give an iterator whose next items are made in a thread; a few wait, never more.

    The thread ends with the block. What it raises is raised where the item is taken.
    """
    waiting: queue.Queue[tuple[Item] | BaseException | None] = queue.Queue(_N_WAITING)
    stop = threading.Event()

    def put(item: tuple[Item] | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=_STEP_S)
            except queue.Full:
                continue
            return True
        return False

    def make() -> None:
        try:
            for item in items:
                if not put((item,)):
                    return
        except BaseException as wrong:
            put(wrong)
            return
        put(None)

    def take() -> Iterator[Item]:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]

    maker = threading.Thread(target=make, name="read-ahead", daemon=True)
    maker.start()
    try:
        yield take()
    finally:
        stop.set()
        maker.join()
