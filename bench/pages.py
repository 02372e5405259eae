"""What the directory's pages cost at a million HCPs: search, list and one person, as HTML.

Run: python bench/pages.py [HCPS]                       (default 1,000,000 HCPs)

A registry file of so many people is generated and loaded by the import itself; the site runs as
`entente up` runs it. Sixteen signed-in representatives ask for whole pages over HTTP: first with
two seconds of thought between pages, then without. Printed for each kind of page: p50 and p95 in
milliseconds with thought, requests per second without, and beside them what was measured of
Odoo 17 on like work and a like machine (its own JSON calls, no HTML). The peer in the same run is
PostgreSQL alone, asked the page's main query by sixteen connections.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

HOME = Path(tempfile.mkdtemp(prefix="entente-bench-"))
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "ENTENTE_ANCHORS"):
    os.environ.pop(name, None)
os.environ |= {"ENTENTE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "config.settings"}
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
import psycopg  # noqa: E402

from bench.inputs.registry_file import write_registry_file  # noqa: E402
from entente.foundation.database import NAME, private_server  # noqa: E402

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
N_USERS, THINK_S, THINKING_S, PUSHING_S = 16, 2.0, 40.0, 12.0
# Requests per second of 16 clients, from the study that the design cites; see docs/reference.
ODOO = {"list": 76, "search": 39, "person": 107}


def load(n_hcps: int, cast) -> None:
    """Generate and import a registry with so many people."""
    from entente.directory.actions.imports import nppes_kind
    from entente.directory.long_loads import load_in_parts

    path = HOME / "npidata.csv"
    write_registry_file(path, n_hcps * 6 // 5)
    began = time.perf_counter()
    load_in_parts(nppes_kind(AT), path, cast.system(), clock=lambda: AT)
    path.unlink()
    print(f"{n_hcps:,} HCPs loaded in {time.perf_counter() - began:.0f} s", flush=True)
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        session.execute("VACUUM ANALYZE")


def work(n: int) -> dict[str, list[str]]:
    """Give addresses of each kind of page, each different, in random order."""
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        people = session.execute(
            "SELECT id, family_name, name_key FROM directory_hcp TABLESAMPLE system (1) LIMIT %s",
            [n],
        ).fetchall()
        states = [s for (s,) in session.execute("SELECT DISTINCT us_state FROM directory_hcp")]
    random.Random(6).shuffle(people)
    return {
        "list": [f"/hcps/?state={states[i % len(states)]}" for i in range(n)],
        "search": [f"/hcps/?q={name[:5].lower()}" for _, name, _ in people],
        "person": [f"/hcps/{id}/" for id, _, _ in people],
    }


class Client:
    """One signed-in user on one kept connection; knows just enough HTTP to count and to check."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie = port, cookie
        self._streams = None

    async def get(self, address: str) -> float:
        """Ask for a page and give the seconds until its last byte."""
        began = time.perf_counter()
        try:
            await self._exchange(address)
        except (asyncio.IncompleteReadError, ConnectionError):
            # The server let go of an idle connection; a browser opens another.
            self._streams = None
            await self._exchange(address)
        return time.perf_counter() - began

    async def _exchange(self, address: str) -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(
            f"GET {address} HTTP/1.1\r\nHost: localhost\r\nCookie: {self._cookie}\r\n"
            "Accept-Encoding: identity\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        assert " 200 " in head.split("\r\n", 1)[0], head
        if "content-length:" in head:
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        else:
            while size := int((await reader.readline()).strip(), 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        if "connection: close" in head:
            writer.close()
            self._streams = None


async def ask(port: int, cookies: list[str], addresses: list[str], think_s: float, last_s: float):
    """Have all users ask for pages for some seconds; give each page's seconds."""
    pages, took = itertools.cycle(addresses), []
    end = time.perf_counter() + last_s

    async def user(n: int) -> None:
        client, chance = Client(port, cookies[n]), random.Random(n)
        await asyncio.sleep(chance.random() * think_s)
        while time.perf_counter() < end:
            took.append(await client.get(next(pages)))
            if think_s:
                await asyncio.sleep(think_s * chance.uniform(0.5, 1.5))

    await asyncio.gather(*(user(n) for n in range(N_USERS)))
    return took


def floor(addresses: dict[str, list[str]]) -> dict[str, float]:
    """Give requests per second of PostgreSQL alone on each page's main query."""
    asked = {
        "list": ("SELECT * FROM directory_hcp WHERE us_state = %s ORDER BY name_key, id LIMIT 51",
                 lambda a: a.split("=")[1]),
        "search": ("SELECT * FROM directory_hcp WHERE search_text LIKE %s LIMIT 51",
                   lambda a: f"%{a.split('=')[1]}%"),
        "person": ("SELECT * FROM directory_hcp WHERE id = %s", lambda a: a.split("/")[2]),
    }  # fmt: skip
    rates = {}

    async def one(kind: str) -> int:
        n, sql, value = 0, asked[kind][0], asked[kind][1]
        pages, end = itertools.cycle(addresses[kind]), time.perf_counter() + 4

        async def client() -> None:
            nonlocal n
            dsn = private_server().dsn(NAME)
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as session:
                while time.perf_counter() < end:
                    await (await session.execute(sql, [value(next(pages))])).fetchall()
                    n += 1

        await asyncio.gather(*(client() for _ in range(N_USERS)))
        return n

    for kind in asked:
        rates[kind] = asyncio.run(one(kind)) / 4
    return rates


def sign_in(cast) -> list[str]:
    """Give the cookie of a session for each user."""
    from django.test import Client as Browser

    from entente.foundation.access.roles import Role
    from entente.foundation.access.scope import signing_in
    from tests.visitors import BACKEND

    cookies = []
    user = cast.user(Role.REPRESENTATIVE)
    for _ in range(N_USERS):
        browser = Browser()
        with signing_in():
            browser.force_login(user, backend=BACKEND)
        cookies.append(f"session={browser.cookies['session'].value}")
    return cookies


def main() -> None:
    """Load, serve, ask, print."""
    n_hcps = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    server = private_server()
    server.start()
    django.setup()
    from entente.foundation.administration import initialise
    from entente.foundation.supervisor import Supervisor, free_port, web_command
    from tests.cast import Cast, build_cast

    running = Supervisor({})
    try:
        initialise()
        build_cast(AT)
        cast = Cast.found()
        load(n_hcps, cast)
        addresses = work(4_000)
        port = free_port(26_000)
        running.start("web", web_command(port), ENTENTE_PROCESS="web")
        running.await_port("web", port)
        cookies = sign_in(cast)
        floors = floor(addresses)
        print(f"{'page':<8} {'p50 ms':>8} {'p95 ms':>8} {'pages/s':>8} {'Odoo/s':>8} {'ratio':>6}"
              f" {'database alone/s':>17}")  # fmt: skip
        for kind, pages in addresses.items():
            asyncio.run(ask(port, cookies, pages[:64], 0, 3))
            calm = asyncio.run(ask(port, cookies, pages, THINK_S, THINKING_S))
            p95 = quantiles(calm, n=20)[18]
            pushed = len(asyncio.run(ask(port, cookies, pages, 0, PUSHING_S))) / PUSHING_S
            print(f"{kind:<8} {1000 * median(calm):8.1f} {1000 * p95:8.1f} {pushed:8.1f}"
                  f" {ODOO[kind]:8} {pushed / ODOO[kind]:6.2f} {floors[kind]:17,.0f}",
                  flush=True)  # fmt: skip
    finally:
        running.stop()
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
