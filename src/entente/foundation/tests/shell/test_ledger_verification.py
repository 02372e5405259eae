"""Verification names what an intruder touched, and raises no alarm where nobody did."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from random import Random

import psycopg
import pytest

from entente.foundation import keys, ledger
from entente.foundation.access.scope import act_as
from entente.foundation.administration import _target
from entente.foundation.ledger.anchors import anchor, anchor_file, read_anchors
from entente.foundation.ledger.persons import erase_person
from entente.foundation.ledger.proof import holds, prove
from entente.foundation.ledger.seal import seal
from entente.foundation.ledger.trust import CannotRead, own_trust, reading_connection
from entente.foundation.ledger.verify import verify
from entente.foundation.models import new_id
from entente.foundation.tests.shell import ledger_attacks as attacks


def seqs_of(session: psycopg.Connection, ids: list) -> list[int]:
    found = session.execute(
        "SELECT seq FROM foundation_ledgerentry WHERE entry_id = ANY(%s) ORDER BY seq", [ids]
    )
    return [seq for (seq,) in found.fetchall()]


def check(session: psycopg.Connection):
    return verify(session, own_trust())


@pytest.mark.promise("P7")
def test_an_untouched_ledger_is_sound(superuser, sealed_ledger, noon):
    anchor(at=noon)
    report = check(superuser)
    assert report.sound, report.faults
    assert report.n_entries >= len(sealed_ledger)
    assert report.n_batches >= 3


@pytest.mark.promise("P7")
@pytest.mark.parametrize("attack", attacks.ON_ENTRIES, ids=lambda a: a.__name__)
def test_whoever_touches_an_entry_is_named(superuser, sealed_ledger, attack):
    seqs = seqs_of(superuser, sealed_ledger)
    touched = attack(attacks.Attack(superuser, seqs, Random(attack.__name__)))
    report = check(superuser)
    assert touched in [fault.seq for fault in report.faults]
    assert report.faults[0].seq is not None
    assert str(report.faults[0].seq) in report.faults[0].where


@pytest.mark.promise("P7")
def test_a_removed_entry_is_named_by_its_id_too(superuser, sealed_ledger):
    a = attacks.Attack(superuser, seqs_of(superuser, sealed_ledger), Random(1))
    row = superuser.execute(
        "SELECT entry_id::text FROM foundation_ledgerentry WHERE seq = %s", [a.seqs[0]]
    )
    entry_id = row.fetchone()[0]
    a.do("DELETE FROM foundation_ledgerentry WHERE seq = %s", a.seqs[0])
    (fault,) = check(superuser).faults
    assert (fault.kind, fault.seq, fault.entry_id) == ("removed", a.seqs[0], entry_id)


@pytest.mark.promise("P8")
@pytest.mark.parametrize("attack", attacks.ON_BATCHES, ids=lambda a: a.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_to_batches_is_seen_with_anchors(
    superuser, sealed_ledger, noon, attack, seed
):
    anchor(at=noon)
    attack(attacks.Attack(superuser, seqs_of(superuser, sealed_ledger), Random(seed)))
    assert not check(superuser).sound


@pytest.mark.promise("P8")
def test_a_cut_tail_is_named_by_the_anchor_that_it_misses(superuser, sealed_ledger, noon):
    head = anchor(at=noon)
    a = attacks.Attack(superuser, seqs_of(superuser, sealed_ledger), Random(1))
    attacks._wipe(a, ">= %s", head["batch"])
    (fault,) = check(superuser).faults
    assert (fault.kind, f"batch {head['batch']} was anchored" in fault.where) == ("cut", True)


@pytest.mark.promise("P8")
def test_somebody_with_the_sealing_key_is_betrayed_by_the_anchors(
    superuser, sealed_ledger, noon, monkeypatch
):
    anchor(at=noon)
    a = attacks.Attack(superuser, seqs_of(superuser, sealed_ledger), Random(1))
    attacks.remove_every_trace(a)
    attacks.rebuild_batches(a)
    for number, n, chained, at_us in superuser.execute(
        "SELECT number, n_entries, chained, sealed_at_us FROM foundation_ledgerbatch"
    ).fetchall():
        from entente.foundation.ledger.seal import head_text

        signed = keys.signing_key("ledger.seal").sign(
            head_text(number, n, bytes(chained), at_us).encode()
        )
        a.do("UPDATE foundation_ledgerbatch SET signature = %s WHERE number = %s", signed, number)
    assert {fault.kind for fault in check(superuser).faults} == {"rewritten"}


@pytest.mark.promise("P8")
def test_a_forged_anchor_is_not_believed(superuser, sealed_ledger, noon):
    anchor(at=noon)
    (line,) = read_anchors()
    with anchor_file().open("a") as kept:
        kept.write(json.dumps({**line, "batch": line["batch"] + 5}) + "\n")
        kept.write("no anchor at all\n")
    assert [fault.kind for fault in check(superuser).faults] == ["forged", "forged"]


@pytest.mark.promise("P35")
def test_a_torn_line_in_the_anchor_file_stops_neither_anchoring_nor_verifying(
    superuser, sealed_ledger, committed, noon
):
    anchor(at=noon)
    whole = anchor_file().read_bytes()
    anchor_file().write_bytes(whole + whole[: len(whole) // 2])
    with act_as(committed.system()):
        ledger.append(ledger.Entry("tests.thing.done", "tests.thing", new_id()), at=noon)
    seal(at=noon)
    assert anchor(at=noon) is not None
    assert len(read_anchors()) == 2
    assert check(superuser).sound


def test_nothing_new_is_anchored_twice(sealed_ledger, noon):
    assert anchor(at=noon) is not None
    assert anchor(at=noon + timedelta(minutes=1)) is None
    assert len(read_anchors()) == 1


@pytest.mark.promise("P35")
def test_an_entry_taken_out_before_sealing_leaves_its_place_in_the_queue(
    superuser, committed, sealed_ledger, noon
):
    with act_as(committed.system()):
        written = ledger.append(ledger.Entry("tests.thing.done", "tests.thing", new_id()), at=noon)
    (seq,) = seqs_of(superuser, [written])
    a = attacks.Attack(superuser, [seq], Random(1))
    a.do("DELETE FROM foundation_ledgerentry WHERE seq = %s", seq)
    superuser.execute("SELECT * FROM app.ledger_take(100)")
    assert [(fault.kind, fault.seq) for fault in check(superuser).faults] == [("removed", seq)]


@pytest.mark.promise("P28")
def test_the_ledger_of_an_erased_person_verifies(superuser, committed, sealed_ledger, noon):
    person = new_id()
    with act_as(committed.system()):
        ledger.append(
            ledger.Entry("tests.thing.done", "t", person, personal={person: {"name": "Ada"}}),
            at=noon,
        )
    seal(at=noon)
    with act_as(committed.system()):
        assert erase_person(person)
    assert check(superuser).sound


@pytest.mark.promise("P7")
@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/New_York"])
@pytest.mark.parametrize("style", ["ISO, DMY", "German", "SQL, MDY"])
def test_no_session_setting_raises_a_false_alarm(superuser, sealed_ledger, zone, style):
    superuser.execute(f"SET LOCAL timezone = '{zone}'")
    superuser.execute(f"SET LOCAL datestyle = '{style}'")
    superuser.execute("SET LOCAL extra_float_digits = -15")
    superuser.execute("SET LOCAL bytea_output = 'escape'")
    assert check(superuser).sound


@pytest.mark.promise("P7")
def test_writing_and_sealing_meanwhile_raise_no_false_alarm(committed, sealed_ledger, noon):
    stop = threading.Event()

    def write() -> None:
        from django.db import connection

        while not stop.is_set():
            with act_as(committed.system()):
                ledger.append(ledger.Entry("tests.thing.done", "t", new_id()), at=noon)
            seal(at=noon)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        with psycopg.connect(_target()) as session:
            reports = [check(session) for _ in range(12)]
    finally:
        stop.set()
        writer.join()
    assert [report.faults for report in reports] == [[]] * 12
    assert reports[-1].n_entries > reports[0].n_entries


def test_who_sees_one_organisation_only_does_not_verify(superuser, committed, monkeypatch):
    from django.db import connection

    from entente.foundation.database import conninfo

    monkeypatch.setenv("DATABASE_READER_URL", conninfo(connection.settings_dict))
    with pytest.raises(CannotRead, match="entente_runtime"):
        reading_connection()
    monkeypatch.delenv("DATABASE_READER_URL")
    with reading_connection() as session:
        assert session.execute("SELECT count(*) > 0 FROM foundation_ledgerentry").fetchone() == (
            True,
        )


def test_a_proof_convinces_a_third_person_and_an_altered_one_does_not(superuser, sealed_ledger):
    seal_key = keys.signing_key("ledger.seal").public_key()
    for entry_id in sealed_ledger:
        proof = json.loads(json.dumps(prove(superuser, str(entry_id))))
        assert holds(proof, seal_key)
    assert proof["entry"] in proof["body"]
    for name in proof.keys() - {"entry", "leaf"}:
        value = proof[name]
        other = value + 1 if isinstance(value, int) else value[:-1]
        assert not holds({**proof, name: other}, seal_key), name
    assert not holds(proof, keys.signing_key("ledger.anchor").public_key())


def test_an_entry_that_is_unknown_or_not_sealed_has_no_proof(superuser, committed, noon):
    assert prove(superuser, str(new_id())) is None
    with act_as(committed.system()):
        waiting = ledger.append(ledger.Entry("tests.thing.done", "t", new_id()), at=noon)
    assert prove(superuser, str(waiting)) is None
