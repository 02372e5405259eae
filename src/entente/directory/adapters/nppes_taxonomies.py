"""The fifteen taxonomy slots of an NPPES row, turned into rows of their own and one choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from entente.directory.adapters import schemas
from entente.directory.adapters.nppes_columns import SLOTS
from entente.directory.adapters.reading import Reading
from entente.directory.adapters.tables import build

_CODE = "^[0-9A-Z]{9}X$"
_REMEDY = "Write a taxonomy code of 10 characters that ends in X, or the name of a specialty."
_FLAGS = pa.array(["Y", "N", "X"])


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of all rows of a chunk."""

    slot: int
    code: pa.Array
    flag: pa.Array
    licence_number: pa.Array
    licence_state: pa.Array


@dataclass(frozen=True, slots=True)
class Slots:
    """The filled slots of a chunk, and the choice per row (0 = none).

    The choice follows ``directory.domain.taxonomies.choose_primary_taxonomy``: the first slot
    flagged Y, else the first filled one.
    """

    slots: list[Slot]
    chosen: NDArray[np.int16]
    flagged: NDArray[np.bool_]
    n_filled: NDArray[np.int16]
    specialty_name: pa.Array

    def primary(self, what: str) -> pa.Array:
        """``code``, ``licence_number`` or ``licence_state`` of the chosen slot of each row."""
        values = pa.nulls(len(self.chosen), pa.string())
        for slot in self.slots:
            here = pa.array(self.chosen == slot.slot)
            values = pc.if_else(here, getattr(slot, what), values)
        return values


def read_slots(reading: Reading) -> Slots:
    """Read the taxonomy slots of a chunk.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    Slots
        A text without digits that is no code counts as a specialty's name; one with digits is
        noted as blanked.
    """
    n_rows = len(reading.lines)
    first_filled = np.zeros(n_rows, dtype=np.int16)
    first_flagged = np.zeros(n_rows, dtype=np.int16)
    n_filled = np.zeros(n_rows, dtype=np.int16)
    specialty = pa.nulls(n_rows, pa.string())
    slots = []
    for number in SLOTS:
        written = reading.text(f"taxonomy_{number}")
        if written.null_count == n_rows:
            continue
        upper = pc.utf8_upper(written)
        is_code = pc.fill_null(pc.match_substring_regex(upper, _CODE), False)
        odd = pc.and_(written.is_valid(), pc.invert(is_code))
        numeric = pc.fill_null(pc.match_substring_regex(written, "[0-9]"), False)
        reading.blank(f"taxonomy_{number}", pc.and_(odd, numeric).to_numpy(False), _REMEDY)
        named = pc.and_(odd, pc.invert(numeric))
        specialty = pc.coalesce(specialty, pc.if_else(named, written, None))
        slots.append(_slot(reading, number, pc.if_else(is_code, upper, None)))
        filled = is_code.to_numpy(False)
        flagged = filled & pc.fill_null(pc.equal(slots[-1].flag, "Y"), False).to_numpy(False)
        n_filled += filled
        first_filled[filled & (first_filled == 0)] = number
        first_flagged[flagged & (first_flagged == 0)] = number
    is_flagged = first_flagged > 0
    chosen = np.where(is_flagged, first_flagged, first_filled)
    return Slots(slots, chosen, is_flagged, n_filled, specialty)


def _slot(reading: Reading, number: int, code: pa.Array) -> Slot:
    flag = pc.utf8_upper(reading.text(f"flag_{number}"))
    return Slot(
        slot=number,
        code=code,
        flag=pc.if_else(pc.is_in(flag, _FLAGS), flag, None),
        licence_number=reading.text(f"licence_{number}"),
        licence_state=pc.utf8_upper(reading.text(f"licence_state_{number}")),
    )


def taxonomy_rows(slots: Slots, common: dict[str, pa.Array], keep: NDArray[np.bool_]) -> pa.Table:
    """Give one row per filled slot, in order of line and slot.

    Parameters
    ----------
    slots : Slots
    common : dict of str to pyarrow.Array
        ``line`` and ``npi``.
    keep : ndarray of bool
        Rows that were taken.

    Returns
    -------
    pyarrow.Table
        Schema ``schemas.TAXONOMIES``.
    """
    tables = [schemas.TAXONOMIES.empty_table()]
    for slot in slots.slots:
        columns = {
            "line": common["line"],
            "npi": common["npi"],
            "slot": pa.array(np.full(len(keep), slot.slot, dtype=np.int16)),
            "taxonomy_code": slot.code,
            "flag": slot.flag,
            "is_primary": pa.array(slots.chosen == slot.slot),
            "licence_number": slot.licence_number,
            "licence_state": slot.licence_state,
        }
        tables.append(
            build(schemas.TAXONOMIES, columns, keep & slot.code.is_valid().to_numpy(False))
        )
    joined = pa.concat_tables(tables).combine_chunks()
    return joined.sort_by([("line", "ascending"), ("slot", "ascending")])
