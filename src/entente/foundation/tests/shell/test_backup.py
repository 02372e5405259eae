"""A backup restores into an empty database, whole, and its ledger verifies."""

from __future__ import annotations

import psycopg
import pytest

from entente.foundation import administration
from entente.foundation.access.rls import RUNTIME
from entente.foundation.administration import AdministrationError, back_up, restore
from entente.foundation.database import private_server
from entente.foundation.ledger.anchors import anchor
from entente.foundation.ledger.trust import own_trust
from entente.foundation.ledger.verify import verify
from entente.foundation.models import new_id

TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1
"""


def counts(session: psycopg.Connection) -> dict[str, int]:
    tables = [name for (name,) in session.execute(TABLES).fetchall()]
    return {
        table: session.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
    }


@pytest.fixture
def elsewhere(committed, monkeypatch):
    """Another, empty database of the same server, which ``restore`` is pointed at."""
    if administration.os.environ.get("DATABASE_URL"):
        pytest.skip("restores into a second database of the private server; unset DATABASE_URL")
    name = f"entente_restored_{new_id().hex}"

    def point() -> str:
        monkeypatch.setattr(administration, "NAME", name)
        return private_server().dsn(name)

    yield point
    with psycopg.connect(private_server().dsn(), autocommit=True) as session:
        session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.promise("P29")
@pytest.mark.promise("P7")
def test_what_is_restored_is_what_was_backed_up(
    superuser, sealed_ledger, elsewhere, tmp_path, noon
):
    anchor(at=noon)
    before = counts(superuser)
    kept = tmp_path / "monday.dump"
    back_up(kept)
    assert [path.name for path in tmp_path.glob("monday*")] == ["monday.dump"]
    address = elsewhere()
    restore(kept)
    with psycopg.connect(address) as session:
        assert counts(session) == before
        assert before["foundation_ledgerentry"] >= len(sealed_ledger)
        report = verify(session, own_trust())
        assert report.sound, report.faults
        assert report.n_entries >= len(sealed_ledger)
        session.execute(f"SET ROLE {RUNTIME}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no organisation"):
            session.execute("SELECT * FROM foundation_signedlink")
    with pytest.raises(AdministrationError, match="not empty"):
        restore(kept)


@pytest.mark.promise("P29")
def test_a_backup_that_fails_leaves_no_file_and_a_bad_file_nothing_restored(elsewhere, tmp_path):
    missing = tmp_path / "nowhere" / "x.dump"
    with pytest.raises(AdministrationError, match="the backup failed"):
        back_up(missing)
    with pytest.raises(AdministrationError, match="there is no file"):
        restore(missing)
    address = elsewhere()
    torn = tmp_path / "torn.dump"
    torn.write_bytes(b"PGDMP" + bytes(100))
    with pytest.raises(AdministrationError, match="the restore failed"):
        restore(torn)
    with psycopg.connect(address) as session:
        assert counts(session) == {}


@pytest.mark.promise("P1")
def test_a_server_refuses_to_serve_as_somebody_too_mighty(committed, monkeypatch):
    from django.db import connection

    administration.refuse_to_serve_as_owner()
    for login in ("entente_owner", "postgres"):
        monkeypatch.setitem(connection.settings_dict, "USER", login)
        connection.close()
        with pytest.raises(AdministrationError, match=login):
            administration.refuse_to_serve_as_owner()
    monkeypatch.undo()
    connection.close()
