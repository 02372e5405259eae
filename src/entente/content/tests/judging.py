"""Our written claims over the three real labels, judged; counts for a test and a bench."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from entente.content.adapters.spl import read_label
from entente.content.check_packs import load_check_pack
from entente.content.domain.checks import Material
from entente.content.domain.labels import INDICATIONS, LabelFile
from entente.content.domain.precheck.label_text import LabelText, read_text
from entente.content.domain.precheck.run import precheck
from entente.content.domain.precheck.subject import Found, Subject
from entente.content.domain.precheck.words import STOP, stem

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "drug-labels"
HERE = Path(__file__).resolve().parent / "written_claims"
FILES = {"humira": "humira", "lipitor": "lipitor-orig", "viagra": "viagra"}
PARTS = ("tuned", "held", "fresh", "last")
# What must never pass silently.
GRAVE = ("boxed", "not_indicated")
# Checks of the whole item, which one sentence cannot answer.
WHOLE = ("LB-10", "LB-11", "SF-1", "CL-1")


@dataclass
class Counts:
    """How a set of claims was judged."""

    found: int = 0
    blocked: int = 0
    missed: list[str] = field(default_factory=list)
    clear: int = 0
    false: list[str] = field(default_factory=list)
    false_blocked: int = 0
    silent: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Give the counts in words."""
        return (
            f"off label {self.found + len(self.missed)}: found {self.found}"
            f" (blocked {self.blocked}), missed {len(self.missed)}, grave ones silent"
            f" {len(self.silent)}; on label {self.clear + len(self.false)}:"
            f" let through {self.clear}, false {len(self.false)} (blocked {self.false_blocked})"
        )


def written(part: str) -> list[dict[str, Any]]:
    """Give the written claims of a part."""
    return tomllib.loads((HERE / f"{part}.toml").read_text(encoding="utf-8"))["claims"]


def files() -> dict[str, LabelFile]:
    """Read the three labels."""
    return {name: read_label(DATA / f"spl_{file}.xml.gz") for name, file in FILES.items()}


def texts() -> dict[str, LabelText]:
    """Give the three labels as the checks read them."""
    pack = load_check_pack()
    return {
        name: read_text(
            [
                (s.code, s.parent, s.title, f"{s.text}\n{s.highlight}", s.key)
                for s in label.sections
            ],
            product_names=[name, *label.product_names, *label.substances],
            number=label.number,
            lexicon=pack.lists.lexicon,
            forbids=pack.lists["forbids"],
        )
        for name, label in files().items()
    }


def judged(text: str, label: LabelText) -> list[Found]:
    """Give what the pre-check says to one sentence as an item."""
    material = Material(
        kind="promo", subject="", html=f"<p>{text}</p>", text=text, markets=["US"],
        audiences=["hcp"], channels=["web"], expires_on=date(2027, 1, 1), cobranded=False,
        support_statement="", party_names=[], postal_address="", claims=[],
    )  # fmt: skip
    found = precheck(Subject(material, label), load_check_pack())
    return [f for f in found if f.rule not in WHOLE and f.severity != "note"]


def count(claims: list[dict[str, Any]], labels: dict[str, LabelText]) -> Counts:
    """Judge claims and count."""
    counts = Counts()
    for claim in claims:
        found = judged(claim["text"], labels[claim["product"]])
        _add(counts, claim, bool(found), any(f.severity == "block" for f in found))
    return counts


def _add(counts: Counts, claim: dict[str, Any], is_found: bool, is_blocked: bool) -> None:
    if claim["on"]:
        counts.clear += not is_found
        counts.false += [claim["text"]] * is_found
        counts.false_blocked += is_blocked
        return
    counts.found += is_found
    counts.blocked += is_blocked
    counts.missed += [claim["text"]] * (not is_found)
    counts.silent += [claim["text"]] * (not is_found and claim["sense"] in GRAVE)


def count_by_keywords(claims: list[dict[str, Any]], labels: dict[str, LabelFile]) -> Counts:
    """Judge as a plain search of the indications does: at least half of the words are there."""
    counts = Counts()
    for claim in claims:
        there = {
            word
            for s in labels[claim["product"]].sections
            if s.key.startswith(INDICATIONS)
            for word in _keywords(f"{s.title} {s.text} {s.highlight}")
        }
        asked = _keywords(claim["text"]) - {claim["product"]}
        is_off = len(asked & there) < len(asked) / 2
        _add(counts, claim, is_off, False)
    return counts


def _keywords(text: str) -> set[str]:
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return {stem(word) for word in words if word not in STOP}
