"""What it costs to align field forces over a million HCPs, and to look at the outcome.

Run: python bench/territories.py [HCPS] [TERRITORIES]     (default 1,000,000 HCPs, 400 territories)

A private PostgreSQL with its disk settings on holds so many HCPs in fifty states and a thousand
ZIP prefixes. Two field forces: one by three-digit ZIP prefixes, one by states. Printed: the first
alignment, which writes everybody; one in which nothing changed; one after a rule changed; and
what the pages ask, as the serving role under row-level security. The peer in the same run is a
plain copy of as many rows into a table without keys, the least that writing them costs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="entente-bench-"))
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "ENTENTE_ANCHORS"):
    os.environ.pop(name, None)
os.environ |= {"ENTENTE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "config.settings"}
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402
import psycopg  # noqa: E402

from entente.foundation.database import NAME, private_server  # noqa: E402

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
TIMES: dict[str, float] = {}


@contextmanager
def timed(what: str):
    """Take the time of a step."""
    began = time.perf_counter()
    yield
    TIMES[what] = round(time.perf_counter() - began, 3)
    print(f"{what:<58} {TIMES[what]:8.3f} s", flush=True)


def people(n_hcps: int) -> None:
    """Write HCPs as copies of one, spread over states, ZIP prefixes and two specialties."""
    from entente.directory.domain.territories import TILES

    states = "ARRAY[" + ",".join(f"'{s}'" for s in sorted(TILES)) + "]"
    changes = {
        "id": "gen_random_uuid()",
        "npi": "NULL",
        "name_key": "'bench ' || lpad(n::text, 8, '0')",
        "us_state": f"({states})[1 + n % {len(TILES)}]",
        "postal_code": "lpad(((n::bigint * 7919) % 100000)::text, 5, '0')",
        "specialty": "CASE WHEN n % 3 = 0 THEN 'Oncology' ELSE 'Cardiology' END",
    }
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        names = [
            row[0]
            for row in session.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = 'directory_hcp' AND is_generated = 'NEVER'"
                " ORDER BY ordinal_position"
            )
        ]
        values = ", ".join(changes.get(each, f't."{each}"') for each in names)
        session.execute(
            f"INSERT INTO directory_hcp ({', '.join(names)}) SELECT {values}"
            f" FROM (SELECT * FROM directory_hcp LIMIT 1) t, generate_series(1, {n_hcps}) n"
        )
        session.execute("VACUUM ANALYZE directory_hcp")
        with timed("peer: as many rows copied into a table without keys"):
            session.execute("CREATE UNLOGGED TABLE peer AS SELECT id, us_state FROM directory_hcp")


def main() -> None:
    """Build, align three times, look."""
    n_hcps = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    n_territories = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    django.setup()
    from django.db import connection

    from entente.directory import actions
    from entente.directory.actions import Ground
    from entente.directory.domain.territories import TILES
    from entente.directory.reads import territories as reads
    from entente.foundation.access.scope import act_as
    from entente.foundation.administration import initialise
    from entente.foundation.web.lists import part_of
    from tests.cast import Cast, build_cast

    initialise()
    build_cast(AT)
    cast, today = Cast.found(), AT.date()
    with act_as(cast.system()):
        actions.add_hcp(
            family_name="Bench", given_name="A", country="US", profession="physician", at=AT,
            us_state="MA", city="Testford",
        )  # fmt: skip
    with timed(f"{n_hcps:,} HCPs written"):
        people(n_hcps)
    with act_as(cast.system()):
        prefixes = [f"{n:03}" for n in range(1000)]
        first = [
            actions.add_territory(
                f"T{n:04}", "Cardiology", "geographic",
                Ground(zip_prefixes=prefixes[n::n_territories]), from_on=today, at=AT,
            )
            for n in range(n_territories)
        ]  # fmt: skip
        for state in sorted(TILES)[:40]:
            actions.add_territory(
                state, "Oncology", "geographic",
                Ground(states=(state,), specialties=("Oncology",)), from_on=today, at=AT,
            )  # fmt: skip
    for what, day in (("first alignment", 0), ("nothing changed", 1), ("one rule changed", 2)):
        on = today + timedelta(days=day)
        with act_as(cast.system()):
            if day == 2:
                changed = Ground(zip_prefixes=("001",))
                actions.change_territory(first[0].id, changed, from_on=on, at=AT)
            with timed(f"alignment: {what}"):
                done = actions.align_territories(as_of=on, at=AT)
            print(f"  begun {done.n_begun:,}, ended {done.n_ended:,}, members {done.n_members:,}")
    with psycopg.connect(private_server().dsn(NAME), autocommit=True) as session:
        session.execute("VACUUM ANALYZE directory_territorymember")
    with act_as(cast.system()):
        reads.territories().first()
        with timed("page: the first part of a territory's people"):
            part_of(reads.people_in(first[1].id, on), reads.PEOPLE_ORDER, {})
        with timed("page: whom nobody covers, first part"):
            part = part_of(reads.white_space(on, {}), reads.PEOPLE_ORDER, {})
            assert part is not None
        with timed("page: whom nobody of one force covers, first part"):
            part_of(reads.white_space(on, {"force": "Oncology"}), reads.PEOPLE_ORDER, {})
        with timed("page: whom two forces cover, first part"):
            part_of(reads.double_cover(on, {}), reads.PEOPLE_ORDER, {})
        with timed("page: the map's counts"):
            reads.cover_by_state(reads.last_alignment())
        with timed("preview of an alignment"):
            actions.preview_alignment(as_of=on)
        actions.agree_to_compare(cast.partner.id, at=AT)
    with act_as(cast.system(cast.partner)):
        actions.agree_to_compare(cast.host.id, at=AT)
        with timed("counts over two organisations"):
            reads.joint_cover(cast.host.id, today + timedelta(days=20))
    print(json.dumps({"hcps": n_hcps, "territories": n_territories, "seconds": TIMES}))
    connection.close()


if __name__ == "__main__":
    private_server().start()
    try:
        main()
    finally:
        private_server().destroy()
        shutil.rmtree(HOME, ignore_errors=True)
