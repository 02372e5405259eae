"""A local SMTP server that keeps every message it is given and passes none on.

Run as ``python -m entente.demo.catcher PORT FOLDER``.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import uuid_utils
from aiosmtpd.smtp import SMTP


class Keeper:
    """Writes each message to a file of its own, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a message; it is acknowledged only once it lies on disk."""
        name = f"{uuid_utils.uuid7()}.eml"
        part = self._folder / f".{name}.part"
        with part.open("wb") as out:
            out.write(f"X-Caught-For: {', '.join(envelope.rcpt_tos)}\r\n".encode())
            out.write(envelope.content)
        part.rename(self._folder / name)
        return "250 kept"


async def _serve(port: int, folder: Path) -> None:
    keeper, loop = Keeper(folder), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="catcher.test", enable_SMTPUTF8=True), "127.0.0.1", port
    )
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    await ending.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
