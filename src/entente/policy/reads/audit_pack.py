"""An audit pack: decisions, overrides, packs and ledger proofs of a period, signed as one file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db.models import Q

from entente.foundation import keys, ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import canonical
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, Organisation
from entente.foundation.web.evidence import proofs_of
from entente.policy import bundle_verifier
from entente.policy.models import Decision, PackSet, PackText, Referral, Waiver

MOST = 5_000
KEY = "audit.pack"
README = """An audit pack of Entente.

decisions.jsonl  what the gate answered: outcome, rules, facts, packs, overrides
overrides.jsonl  waivers and answered referrals that mattered, with their reasons
packs/           the rule packs that decided, by the SHA-256 of their text
proofs.jsonl     entries of the ledger about these decisions, each with its proof
manifest.json    what is in here; manifest.sig signs it

Check it with nothing but Python and the package cryptography:
    python verify.py PACK.zip --key KEY
where KEY is the public key that the installation published.
"""


def public_key(purpose: str = KEY) -> str:
    """Give the public key with which audit packs are checked, in hexadecimal digits."""
    key = keys.signing_key(purpose).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def audit_pack(
    *,
    since: date,
    until: date,
    at: datetime,
    recipient_id: UUID | None = None,
    campaign_id: UUID | None = None,
) -> bytes:
    """Bring together all that an auditor needs to check the decisions of a period, as a ZIP.

    That it was made is written in the ledger.

    Parameters
    ----------
    since, until : date
        Both days are in it, in UTC.
    recipient_id, campaign_id : UUID, optional
        Only decisions about this person, or of this campaign.

    Raises
    ------
    UserError
        If there is no decision, or there are more than 5,000: narrow the period.
    """
    scope = current_scope()
    scope.require("evidence.read")
    decisions = _decisions(since, until, recipient_id, campaign_id)
    packs = _packs_of(decisions)
    proofs = _proofs(decisions)
    files = {
        "README.txt": README,
        "verify.py": Path(bundle_verifier.__file__).read_text(encoding="utf-8"),
        "decisions.jsonl": _lines(_decision(row, packs[row.pack_set_id]) for row in decisions),
        "overrides.jsonl": _lines(_overrides(decisions)),
        "proofs.jsonl": _lines(proofs),
        **{
            f"packs/{row.hash}.toml": row.text
            for row in PackText.objects.filter(
                hash__in={h for each in packs.values() for h in each}
            )
        },
    }
    manifest = {
        "made_at": at.isoformat(),
        "organisation": Organisation.objects.get(id=scope.org_id).name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "recipient": str(recipient_id) if recipient_id else None,
        "campaign": str(campaign_id) if campaign_id else None,
        "counts": {
            "decisions": len(decisions),
            "proofs": len(proofs),
            "packs": sum(name.startswith("packs/") for name in files),
        },
        "keys": {"pack": public_key(), "ledger": public_key("ledger.seal")},
        "files": {n: hashlib.sha256(t.encode()).hexdigest() for n, t in sorted(files.items())},
    }
    details = {"decisions": len(decisions), "since": since, "until": until,
               "recipient": recipient_id, "campaign": campaign_id}  # fmt: skip
    ledger.append(
        ledger.Entry("policy.audit_pack.exported", "policy.decision", None, details), at=at
    )
    return _zipped(files, manifest, at)


def _decisions(
    since: date, until: date, recipient_id: UUID | None, campaign_id: UUID | None
) -> list[Decision]:
    found = Decision.objects.filter(
        decided_at__gte=datetime.combine(since, time.min, UTC),
        decided_at__lt=datetime.combine(until + timedelta(days=1), time.min, UTC),
    )
    if recipient_id:
        found = found.filter(recipient_id=recipient_id)
    if campaign_id:
        found = found.filter(campaign_id=campaign_id)
    rows = list(found.order_by("decided_at", "id")[: MOST + 1])
    if not rows:
        raise UserError("nothing was decided in that time", field="until")
    if len(rows) > MOST:
        raise UserError(f"an audit pack holds at most {MOST:,} decisions; narrow it", field="until")
    return rows


def _packs_of(decisions: Sequence[Decision]) -> Mapping[str, list[str]]:
    wanted = {row.pack_set_id for row in decisions}
    return dict(PackSet.objects.filter(hash__in=wanted).values_list("hash", "pack_hashes"))


def _decision(row: Decision, packs: list[str]) -> dict[str, Any]:
    names = ("act_type", "stage", "outcome", "rule_ids", "missing_facts", "facts", "object_kind")
    ids = ("id", "object_id", "recipient_id", "campaign_id", "actor_id")
    return {
        **{name: getattr(row, name) for name in names},
        **{name: str(value) if (value := getattr(row, name)) else None for name in ids},
        "decided_at": row.decided_at.isoformat(),
        "overrides": [str(each) for each in row.overrides],
        "packs": packs,
    }


def _overrides(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    wanted = {each for row in decisions for each in row.overrides}
    waivers = Waiver.objects.filter(id__in=wanted).order_by("valid_from", "id")
    referrals = Referral.objects.filter(decision__in=decisions).order_by("opened_at", "id")
    told = [
        {
            "kind": "waiver", "id": str(w.id), "rule": w.rule_id, "role": w.role,
            "reason": w.reason, "by": w.granted_by_name, "from": w.valid_from.isoformat(),
            "until": w.valid_until.isoformat(),
            "referral": str(w.referral_id) if w.referral_id else None,
        }
        for w in waivers
    ]  # fmt: skip
    return told + [
        {
            "kind": "referral", "id": str(r.id), "decision": str(r.decision_id), "role": r.role,
            "rules": r.rule_ids, "answer": r.answer, "reason": r.reason,
            "by": r.answered_by_name,
            "at": r.answered_at.isoformat() if r.answered_at else None,
        }
        for r in referrals
    ]  # fmt: skip


def _proofs(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Prove the entries about the objects that were decided on; unsealed ones are left out."""
    objects = {row.object_id for row in decisions if row.object_id}
    overrides = {each for row in decisions for each in row.overrides}
    entries = LedgerEntry.objects.filter(Q(object_id__in=objects) | Q(object_id__in=overrides))
    return proofs_of(list(entries.order_by("seq").values_list("entry_id", flat=True)))


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, sort_keys=True, ensure_ascii=False) + "\n" for row in rows)


def _zipped(files: Mapping[str, str], manifest: Mapping[str, Any], at: datetime) -> bytes:
    signature = keys.signing_key(KEY).sign(canonical(manifest).encode()).hex()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in [*sorted(files.items()), ("manifest.json", canonical(manifest)),
                           ("manifest.sig", signature)]:  # fmt: skip
            # One date for all, so that the same content gives the same bytes.
            info = zipfile.ZipInfo(name, at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return out.getvalue()
