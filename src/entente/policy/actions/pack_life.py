"""The life of a pack: drafted by one person, activated by another, in force from a day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.foundation import ledger, signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User
from entente.policy.actions.packs_in_force import in_force
from entente.policy.domain.compile import compile_packs
from entente.policy.domain.pack_reader import read_pack
from entente.policy.domain.packs import BadPack, Pack
from entente.policy.domain.scenarios import run_scenarios
from entente.policy.models import PackActivation, PackDraft, PackText

LONGEST = 400_000


def readable(text: str, file: str = "draft.toml") -> Pack:
    """Read a pack's text, or refuse it in words for the person who wrote it.

    Raises
    ------
    UserError
        With rule, place and remedy.
    """
    if len(text) > LONGEST:
        raise UserError(f"a pack has at most {LONGEST:,} characters", field="text")
    try:
        return read_pack(text, file)
    except BadPack as bad:
        raise UserError(str(bad), field="text") from None


def _fits(pack: Pack, on: date) -> None:
    """Refuse a pack that cannot stand beside the others: two rules of one id, for example."""
    others = [each for each in in_force(on).compiled.packs if each.id != pack.id]
    try:
        compile_packs([*others, pack])
    except BadPack as bad:
        raise UserError(str(bad), field="text") from None


def save_draft(text: str, *, note: str, at: datetime, draft_id: UUID | None = None) -> PackDraft:
    """Save a pack as a draft of the host; it decides nothing until it is activated.

    Writes the draft and one ledger entry.

    Raises
    ------
    UserError
        If the pack is refused, or the draft is no draft any more.
    """
    scope = current_scope()
    scope.require("pack.write")
    text = text.replace("\r\n", "\n")
    pack = readable(text)
    _fits(pack, date.max)
    who = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    draft = PackDraft(org_id=scope.org_id)
    if draft_id is not None:
        lock(f"policy.draft:{draft_id}")
        draft = PackDraft.objects.get(id=draft_id)
        if draft.status != PackDraft.Status.DRAFT:
            raise UserError("this draft is fixed; begin a new one")
    draft.pack, draft.version, draft.text = pack.id, pack.version, text
    draft.text_hash, draft.note, draft.saved_at = sha256_hex(text), note.strip()[:500], at
    draft.author_id, draft.author_name = scope.actor_id, who.name if who else scope.actor_name
    draft.author_key = scope.person_key
    draft.save()
    details = {"pack": pack.id, "version": pack.version, "text_hash": draft.text_hash}
    ledger.append(
        ledger.Entry("policy.pack.drafted", "policy.pack_draft", draft.id, details), at=at
    )
    return draft


def drop_draft(draft_id: UUID, *, at: datetime) -> PackDraft:
    """Drop a draft; it stays readable and can no longer be activated."""
    current_scope().require("pack.write")
    lock(f"policy.draft:{draft_id}")
    draft = PackDraft.objects.get(id=draft_id)
    if draft.status != PackDraft.Status.DRAFT:
        raise UserError("only a draft can be dropped")
    draft.status = PackDraft.Status.DROPPED
    draft.save(update_fields=["status"])
    ledger.append(ledger.Entry("policy.pack.dropped", "policy.pack_draft", draft.id, {}), at=at)
    return draft


def activate_pack(draft_id: UUID, *, from_on: date, password: str, at: datetime) -> PackActivation:
    """Bring a draft into force from a day, signed by somebody who did not write it.

    Guarded by the draft's own scenarios, all of which must pass. Writes the text, the
    signature, the activation and one ledger entry. An earlier activation of the same pack is
    superseded from that day; decisions of earlier days stay under what was in force then.

    Raises
    ------
    UserError
        If a scenario fails, the day lies in the past, or the draft is no draft any more.
    OutOfScope
        If the author activates.
    NotSigned
        If the password is wrong.
    """
    scope = current_scope()
    scope.require("pack.activate")
    lock(f"policy.draft:{draft_id}")
    draft = PackDraft.objects.get(id=draft_id)
    if draft.status != PackDraft.Status.DRAFT:
        raise UserError("this draft was activated or dropped already")
    if scope.actor_id == draft.author_id or (
        scope.person_key and scope.person_key == draft.author_key
    ):
        raise OutOfScope("you wrote this pack, so somebody else has to activate it")
    if from_on < at.date():
        raise UserError("a pack comes into force today or later", field="from_on")
    pack = readable(draft.text)
    for day in (from_on, date.max):
        _fits(pack, day)
    failed = [tried for tried in run_scenarios([pack]) if not tried.ok]
    if failed:
        first = failed[0]
        raise UserError(
            f"{len(failed)} scenarios fail, first {first.rule_id}: {first.name} on {first.on},"
            f" expected {first.expected}, saw {first.seen}"
        )
    text, _ = PackText.objects.get_or_create(
        hash=draft.text_hash,
        defaults={
            "pack": draft.pack,
            "version": draft.version,
            "source_file": f"{draft.pack}/{draft.version}.toml",
            "text": draft.text,
        },
    )
    signature = signatures.sign(
        password=password,
        meaning="brings the pack into force",
        object_kind="policy.pack_draft",
        object_id=draft.id,
        content_hash=draft.text_hash,
        at=at,
    )
    made = PackActivation.objects.create(
        org_id=scope.org_id,
        draft=draft,
        pack=draft.pack,
        version=draft.version,
        text=text,
        from_on=from_on,
        signature=signature,
        signer_name=signature.signer_name,
        activated_at=at,
    )
    draft.status = PackDraft.Status.ACTIVATED
    draft.save(update_fields=["status"])
    details = {"pack": draft.pack, "version": draft.version, "from_on": from_on,
               "text_hash": draft.text_hash, "signature": signature.id}  # fmt: skip
    ledger.append(
        ledger.Entry("policy.pack.activated", "policy.pack_draft", draft.id, details), at=at
    )
    return made
