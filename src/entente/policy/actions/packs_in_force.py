"""The packs in force in this process, and their texts kept for later."""

from __future__ import annotations

from functools import cache

from entente.foundation.domain.canonical import sha256_hex
from entente.policy.domain.compile import Compiled, compile_packs
from entente.policy.domain.pack_reader import read_pack
from entente.policy.models import PackSet, PackText
from entente.policy.packs import load_packs, packs_folder


@cache
def in_force() -> tuple[Compiled, str, dict[str, tuple[str, str]]]:
    """Give the compiled packs, the hash of their set, and each text by its hash.

    Read once per process: a pack that changes on disk comes into force with a restart.
    """
    folder = packs_folder()
    packs = load_packs(folder)
    texts = {
        sha256_hex(text): (pack.source_file, text)
        for pack in packs
        for text in [(folder / pack.source_file).read_text(encoding="utf-8")]
    }
    return compile_packs(packs), sha256_hex("\n".join(sorted(texts))), texts


def keep_set() -> str:
    """Keep the packs in force, if they are not kept yet, and give the hash of their set."""
    compiled, set_hash, texts = in_force()
    if PackSet.objects.filter(hash=set_hash).exists():
        return set_hash
    known = {pack.source_file: pack for pack in compiled.packs}
    PackText.objects.bulk_create(
        [
            PackText(
                hash=text_hash,
                pack=known[file].id,
                version=known[file].version,
                source_file=file,
                text=text,
            )
            for text_hash, (file, text) in texts.items()
        ],
        ignore_conflicts=True,
    )
    PackSet.objects.bulk_create(
        [PackSet(hash=set_hash, pack_hashes=sorted(texts))], ignore_conflicts=True
    )
    return set_hash


@cache
def of_set(set_hash: str) -> Compiled:
    """Compile the packs of a kept set, as they were then."""
    compiled, present, _ = in_force()
    if set_hash == present:
        return compiled
    hashes = PackSet.objects.get(hash=set_hash).pack_hashes
    kept = PackText.objects.filter(hash__in=hashes).order_by("source_file")
    return compile_packs([read_pack(row.text, row.source_file) for row in kept])
