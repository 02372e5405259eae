"""The packs in force on a day, and their texts kept for later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.once import once_per_page
from entente.policy.domain.compile import Compiled, compile_packs
from entente.policy.domain.pack_reader import read_pack
from entente.policy.models import PackActivation, PackSet, PackText
from entente.policy.packs import load_packs, packs_folder


@dataclass(frozen=True)
class InForce:
    """The packs of a day: compiled, the hash of their set, and each text by its hash."""

    compiled: Compiled
    set_hash: str
    texts: dict[str, tuple[str, str]]


@cache
def shipped() -> dict[str, tuple[str, str]]:
    """Give the packs that came with the program: file and text by pack id.

    Read once per process: a pack that changes on disk comes into force with a restart.
    """
    folder = packs_folder()
    return {
        pack.id: (pack.source_file, (folder / pack.source_file).read_text(encoding="utf-8"))
        for pack in load_packs(folder)
    }


def activated_on(day: date) -> dict[str, str]:
    """Give the hash of the text that an activation brought into force, by pack id."""
    return dict(_activations(day))


@once_per_page
def _activations(day: date) -> list[tuple[str, str]]:
    rows = PackActivation.objects.filter(from_on__lte=day).order_by("from_on", "activated_at", "id")
    return list(rows.values_list("pack", "text_id"))


@lru_cache(maxsize=256)
def _text(text_hash: str) -> tuple[str, str]:
    row = PackText.objects.get(hash=text_hash)
    return row.source_file, row.text


@lru_cache(maxsize=32)
def _compiled_set(chosen: tuple[tuple[str, str], ...]) -> InForce:
    texts = {sha256_hex(text): (file, text) for file, text in chosen}
    packs = [read_pack(text, file) for file, text in sorted(chosen)]
    return InForce(compile_packs(packs), sha256_hex("\n".join(sorted(texts))), texts)


def compiled_of(chosen: tuple[tuple[str, str], ...]) -> Compiled:
    """Compile the packs of some texts, each with the name of its file; kept for the next time."""
    return _compiled_set(chosen).compiled


def in_force(on: date) -> InForce:
    """Give the packs in force on a day; one query.

    What was activated stands in place of what was shipped under the same id.
    """
    chosen = dict(shipped())
    for pack_id, text_hash in activated_on(on).items():
        chosen[pack_id] = _text(text_hash)
    return _compiled_set(tuple(sorted(chosen.values())))


def latest() -> InForce:
    """Give the latest of each pack, those that come into force later included: for names."""
    return in_force(date.max)


def keep_set(packs: InForce) -> str:
    """Keep the packs of a day, if they are not kept yet, and give the hash of their set."""
    if PackSet.objects.filter(hash=packs.set_hash).exists():
        return packs.set_hash
    known = {pack.source_file: pack for pack in packs.compiled.packs}
    PackText.objects.bulk_create(
        [
            PackText(
                hash=text_hash,
                pack=known[file].id,
                version=known[file].version,
                source_file=file,
                text=text,
            )
            for text_hash, (file, text) in packs.texts.items()
        ],
        ignore_conflicts=True,
    )
    PackSet.objects.bulk_create(
        [PackSet(hash=packs.set_hash, pack_hashes=sorted(packs.texts))], ignore_conflicts=True
    )
    return packs.set_hash


def texts_of_set(set_hash: str) -> dict[str, tuple[str, str]]:
    """Give file and text of each pack of a kept set, by pack id."""
    hashes = PackSet.objects.get(hash=set_hash).pack_hashes
    kept = PackText.objects.filter(hash__in=hashes)
    return {row.pack: (row.source_file, row.text) for row in kept}


@lru_cache(maxsize=32)
def of_set(set_hash: str) -> Compiled:
    """Compile the packs of a kept set, as they were then."""
    return _compiled_set(tuple(sorted(texts_of_set(set_hash).values()))).compiled
