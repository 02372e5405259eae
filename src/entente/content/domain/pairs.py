"""What an HCP and a patient are told of the same thing: whether both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Mismatch:
    """Claims that only one of the two readers is told, in words."""

    only_hcp: tuple[str, ...]
    only_patient: tuple[str, ...]

    @property
    def is_alarming(self) -> bool:
        """Whether the two say different things."""
        return bool(self.only_hcp or self.only_patient)


def mismatch(hcp: Mapping[UUID, str], patient: Mapping[UUID, str]) -> Mismatch:
    """Compare the claims of both items by their identity, not by their words.

    Examples
    --------
    >>> a, b = UUID(int=1), UUID(int=2)
    >>> mismatch({a: "Lowers pressure."}, {a: "Lowers pressure.", b: "Cures."}).only_patient
    ('Cures.',)
    """
    return Mismatch(
        tuple(sorted(words for claim, words in hcp.items() if claim not in patient)),
        tuple(sorted(words for claim, words in patient.items() if claim not in hcp)),
    )
