"""The audit pack: whole, signed, and checked by a program that knows nothing of us."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from entente.foundation import ledger
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.facts import Act
from entente.foundation.ledger.seal import seal
from entente.foundation.models import LedgerEntry, new_id
from entente.foundation.tests.shell.conftest import committed
from entente.policy import bundle_verifier
from entente.policy.actions import decide
from entente.policy.reads.audit_pack import audit_pack, public_key
from tests.gate.test_life_of_a_pack import send

__all__ = ["committed"]


@pytest.fixture
def made(cast, world, noon):
    at = noon + timedelta(hours=4)
    send(cast, world, world.willing, at)
    send(cast, world, world.silent, at)
    with act_as(cast.scope(Role.COMPLIANCE)):
        return audit_pack(since=noon.date(), until=noon.date(), at=at)


def opened(made) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(made))


def changed(made, name, change) -> zipfile.ZipFile:
    out = io.BytesIO()
    with opened(made) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            text = old.read(each).decode()
            new.writestr(each, change(text) if each == name else text)
    return zipfile.ZipFile(out)


@pytest.mark.feature("policy/audit-trail")
def test_a_pack_is_sound_and_says_what_is_in_it(made, noon):
    archive = opened(made)
    assert bundle_verifier.faults(archive, public_key()) == []
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["counts"]["decisions"] == 2
    assert manifest["counts"]["packs"] >= 50
    decisions = [json.loads(line) for line in archive.read("decisions.jsonl").splitlines()]
    assert {row["outcome"] for row in decisions} <= {"PERMIT", "REFER", "FORBID"}
    assert all(row["facts"]["action.type"] == "email" for row in decisions)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("decisions.jsonl", lambda text: text.replace("FORBID", "PERMIT"), "altered"),
        ("proofs.jsonl", lambda text: text + "{}\n", "altered"),
        ("manifest.json", lambda text: text.replace('"decisions":2', '"decisions":3'), "signature"),
        ("verify.py", lambda text: text + "# x", "altered"),
    ],
)
def test_whatever_is_altered_is_named(made, name, change, said):
    found = bundle_verifier.faults(changed(made, name, change), None)
    assert any(said in fault for fault in found), found


def test_a_pack_of_another_key_is_refused(made):
    assert bundle_verifier.faults(opened(made), "00" * 32) == [
        "manifest: the key is not the one you gave"
    ]


def test_the_program_in_the_pack_checks_it_without_us(made, tmp_path):
    kept, program = tmp_path / "pack.zip", tmp_path / "verify.py"
    kept.write_bytes(made)
    program.write_bytes(opened(made).read("verify.py"))
    command = [sys.executable, "-I", str(program), str(kept), "--key", public_key()]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("Sound: 2 decisions")
    kept.write_bytes(made[:-10])
    assert subprocess.run(command, capture_output=True, check=False, cwd=tmp_path).returncode == 1


def test_making_one_needs_the_right_and_leaves_an_entry(cast, made, noon):
    with act_as(cast.system()):
        assert LedgerEntry.objects.filter(verb="policy.audit_pack.exported").count() == 1
    with act_as(cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        audit_pack(since=noon.date(), until=noon.date(), at=noon)
    with act_as(cast.scope(Role.COMPLIANCE)), pytest.raises(UserError, match="nothing"):
        audit_pack(since=noon.date() + timedelta(days=9), until=noon.date() + timedelta(days=9),
                   at=noon)  # fmt: skip


def test_the_page_gives_the_file(browser, made, noon):
    client, day = browser(Role.COMPLIANCE), noon.date().isoformat()
    assert "Make the pack" in client.get("/evidence/audit-pack/").text
    answer = client.post("/evidence/audit-pack/", {"since": day, "until": day})
    assert answer["Content-Type"] == "application/zip"
    assert bundle_verifier.faults(opened(answer.content), public_key()) == []
    assert client.post("/evidence/audit-pack/", {"since": "x", "until": day}).status_code == 422


@pytest.mark.slow
def test_sealed_entries_come_with_proofs_that_hold(committed, noon):
    """Sealing commits, so this one runs on acts that stay."""
    person = new_id()
    with act_as(committed.system()):
        decision = decide(
            Act("call", noon, recipient_id=person), object_kind="test.call", object_id=person
        )
        ledger.append(
            ledger.Entry("test.call.asked", "test.call", person,
                         {"outcome": decision.outcome}, decision=decision.id),
            at=noon,
        )  # fmt: skip
    while seal(at=noon):
        pass
    with act_as(committed.scope(Role.COMPLIANCE)):
        day = noon.date()
        archive = opened(audit_pack(since=day, until=day, recipient_id=person, at=noon))
    key = json.loads(archive.read("manifest.json"))["keys"]["ledger"]
    assert bundle_verifier.faults(archive, public_key()) == []
    proofs = [json.loads(line) for line in archive.read("proofs.jsonl").decode().splitlines()]
    assert len(proofs) == 1
    assert bundle_verifier.proof_holds(proofs[0], key)
    assert not bundle_verifier.proof_holds({**proofs[0], "seq": proofs[0]["seq"] + 1}, key)
    lied = changed_decision(archive)
    assert any("the ledger says" in fault for fault in bundle_verifier.faults(lied, None))


def changed_decision(archive: zipfile.ZipFile) -> zipfile.ZipFile:
    """Give the pack with another outcome in it, as somebody with all our keys could write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for each in archive.namelist():
            text = archive.read(each).decode()
            if each == "decisions.jsonl":
                row = json.loads(text)
                row["outcome"] = "PERMIT" if row["outcome"] != "PERMIT" else "FORBID"
                text = json.dumps(row) + "\n"
            new.writestr(each, text)
    return zipfile.ZipFile(out)
