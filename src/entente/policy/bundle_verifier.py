"""Check an audit pack alone: python verify.py PACK.zip [--key HEX]

Needs Python 3.11 and the package `cryptography`, and nothing of the installation that made the
pack. Give the key as the installation published it: the one in the pack only shows that the
pack agrees with itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def canonical(value: Any) -> str:
    """Write plain values as the ledger does: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def signed(key_hex: str, signature_hex: str, text: str) -> bool:
    """Tell whether a key has signed a text."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key_hex))
        key.verify(bytes.fromhex(signature_hex), text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def proof_holds(proof: dict[str, Any], seal_key: str) -> bool:
    """Tell whether a proof leads from its entry to a head of the ledger that the key has signed."""
    try:
        node = hashlib.sha256(b"\x00" + f"{proof['seq']}\n{proof['body']}".encode()).digest()
        for side, sibling in proof["path"]:
            other = bytes.fromhex(sibling)
            left, right = (other, node) if side == "left" else (node, other)
            node = hashlib.sha256(b"\x01" + left + right).digest()
        head = f"{proof['batch']}:{proof['n_entries']}:".encode()
        before = bytes.fromhex(proof["previous"])
        chained = hashlib.sha256(b"\x02" + before + head + node).hexdigest()
        text = canonical(
            {"batch": proof["batch"], "entries": proof["n_entries"], "chained": chained,
             "at": proof["sealed_at_us"]}
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return False
    return chained == proof.get("chained") and signed(seal_key, proof["signature"], text)


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    """Read one file of the pack, a JSON object per line."""
    return [json.loads(line) for line in archive.read(name).decode().splitlines() if line]


def faults(archive: zipfile.ZipFile, key: str | None) -> list[str]:
    """List all that is wrong with a pack; nothing, if it is sound."""
    manifest = json.loads(archive.read("manifest.json"))
    signature = archive.read("manifest.sig").decode().strip()
    keys = manifest["keys"]
    found = []
    if key is not None and key != keys["pack"]:
        found.append("manifest: the key is not the one you gave")
    if not signed(keys["pack"], signature, canonical(manifest)):
        found.append("manifest: the signature does not cover it")
    listed = {*manifest["files"], "manifest.json", "manifest.sig"}
    found += [f"{name}: not in the manifest" for name in archive.namelist() if name not in listed]
    for name, expected in manifest["files"].items():
        try:
            held = hashlib.sha256(archive.read(name)).hexdigest()
        except KeyError:
            found.append(f"{name}: missing")
            continue
        if held != expected:
            found.append(f"{name}: altered")
    return found + _decision_faults(archive, keys["ledger"])


def _decision_faults(archive: zipfile.ZipFile, seal_key: str) -> list[str]:
    decisions = {row["id"]: row for row in rows(archive, "decisions.jsonl")}
    packs = {name for name in archive.namelist() if name.startswith("packs/")}
    found = []
    for row in decisions.values():
        absent = [h for h in row["packs"] if f"packs/{h}.toml" not in packs]
        found += [f"decision {row['id']}: pack {h} is missing" for h in absent]
    for name in packs:
        text = archive.read(name)
        if hashlib.sha256(text).hexdigest() != name.removeprefix("packs/").removesuffix(".toml"):
            found.append(f"{name}: altered")
    for proof in rows(archive, "proofs.jsonl"):
        if not proof_holds(proof, seal_key):
            found.append(f"entry {proof.get('entry')}: its proof does not hold")
            continue
        body = json.loads(proof["body"])
        decided, told = decisions.get(body.get("decision")), body["details"].get("outcome")
        if decided is not None and told is not None and told != decided["outcome"]:
            found.append(f"decision {decided['id']}: the ledger says {told}")
    return found


def main() -> int:
    """Check the pack named on the command line; exit with 1 if anything is wrong."""
    asked = argparse.ArgumentParser(description="Check an audit pack.")
    asked.add_argument("pack")
    asked.add_argument("--key", help="public key of the installation, in hexadecimal digits")
    given = asked.parse_args()
    try:
        with zipfile.ZipFile(given.pack) as archive:
            found = faults(archive, given.key)
            manifest = json.loads(archive.read("manifest.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as trouble:
        found, manifest = [f"{given.pack}: no audit pack: {trouble}"], {}
    for fault in found:
        sys.stdout.write(f"NOT SOUND: {fault}\n")
    if not found:
        counts = manifest["counts"]
        sys.stdout.write(
            f"Sound: {counts['decisions']} decisions, {counts['proofs']} ledger entries proven,"
            f" {counts['packs']} packs, {manifest['since']} to {manifest['until']},"
            f" made by {manifest['organisation']}.\n"
        )
        if given.key is None:
            sys.stdout.write("The key was taken from the pack itself; compare it: ")
            sys.stdout.write(manifest["keys"]["pack"] + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
