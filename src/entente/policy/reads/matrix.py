"""The rule matrix as it is written now: the draft if there is one, else what is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entente.policy.actions.matrix import open_draft, standing_pack
from entente.policy.actions.pack_life import readable
from entente.policy.domain.matrix import Matrix, matrix_of
from entente.policy.models import PackDraft


@dataclass(frozen=True)
class StandingMatrix:
    """A matrix, the draft it is of, and rules of its pack that are no cell.

    Parameters
    ----------
    draft : PackDraft or None
        None if the matrix is the one in force.
    others : list of str
        Ids of rules that were written by hand.
    """

    matrix: Matrix
    draft: PackDraft | None
    others: list[str]


def standing_matrix(today: date) -> StandingMatrix:
    """Give the matrix that one sees and changes."""
    draft = open_draft()
    pack = readable(draft.text) if draft else standing_pack(today)
    matrix, _, others = matrix_of(pack)
    return StandingMatrix(matrix, draft, others)
