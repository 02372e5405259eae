"""What an intruder with a superuser's rights does to the ledger; each returns whom it touched."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg

from entente.foundation.domain.merkle import chain_root, leaf_hash, merkle_root


@dataclass
class Attack:
    """A session without triggers, and the sequence numbers of the sealed entries."""

    session: psycopg.Connection[Any]
    seqs: list[int]
    random: Random

    def __post_init__(self) -> None:
        self.session.execute("SET LOCAL session_replication_role = replica")

    def one(self) -> int:
        return self.random.choice(self.seqs)

    def do(self, statement: str, *values: object) -> int:
        return self.session.execute(statement, values).rowcount


def change_the_text(a: Attack) -> int:
    seq = a.one()
    body = a.session.execute("SELECT body FROM foundation_ledgerentry WHERE seq = %s", [seq])
    text = body.fetchone()[0]
    place = text.index('"n":') + 4
    a.do(
        "UPDATE foundation_ledgerentry SET body = %s WHERE seq = %s",
        text[:place] + "7" + text[place:], seq,
    )  # fmt: skip
    return seq


def change_one_byte(a: Attack) -> int:
    seq = a.one()
    body = a.session.execute("SELECT body FROM foundation_ledgerentry WHERE seq = %s", [seq])
    text = body.fetchone()[0]
    start = text.index('"by":"') + 6
    place = a.random.randrange(start, start + 4)
    letter = "x" if text[place] != "x" else "y"
    a.do(
        "UPDATE foundation_ledgerentry SET body = %s WHERE seq = %s",
        text[:place] + letter + text[place + 1 :], seq,
    )  # fmt: skip
    return seq


def change_text_and_hashes(a: Attack) -> int:
    seq = change_the_text(a)
    body = a.session.execute("SELECT body FROM foundation_ledgerentry WHERE seq = %s", [seq])
    leaf = leaf_hash(seq, body.fetchone()[0])
    a.do("UPDATE foundation_ledgerentry SET leaf = %s WHERE seq = %s", leaf, seq)
    a.do("UPDATE foundation_ledgerleaf SET leaf = %s WHERE seq = %s", leaf, seq)
    return seq


def change_everything_up_to_the_root(a: Attack) -> int:
    seq = change_text_and_hashes(a)
    rebuild_batches(a)
    return seq


def rebuild_batches(a: Attack) -> None:
    """Recompute roots and chain as the sealer would, with signatures that are not its."""
    before = bytes(32)
    batches = a.session.execute("SELECT number FROM foundation_ledgerbatch ORDER BY number")
    for (number,) in batches.fetchall():
        found = a.session.execute(
            "SELECT seq, leaf FROM foundation_ledgerleaf WHERE batch = %s ORDER BY seq", [number]
        ).fetchall()
        root = merkle_root([bytes(leaf) for _, leaf in found])
        before = chain_root(before, root, number, len(found))
        a.do(
            "UPDATE foundation_ledgerbatch SET n_entries = %s, root = %s, chained = %s, seqs = %s"
            " WHERE number = %s",
            len(found), root, before, [seq for seq, _ in found], number,
        )  # fmt: skip


def turn_a_computed_column(a: Attack) -> int:
    seq, column = a.one(), a.random.choice(["verb", "object_kind"])
    a.do(f"ALTER TABLE foundation_ledgerentry ALTER COLUMN {column} DROP EXPRESSION")
    a.do(f"UPDATE foundation_ledgerentry SET {column} = 'innocent' WHERE seq = %s", seq)
    return seq


def give_to_another_organisation(a: Attack) -> int:
    seq = a.one()
    a.do("ALTER TABLE foundation_ledgerentry ALTER COLUMN org_id DROP EXPRESSION")
    a.do("UPDATE foundation_ledgerentry SET org_id = gen_random_uuid() WHERE seq = %s", seq)
    return seq


def change_the_moment(a: Attack) -> int:
    seq = a.one()
    a.do("ALTER TABLE foundation_ledgerentry ALTER COLUMN at_us DROP EXPRESSION")
    a.do("UPDATE foundation_ledgerentry SET at_us = at_us + 1 WHERE seq = %s", seq)
    return seq


def change_the_mac(a: Attack) -> int:
    seq = a.one()
    forged = hmac.new(b"guess", b"", hashlib.sha256).digest()
    a.do("UPDATE foundation_ledgerentry SET mac = %s WHERE seq = %s", forged, seq)
    return seq


def change_the_leaf(a: Attack) -> int:
    seq = a.one()
    a.do("UPDATE foundation_ledgerentry SET leaf = sha256('') WHERE seq = %s", seq)
    return seq


def change_the_sealed_leaf(a: Attack) -> int:
    seq = a.one()
    a.do("UPDATE foundation_ledgerleaf SET leaf = sha256('') WHERE seq = %s", seq)
    return seq


def change_the_sealed_id(a: Attack) -> int:
    seq = a.one()
    a.do("UPDATE foundation_ledgerleaf SET entry_id = gen_random_uuid() WHERE seq = %s", seq)
    return seq


def remove_the_entry(a: Attack) -> int:
    seq = a.one()
    a.do("DELETE FROM foundation_ledgerentry WHERE seq = %s", seq)
    return seq


def remove_the_leaf(a: Attack) -> int:
    seq = a.one()
    a.do("DELETE FROM foundation_ledgerleaf WHERE seq = %s", seq)
    return seq


def remove_every_trace(a: Attack) -> int:
    seq = remove_the_entry(a)
    a.do("DELETE FROM foundation_ledgerleaf WHERE seq = %s", seq)
    return seq


def take_back_into_the_queue(a: Attack) -> int:
    seq = remove_the_leaf(a)
    a.do("INSERT INTO foundation_ledgerunsealed VALUES (%s)", seq)
    return seq


def queue_a_sealed_entry(a: Attack) -> int:
    seq = a.one()
    a.do("INSERT INTO foundation_ledgerunsealed VALUES (%s)", seq)
    return seq


def insert_without_sealing(a: Attack) -> int:
    return _insert(a, "gen_random_uuid()", queued=False)


def insert_into_the_queue(a: Attack) -> int:
    return _insert(a, "gen_random_uuid()", queued=True)


def insert_a_copy(a: Attack) -> int:
    a.do("ALTER TABLE foundation_ledgerentry DROP CONSTRAINT foundation_ledgerentry_entry_id_key")
    return _insert(a, "entry_id", queued=True)


def insert_into_a_batch(a: Attack) -> int:
    seq = _insert(a, "gen_random_uuid()", queued=False)
    a.do(
        "INSERT INTO foundation_ledgerleaf SELECT e.seq, (SELECT max(number) FROM"
        " foundation_ledgerbatch), e.leaf, e.entry_id FROM foundation_ledgerentry e WHERE seq = %s",
        seq,
    )
    return seq


def _insert(a: Attack, new: str, *, queued: bool) -> int:
    row = a.session.execute(
        "INSERT INTO foundation_ledgerentry (body, mac, leaf)"
        f" SELECT replace(body, entry_id::text, ({new})::text), mac, leaf"
        " FROM foundation_ledgerentry WHERE seq = %s RETURNING seq, body",
        [a.one()],
    ).fetchone()
    seq, body = row
    a.do("UPDATE foundation_ledgerentry SET leaf = %s WHERE seq = %s", leaf_hash(seq, body), seq)
    if queued:
        a.do("INSERT INTO foundation_ledgerunsealed VALUES (%s)", seq)
    return seq


def swap_two_entries(a: Attack) -> int:
    one, other = a.random.sample(a.seqs, 2)
    a.do("ALTER TABLE foundation_ledgerentry ALTER COLUMN seq DROP IDENTITY")
    for old, new in ((one, -1), (other, one), (-1, other)):
        a.do("UPDATE foundation_ledgerentry SET seq = %s WHERE seq = %s", new, old)
    return min(one, other)


Named = Callable[[Attack], int]
ON_ENTRIES: list[Named] = [
    change_the_text, change_one_byte, change_text_and_hashes, change_everything_up_to_the_root,
    turn_a_computed_column, give_to_another_organisation, change_the_moment, change_the_mac,
    change_the_leaf, change_the_sealed_leaf, change_the_sealed_id, remove_the_entry,
    remove_the_leaf, remove_every_trace, take_back_into_the_queue, queue_a_sealed_entry,
    insert_without_sealing, insert_into_the_queue, insert_a_copy, insert_into_a_batch,
    swap_two_entries,
]  # fmt: skip


def _a_batch(a: Attack) -> int:
    row = a.session.execute("SELECT max(number) FROM foundation_ledgerbatch").fetchone()
    return a.random.randint(max(1, row[0] - 2), row[0])


def change_a_batch(a: Attack) -> None:
    change = a.random.choice(
        ["root = sha256('')", "chained = sha256('')", "n_entries = n_entries + 1",
         "sealed_at_us = sealed_at_us - 1", "signature = sha256('') || sha256('')",
         "seqs = seqs[2:]", "seqs = array_append(seqs, 99999999)"]
    )  # fmt: skip
    a.do(f"UPDATE foundation_ledgerbatch SET {change} WHERE number = %s", _a_batch(a))


def remove_a_batch_only(a: Attack) -> None:
    a.do("DELETE FROM foundation_ledgerbatch WHERE number = %s", _a_batch(a))


def remove_a_batch_with_all_it_holds(a: Attack) -> None:
    number = _a_batch(a)
    _wipe(a, "= %s", number)


def cut_the_tail(a: Attack) -> None:
    _wipe(a, ">= %s", _a_batch(a))


def renumber(a: Attack) -> None:
    number = _a_batch(a)
    a.do("UPDATE foundation_ledgerbatch SET number = number + 1000 WHERE number >= %s", number)
    a.do("UPDATE foundation_ledgerleaf SET batch = batch + 1000 WHERE batch >= %s", number)


def rewrite_all(a: Attack) -> None:
    change_the_text(a)
    rebuild_batches(a)


def _wipe(a: Attack, condition: str, number: int) -> None:
    a.do(
        "DELETE FROM foundation_ledgerentry WHERE seq IN"
        f" (SELECT seq FROM foundation_ledgerleaf WHERE batch {condition})",
        number,
    )
    a.do(f"DELETE FROM foundation_ledgerleaf WHERE batch {condition}", number)
    a.do(f"DELETE FROM foundation_ledgerbatch WHERE number {condition}", number)


ON_BATCHES: list[Callable[[Attack], None]] = [
    change_a_batch, remove_a_batch_only, remove_a_batch_with_all_it_holds, cut_the_tail, renumber,
    rewrite_all,
]  # fmt: skip
