"""Panels of the room on its own pages: what a claim stands on, what the pre-check found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from entente.content.models import Claim, Version
from entente.content.reads import kept_run, labels, precheck_of, studies
from entente.content.reads.pairs import pair_of, pairable
from entente.foundation.access.scope import current_scope
from entente.foundation.web import shelf


def _ground(request: HttpRequest, claim: Claim) -> dict[str, Any] | None:
    if claim.product_id is None:
        return None
    scope = current_scope()
    standing = labels.standing_of(claim.id, on=datetime.now(UTC).date())
    needed = "content.write" if standing is None else "content.review"
    return {
        "claim": claim,
        "standing": standing,
        "may_ground": claim.org_id == scope.org_id
        and needed in scope.may
        and claim.withdrawn_at is None,
    }


_GROUPS = (
    ("block", "Has to be mended first", "circle-x", "bad"),
    ("warn", "Look at this", "triangle-alert", "warn"),
    ("note", "Not judged", "circle-question-mark", ""),
)


def _precheck(request: HttpRequest, version: Version) -> dict[str, Any]:
    kept = None if version.status == "draft" else kept_run(version)
    if kept is not None:
        found, pack, on = kept.findings["found"], kept.pack_version, kept.ran_at
        label = kept.label_version
    else:
        run = precheck_of(version, today=datetime.now(UTC).date())
        found, pack, on, label = run.told(), run.pack.version, None, run.label_version
    groups = [
        (words, icon, tone, [f for f in found if f["severity"] == severity])
        for severity, words, icon, tone in _GROUPS
    ]
    return {
        "groups": [group for group in groups if group[3]],
        "n_found": sum(f["severity"] != "note" for f in found),
        "pack_version": pack,
        "kept_at": on,
        "label_version": label,
    }


def _pair(request: HttpRequest, version: Version) -> dict[str, Any] | None:
    """Show a pair; to the author of what patients read also the way to make one."""
    item, scope = version.item, current_scope()
    pair = pair_of(item)
    may_pair = item.org_id == scope.org_id and "content.write" in scope.may
    if pair is None and not (may_pair and "patient" in version.audiences):
        return None
    choices = [] if pair else [(each.id, each.title) for each in pairable(item)]
    return {"pair": pair, "item": item, "choices": choices} if pair or choices else None


def _resting(request: HttpRequest, claim: Claim) -> dict[str, Any] | None:
    """Show what became of the studies that a claim rests on, where somebody has to look."""
    found = studies.resting([claim.id]).get(claim.id)
    if found is None or not found.waiting or claim.withdrawn_at:
        return None
    scope = current_scope()
    may_look = claim.org_id == scope.org_id and "content.review" in scope.may
    return {"claim": claim, "found": found, "may_look": may_look}


def register() -> None:
    """Put the panels on the shelf."""
    from entente.content.pages.co_authors import co_authors_panel

    shelf.add_panel(
        shelf.Panel(
            25, "content.version", "content.read", "content/co_authors_panel.html", co_authors_panel
        )
    )
    shelf.add_panel(
        shelf.Panel(5, "content.claim", "content.read", "content/claim_studies.html", _resting)
    )
    shelf.add_panel(
        shelf.Panel(30, "content.version", "content.read", "content/pair_panel.html", _pair)
    )
    shelf.add_panel(
        shelf.Panel(10, "content.claim", "content.read", "content/claim_label.html", _ground)
    )
    shelf.add_panel(
        shelf.Panel(10, "content.version", "content.read", "content/precheck.html", _precheck)
    )
