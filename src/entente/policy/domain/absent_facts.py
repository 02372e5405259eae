"""Which absent facts left a rule undecided: a second, row-by-row pass over the same programs.

It runs only where a rule is undecided, so the block kernel stays free of this bookkeeping.
"""

# mypy: disable-error-code="untyped-decorator"
# Kernels take flat arguments and plain loops: that is what numba compiles well.
# ruff: noqa: PLR1714, SIM109

from typing import Any

import numba as nb
import numpy as np
from numba import carray

from .kernel import (
    ADD,
    AND,
    BLOCK,
    CMP,
    CMP_CONST,
    CMP_PARAM,
    COL,
    CONST,
    HAS,
    IF_ALL_FALSE,
    IF_ALL_TRUE,
    NULL,
    OR,
    PARAM,
    SUB,
    _at,
    _pointer,
    run_program,
)


@nb.njit(cache=True, nogil=True)
def _note(column: int, cols: Any, keys: Any, row: int, absent: Any) -> None:
    valid = carray(_pointer(cols[column, 1]), (1 << 40,), np.uint8)
    if not valid[_at(cols[column, 2], row, keys)]:
        absent[column >> 6] |= np.uint64(1) << np.uint64(column & 63)


@nb.njit(cache=True, nogil=True)
def _clear(bits: Any) -> None:
    for w in range(bits.shape[0]):
        bits[w] = 0


@nb.njit(cache=True, nogil=True)
def _merge(bits: Any, more: Any) -> None:
    for w in range(bits.shape[0]):
        bits[w] |= more[w]


@nb.njit(cache=True, nogil=True)
def _trace(
    code: Any, start: int, end: int, sets: Any, params: Any, cols: Any, keys: Any,
    regimes: Any, row: int, val: Any, ok: Any, absent: Any,
) -> None:  # fmt: skip
    """Run a program on one row, carrying per stack cell the columns that left it unknown."""
    top = -1
    for at in range(start, end):
        op = code[at, 0]
        if op == IF_ALL_FALSE or op == IF_ALL_TRUE:
            continue
        if op == COL or op == CMP_CONST or op == CMP_PARAM or op == CONST or op == PARAM:
            _clear(absent[top + 1])
            if op != CONST and op != PARAM:
                _note(code[at, 1], cols, keys, row, absent[top + 1])
        elif op == CMP or op == ADD or op == SUB or op == AND or op == OR:
            if ok[top - 1, 0]:
                _clear(absent[top - 1])
            if not ok[top, 0]:
                _merge(absent[top - 1], absent[top])
        elif op == HAS:
            _note(code[at, 1], cols, keys, row, absent[top])
        run_program(
            code, at, at + 1, sets, params, cols, keys, regimes, row, 1, top, val, ok
        )  # fmt: skip
        if op == COL or op == CMP_CONST or op == CMP_PARAM or op == CONST or op == PARAM:
            top += 1
        elif op == CMP or op == ADD or op == SUB or op == AND or op == OR:
            top -= 1
        if ok[top, 0] or op == NULL:
            _clear(absent[top])


@nb.njit(cache=True, nogil=True)
def absent_per_row(
    rules: Any, code: Any, sets: Any, params: Any, cols: Any, keys: Any, regimes: Any,
    depth: int, undecided: Any, rows: Any, absent: Any,
) -> None:  # fmt: skip
    """Set, per row asked for, the bits of the columns whose absence left a rule undecided."""
    val = np.empty((depth + 2, BLOCK), np.int64)
    ok = np.zeros((depth + 2, BLOCK), np.uint8)
    trail = np.zeros((depth + 2, absent.shape[1]), np.uint64)
    for i in range(rows.shape[0]):
        row = rows[i]
        for r in range(rules.shape[0]):
            word, bit = rules[r, 0] >> 6, np.uint64(rules[r, 0] & 63)
            if not (undecided[row, word] >> bit) & np.uint64(1):
                continue
            for part in range(1, 3):
                _trace(
                    code, rules[r, part], rules[r, part + 1], sets, params, cols, keys, regimes,
                    row, val, ok, trail,
                )  # fmt: skip
                if not ok[0, 0]:
                    _merge(absent[i], trail[0])
