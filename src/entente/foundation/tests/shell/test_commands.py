"""The operator's commands: exit status 0 only when all is well, and what is wrong by name."""

from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import pytest
from click.testing import CliRunner, Result

from config.command import main
from entente.foundation.access.scope import act_as
from entente.foundation.administration import _target
from entente.foundation.ledger.anchors import anchor_file, read_anchors
from entente.foundation.models import OutboxMessage, new_id
from entente.foundation.outbox.deliver import LEASE, deliver_due
from entente.foundation.outbox.mailer import Mailer


def entente(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.promise("P7")
def test_verify_ends_well_on_a_sound_ledger(sealed_ledger):
    plain, as_json = entente("ledger", "verify"), entente("ledger", "verify", "--json")
    assert (plain.exit_code, as_json.exit_code) == (0, 0)
    assert "the ledger is sound" in plain.output
    told = json.loads(as_json.stdout)
    assert told["sound"] is True
    assert told["faults"] == []
    assert told["entries"] >= len(sealed_ledger)


@pytest.mark.promise("P7")
def test_verify_names_the_entry_that_was_altered_and_ends_badly(sealed_ledger):
    victim = sealed_ledger[5]
    change = "UPDATE foundation_ledgerentry SET body = %s WHERE entry_id = %s RETURNING body"
    with psycopg.connect(_target(), autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        (body,) = session.execute(
            "SELECT body FROM foundation_ledgerentry WHERE entry_id = %s", [victim]
        ).fetchone()
        session.execute(change, [body.replace("tests.thing.done", "tests.thing.gone"), victim])
        try:
            plain, as_json = entente("ledger", "verify"), entente("ledger", "verify", "--json")
        finally:
            session.execute(change, [body, victim])
    assert (plain.exit_code, as_json.exit_code) == (1, 1)
    assert str(victim) in plain.stderr.splitlines()[0]
    assert json.loads(as_json.stdout)["faults"][0]["entry"] == str(victim)


def test_prove_prints_a_proof_or_says_why_there_is_none(sealed_ledger):
    proved = entente("ledger", "prove", str(sealed_ledger[0]))
    assert proved.exit_code == 0
    assert json.loads(proved.stdout)["entry"] == str(sealed_ledger[0])
    unknown, nonsense = (
        entente("ledger", "prove", str(new_id())),
        entente("ledger", "prove", "x' OR 1"),
    )
    assert (unknown.exit_code, nonsense.exit_code) == (1, 1)
    assert "no sealed entry" in unknown.stderr
    assert "is no id" in nonsense.stderr


@pytest.mark.promise("P8")
def test_anchor_seals_what_waits_and_writes_the_head_outside(sealed_ledger):
    first, second = entente("ledger", "anchor"), entente("ledger", "anchor")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert str(anchor_file()) in first.output
    assert "nothing new" in second.output
    assert len(read_anchors()) == 1


@pytest.mark.promise("P15")
def test_outbox_status_counts_and_names_what_is_parked(committed, post, mail_server, noon):
    mail_server.handler.hang_up_with_text, mail_server.handler.n_times = True, 1
    letters = post.write(committed.system(), 3, noon)
    mailer = Mailer()
    deliver_due(mailer, clock=lambda: noon, wanted=2)
    mailer.close()
    told = json.loads(entente("outbox", "status", "--json").stdout)
    assert told["pending"] == 1
    assert letters[0].message_id in told["parked"]
    assert set(told) == {"pending", "parked"}
    assert entente("outbox", "status").exit_code == 0


@pytest.mark.promise("P15")
def test_outbox_retry_puts_a_parked_message_back_and_refuses_others(
    committed, post, mail_server, noon
):
    (letter,) = post.write(committed.system(), 1, noon)
    with act_as(committed.system()):
        OutboxMessage.objects.filter(id=letter.id).update(state="claimed", lease_until=noon)
    mailer = Mailer()
    deliver_due(mailer, clock=lambda: noon + LEASE + timedelta(seconds=1))
    again = entente("outbox", "retry", letter.message_id)
    assert (again.exit_code, "1 to be sent again" in again.output) == (0, True)
    twice = entente("outbox", "retry", letter.message_id)
    assert twice.exit_code == 1
    assert letter.message_id in twice.stderr
    mailer.close()


@pytest.mark.parametrize(
    "command",
    [("split",), ("ledger", "verify"), ("ledger", "prove"), ("outbox", "retry"), ("worker",),
     ("db", "backup"), ("db", "restore"), ("up",), ("found",)],
)  # fmt: skip
def test_every_command_explains_itself(command):
    told = entente(*command, "--help")
    assert told.exit_code == 0
    assert len(told.output) > 100


def test_every_group_shows_an_example():
    for name in ("db", "ledger", "outbox", "split"):
        assert "Example:" in entente(name, "--help").output
