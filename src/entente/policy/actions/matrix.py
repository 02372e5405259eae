"""Change the rule matrix: each change is saved in a draft of its pack."""

from __future__ import annotations

from datetime import date, datetime

from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.policy.actions.pack_life import readable, save_draft
from entente.policy.actions.packs_in_force import in_force
from entente.policy.domain.matrix import (
    ANY,
    AUDIENCES,
    CHANNELS,
    CLAIMS,
    LANES,
    PACK_ID,
    Cell,
    Matrix,
    matrix_of,
    text_of,
)
from entente.policy.domain.packs import Pack
from entente.policy.models import PackDraft


def open_draft() -> PackDraft | None:
    """Give the draft of the matrix that is being written, the latest if several are."""
    found = PackDraft.objects.filter(pack=PACK_ID, status=PackDraft.Status.DRAFT)
    return found.order_by("-saved_at", "-id").first()


def standing_pack(on: date) -> Pack | None:
    """Give the matrix's pack in force on a day; None before the first."""
    return next((each for each in in_force(on).compiled.packs if each.id == PACK_ID), None)


def set_lane(cell: Cell, lane: str, *, at: datetime) -> PackDraft:
    """Put a cell into a lane, in the draft that is being written or a new one.

    Nothing is decided by it until somebody else brings the draft into force.

    Raises
    ------
    UserError
        If a code is unknown, the cell is the whole matrix, the matrix would be empty, or its
        pack holds rules that were written by hand.
    """
    scope = current_scope()
    scope.require("pack.write")
    _check(cell, lane)
    lock(f"policy.matrix:{scope.org_id}")
    draft, standing = open_draft(), standing_pack(at.date())
    before, since, _ = matrix_of(standing)
    matrix = _editable(readable(draft.text) if draft else standing)
    if lane == "open":
        matrix.pop(cell, None)
    else:
        matrix[cell] = lane
    if not matrix:
        raise UserError("every cell would be open; drop the draft instead", field="lane")
    changed = _changes(before, matrix)
    kept = {each: day for each, day in since.items() if matrix.get(each) == before[each]}
    text = text_of(
        matrix,
        change=changed,
        on=at.date(),
        since=kept,
        before=standing.changelog if standing else (),
    )
    return save_draft(text, note=changed, at=at, draft_id=draft.id if draft else None)


def _check(cell: Cell, lane: str) -> None:
    for name, code, codes in (
        ("audience", cell.audience, AUDIENCES),
        ("channel", cell.channel, CHANNELS),
        ("claim", cell.claim, CLAIMS),
    ):
        if code not in (ANY, *codes):
            raise UserError(f"there is no {name} {code!r}", field=name)
    if cell.country != ANY and not is_country(cell.country):
        raise UserError(f"{cell.country!r} is no country; give a code such as DE", field="country")
    if lane not in LANES:
        raise UserError(f"there is no lane {lane!r}; use {', '.join(LANES)}", field="lane")
    if cell == Cell():
        raise UserError("choose at least an audience, a channel, a claim or a country")


def _editable(pack: Pack | None) -> Matrix:
    matrix, _, others = matrix_of(pack)
    if others or (pack and (pack.parameters or pack.checklist or pack.left_out)):
        held = ", ".join(others[:5]) or "figures or questions"
        raise UserError(
            f"{PACK_ID} holds what is no cell of a matrix: {held}. Change its text instead"
        )
    return matrix


def _changes(before: Matrix, after: Matrix) -> str:
    told = [
        f"{' / '.join(cell.values())}: {before.get(cell, 'open')} to {after.get(cell, 'open')}"
        for cell in sorted(before.keys() | after.keys())
        if before.get(cell) != after.get(cell)
    ]
    words = "; ".join(told[:6]) or "As before."
    return f"{words}; and {len(told) - 6} more" if len(told) > 6 else words
