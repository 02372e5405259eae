"""The page of the checks that run before a review, from the pack that describes them."""

from __future__ import annotations

from entente.content.check_packs import load_check_pack

WORDS = {
    "block": "keeps a version from review",
    "warn": "is shown to author and reviewers",
    "note": "says what was not judged",
}


def page() -> str:
    """Give the page."""
    pack = load_check_pack()
    lines = [
        "# Checks before a review",
        "",
        "Generated from `checkpacks/content` by `make snapshots`. A check that blocks "
        f"{WORDS['block']}; one that warns {WORDS['warn']}; a note {WORDS['note']}. Each finding"
        " names its place, quotes the words, and quotes the label where it goes by it. What was"
        " found is kept with the submission.",
        "",
        f"Pack `{pack.id}`, version {pack.version}. Our own reading; it needs a named reviewer.",
        "",
        "| check | what it asks for | a finding | for | authority |",
        "| --- | --- | --- | --- | --- |",
    ]
    for check in pack.checks:
        lighter = f", or {check.lighter}s where less certain" if check.lighter else ""
        softer = f"; only warns for {', '.join(check.warn_only)}" if check.warn_only else ""
        whom = ", ".join([*check.kinds, *check.audiences]).replace("_", " ") or "all"
        lines.append(
            f"| {check.id} | {check.title} | {check.severity}s{lighter}{softer} | {whom} |"
            f" {check.citation} |".replace("_", " ")
        )
    lines += ["", "## What to do", ""]
    lines += [f"- {check.id}: {check.remedy}" for check in pack.checks]
    return "\n".join(lines) + "\n"
