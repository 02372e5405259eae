"""The pages of facts and rules, from the registry and the packs."""

from __future__ import annotations

from entente.policy.domain.facts import facts_markdown
from entente.policy.packs import load_packs

SEVERITY = {
    "block": "must not go",
    "approve": "needs a person",
    "warn": "goes, and says so",
    "record": "goes, and is recorded",
}


def facts_page() -> str:
    """Give the page of facts."""
    return facts_markdown()


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def rules_page() -> str:
    """Give the page of rules, pack by pack."""
    parts = [
        "# Rules\n\nEvery rule of every pack that ships. A pack is a reading of public law and codes,"
        " not legal advice; until a named reviewer has confirmed it, it says so. What a rule asks, and"
        " the cases it is tested on, stand in its file under `rulepacks/`.\n"
    ]
    for pack in load_packs():
        reviewed = pack.reviewed_by or "nobody yet"
        parts.append(
            f"## {pack.title}\n\n`{pack.id}` {pack.version} · {pack.jurisdiction} · reviewed by {reviewed}\n"
        )
        parts.append("| rule | what it asks | clause | if it fails | from | to | certainty |")
        parts.append("|---|---|---|---|---|---|---|")
        for rule in pack.rules:
            cells = (
                f"`{rule.id}`",
                rule.title,
                rule.citation,
                SEVERITY[rule.severity] + (f" ({rule.role})" if rule.role else ""),
                rule.start,
                rule.end or "open",
                rule.certainty,
            )
            parts.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
        parts.append("")
    return "\n".join(parts)
