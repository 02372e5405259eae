"""What the ledger costs its writers, beside no ledger and beside one chain under one lock.

Run: python bench/ledger.py [seconds per run]

Each act writes one row of an ordinary table as the serving role, under row-level security,
on a private PostgreSQL with its disk settings on: alone, with a ledger entry, and with an
entry in a chain where each writer waits for the one before (the usual design). Runs are
paired, one after the other at the same number of clients, since machines differ.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

HOME = Path(tempfile.mkdtemp(prefix="entente-bench-"))
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "ENTENTE_ANCHORS"):
    os.environ.pop(name, None)
os.environ |= {"ENTENTE_HOME": str(HOME), "DJANGO_SETTINGS_MODULE": "config.settings"}
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import django  # noqa: E402
import psycopg  # noqa: E402

from entente.foundation.database import NAME, private_server  # noqa: E402
from entente.foundation.embedded import binary  # noqa: E402

ACT = """
BEGIN;
SELECT set_config('app.org', '{org}', true);
INSERT INTO foundation_signedlink
    (id, org_id, purpose, person_id, object_kind, object_id, expires_at)
VALUES (gen_random_uuid(), '{org}', 'bench', gen_random_uuid(), 't', gen_random_uuid(), now());
{entry}
COMMIT;
"""
ENTRY = """
INSERT INTO foundation_ledgerentry (body, mac) VALUES (
  format('{{"actor":null,"at":1,"by":"bench","counterparty":null,"decision":null,'
         '"details":{{}},"id":"%s","kind":"t","object":"%s","org":"{org}","personal":{{}},'
         '"verb":"bench.thing.done"}}',
         gen_random_uuid(), gen_random_uuid()), sha256('mac'));
"""
CHAIN = """
SELECT pg_advisory_xact_lock(1);
INSERT INTO bench_chain (body, hash) SELECT 'x',
  sha256(coalesce((SELECT hash FROM bench_chain ORDER BY n DESC LIMIT 1), '') || 'x');
"""
CHAIN_TABLE = """
CREATE TABLE bench_chain (n bigserial PRIMARY KEY, body text, hash bytea);
GRANT SELECT, INSERT ON bench_chain TO entente_runtime;
GRANT USAGE ON SEQUENCE bench_chain_n_seq TO entente_runtime;
"""


def rate(script: str, clients: int, seconds: int) -> float:
    """Give transactions a second, by pgbench."""
    path = HOME / "act.sql"
    path.write_text(script)
    told = subprocess.run(
        [binary("pgbench"), "-n", "-h", str(private_server().socket), "-U", "entente_runtime",
         "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(path), NAME],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", told.stdout)
    assert found, told.stdout
    return float(found.group(1))


def sealing_and_verifying() -> None:
    """Print how fast what was written is sealed, and the whole is verified."""
    from entente.foundation.ledger.seal import seal
    from entente.foundation.ledger.trust import reading_connection
    from entente.foundation.ledger.verify import verify

    begun, n = time.perf_counter(), 0
    while sealed := seal(at=datetime.now(UTC)):
        n += sealed
    took = time.perf_counter() - begun
    print(f"sealed   {n:>9,} entries in {took:6.2f} s, {n / took:>9,.0f} a second")
    from entente.foundation.ledger.trust import own_trust

    begun = time.perf_counter()
    with reading_connection() as session:
        report = verify(session, own_trust())
    took = time.perf_counter() - begun
    print(
        f"verified {report.n_entries:>9,} entries in {took:6.2f} s, "
        f"{report.n_entries / took:>9,.0f} a second"
    )


def main() -> None:
    """Measure at 1, 8 and 32 clients and print the table."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    server = private_server()
    try:
        server.start()
        django.setup()
        from entente.foundation.administration import initialise
        from entente.foundation.organisations import found_host

        initialise()
        host = found_host(name="Bench", country="US", time_zone="UTC", at=datetime.now(UTC))
        with psycopg.connect(server.dsn(NAME)) as session:
            session.execute(CHAIN_TABLE)
        acts = {
            "no ledger": ACT.format(org=host.id, entry=""),
            "ledger": ACT.format(org=host.id, entry=ENTRY.format(org=host.id)),
            "one chain": ACT.format(org=host.id, entry=CHAIN),
        }
        print(f"{'clients':>7} " + " ".join(f"{name:>12}" for name in acts) + "   ledger/none")
        for clients in (1, 8, 32):
            # In turns, and the middle one of three: a machine is not alike for a minute.
            runs = [
                {name: rate(script, clients, seconds) for name, script in acts.items()}
                for _ in range(3)
            ]
            rates = {name: median(run[name] for run in runs) for name in acts}
            share = median(run["ledger"] / run["no ledger"] for run in runs)
            print(
                f"{clients:>7} " + " ".join(f"{tps:>8,.0f} tps" for tps in rates.values())
                + f"   {share:.2f}"
            )  # fmt: skip
        sealing_and_verifying()
    finally:
        from django.db import connection

        connection.close()
        server.destroy()
        shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()
