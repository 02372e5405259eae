"""The one fixed kernel: runs postfix programs over columns, 1,024 rows at a time.

Nothing here is generated per pack, so numba compiles it once and caches it on disk. Every cell
is an int64 and a validity byte; unknown follows SQL's three values. Columns arrive as memory
addresses, because packs differ in how many columns they read; the caller keeps the arrays alive.
"""

# mypy: disable-error-code="untyped-decorator"
# Kernels take flat arguments and plain loops: that is what numba compiles well.
# ruff: noqa: PLR0912, PLR1714, SIM109, SIM110

from typing import Any

import numba as nb
import numpy as np
from numba import carray, types
from numba.core import cgutils
from numba.extending import intrinsic

BLOCK = 1024
# Operations of a program: (operation, a, b, c) per instruction.
COL, CONST, PARAM, KEYED, CMP, CMP_CONST, IN, NULL, HAS, HAS_COL = range(10)
ADD, SUB, AND, OR, NOT, IF_ALL_FALSE, IF_ALL_TRUE, CMP_PARAM = range(10, 18)
EQ, NE, LT, LE, GT, GE = range(6)
# How a column is reached from a row: one value for all, the row itself, or through a key.
SAME, OWN = -1, -2


@intrinsic
def _pointer(typing_context: Any, address: Any) -> Any:
    """Turn an address into a pointer, which numba offers no public call for."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], cgutils.voidptr_t)

    return types.voidptr(address), codegen


@nb.njit(cache=True, nogil=True, inline="always")
def _at(way: int, row: int, keys: Any) -> Any:
    if way == OWN:
        return row
    if way == SAME:
        return 0
    return carray(_pointer(keys[way]), (row + 1,), np.int64)[row]


@nb.njit(cache=True, nogil=True)
def _load(column: int, cols: Any, keys: Any, first: int, n: int, val: Any, ok: Any) -> None:
    way = cols[column, 2]
    values = carray(_pointer(cols[column, 0]), (1 << 40,), np.int64)
    valid = carray(_pointer(cols[column, 1]), (1 << 40,), np.uint8)
    if way == OWN:
        for i in range(n):
            val[i] = values[first + i]
            ok[i] = valid[first + i]
    elif way == SAME:
        for i in range(n):
            val[i] = values[0]
            ok[i] = valid[0]
    else:
        key = carray(_pointer(keys[way]), (1 << 40,), np.int64)
        for i in range(n):
            val[i] = values[key[first + i]]
            ok[i] = valid[key[first + i]]


@nb.njit(cache=True, nogil=True)
def _compare(op: int, left: Any, right: Any, n: int) -> None:
    if op == EQ:
        for i in range(n):
            left[i] = left[i] == right[i]
    elif op == NE:
        for i in range(n):
            left[i] = left[i] != right[i]
    elif op == LT:
        for i in range(n):
            left[i] = left[i] < right[i]
    elif op == LE:
        for i in range(n):
            left[i] = left[i] <= right[i]
    elif op == GT:
        for i in range(n):
            left[i] = left[i] > right[i]
    else:
        for i in range(n):
            left[i] = left[i] >= right[i]


@nb.njit(cache=True, nogil=True)
def _fill(cells: Any, value: int, n: int) -> None:
    for i in range(n):
        cells[i] = value


@nb.njit(cache=True, nogil=True)
def _copy(source: Any, target: Any, n: int) -> None:
    for i in range(n):
        target[i] = source[i]


@nb.njit(cache=True, nogil=True)
def _invert(source: Any, target: Any, n: int) -> None:
    for i in range(n):
        target[i] = 1 - source[i]


@nb.njit(cache=True, nogil=True)
def _both_known(left: Any, right: Any, n: int) -> None:
    for i in range(n):
        left[i] &= right[i]


@nb.njit(cache=True, nogil=True)
def _add(sign: int, left: Any, right: Any, n: int) -> None:
    for i in range(n):
        left[i] += sign * right[i]


@nb.njit(cache=True, nogil=True)
def _parameter(
    index: int, regimes: Any, first: int, n: int, params: Any, val: Any, ok: Any
) -> None:
    for i in range(n):
        regime = regimes[first + i]
        val[i] = params[0, regime, index]
        ok[i] = params[1, regime, index]


@nb.njit(cache=True, nogil=True)
def _keyed(
    width: int, offset: int, regimes: Any, first: int, n: int, params: Any, val: Any, ok: Any
) -> None:
    for i in range(n):
        regime = regimes[first + i]
        inside = ok[i] and 0 <= val[i] < width
        slot = offset + val[i] if inside else 0
        ok[i] = params[1, regime, slot] if inside else 0
        val[i] = params[0, regime, slot] if inside else 0


@nb.njit(cache=True, nogil=True)
def _contains(column: int, cols: Any, keys: Any, first: int, n: int, val: Any, ok: Any) -> None:
    """Look for the text on the stack in a list: `values` holds n + 1 offsets, then the codes."""
    way = cols[column, 2]
    offsets = carray(_pointer(cols[column, 0]), (1 << 40,), np.int64)
    valid = carray(_pointer(cols[column, 1]), (1 << 40,), np.uint8)
    codes = carray(_pointer(cols[column, 3]), (1 << 40,), np.int64)
    for i in range(n):
        at = _at(way, first + i, keys)
        found = 0
        if valid[at] and ok[i]:
            for j in range(offsets[at], offsets[at + 1]):
                if codes[j] == val[i]:
                    found = 1
                    break
        ok[i] = valid[at] and ok[i]
        val[i] = found


@nb.njit(cache=True, nogil=True)
def _all_are(wanted: int, val: Any, ok: Any, n: int) -> bool:
    for i in range(n):
        if not ok[i] or val[i] != wanted:
            return False
    return True


@nb.njit(cache=True, nogil=True)
def _join(op: int, left: Any, left_ok: Any, right: Any, right_ok: Any, n: int) -> None:
    """Combine by AND or OR in three values: a decided side decides, else unknown spreads."""
    if op == AND:
        for i in range(n):
            no = (left_ok[i] & (left[i] == 0)) | (right_ok[i] & (right[i] == 0))
            left_ok[i] = no | (left_ok[i] & right_ok[i])
            left[i] = (no == 0) & 1
    else:
        for i in range(n):
            yes = (left_ok[i] & (left[i] != 0)) | (right_ok[i] & (right[i] != 0))
            left_ok[i] = yes | (left_ok[i] & right_ok[i])
            left[i] = yes & 1


@nb.njit(cache=True, nogil=True)
def _among(start: int, count: int, sets: Any, val: Any, n: int) -> None:
    for i in range(n):
        found = 0
        for j in range(start, start + count):
            found |= val[i] == sets[j]
        val[i] = found


# The types are said once: numba would otherwise compile the runner anew for a literal argument.
_RUNNER = (
    "void(int64[:,::1], int64, int64, int64[::1], int64[:,:,::1], int64[:,::1], int64[::1], "
    "int32[::1], int64, int64, int64, int64[:,::1], uint8[:,::1])"
)


@nb.njit(_RUNNER, cache=True, nogil=True)
def run_program(
    code: Any, start: int, end: int, sets: Any, params: Any, cols: Any, keys: Any,
    regimes: Any, first: int, n: int, top: int, val: Any, ok: Any,
) -> None:  # fmt: skip
    """Run one program over rows first to first + n, its stack starting above `top`."""
    at = start
    while at < end:
        op, a, b, c = code[at, 0], code[at, 1], code[at, 2], code[at, 3]
        at += 1
        if op == COL or op == CMP_CONST or op == CMP_PARAM:
            top += 1
            _load(a, cols, keys, first, n, val[top], ok[top])
            if op == CMP_CONST:
                _fill(val[top + 1], b, n)
                _compare(c, val[top], val[top + 1], n)
            elif op == CMP_PARAM:
                _parameter(b, regimes, first, n, params, val[top + 1], ok[top + 1])
                _compare(c, val[top], val[top + 1], n)
                _both_known(ok[top], ok[top + 1], n)
        elif op == CONST:
            top += 1
            _fill(val[top], a, n)
            _fill(ok[top], 1, n)
        elif op == PARAM:
            top += 1
            _parameter(a, regimes, first, n, params, val[top], ok[top])
        elif op == KEYED:
            _keyed(a, b, regimes, first, n, params, val[top], ok[top])
        elif op == CMP:
            top -= 1
            _compare(c, val[top], val[top + 1], n)
            _both_known(ok[top], ok[top + 1], n)
        elif op == IN:
            _among(a, b, sets, val[top], n)
        elif op == NULL:
            _invert(ok[top], val[top], n)
            _fill(ok[top], 1, n)
        elif op == HAS:
            _contains(a, cols, keys, first, n, val[top], ok[top])
        elif op == ADD or op == SUB:
            top -= 1
            _add(1 if op == ADD else -1, val[top], val[top + 1], n)
            _both_known(ok[top], ok[top + 1], n)
        elif op == AND or op == OR:
            top -= 1
            _join(op, val[top], ok[top], val[top + 1], ok[top + 1], n)
        elif op == NOT:
            _invert(val[top], val[top], n)
        elif op == IF_ALL_FALSE:
            if _all_are(0, val[top], ok[top], n):
                at = a
        elif op == IF_ALL_TRUE and _all_are(1, val[top], ok[top], n):
            at = a


@nb.njit(cache=True, nogil=True)
def judge_rows(
    rules: Any, code: Any, sets: Any, params: Any, cols: Any, keys: Any, regimes: Any,
    low: int, high: int, depth: int, refused: Any, undecided: Any,
) -> None:  # fmt: skip
    """Set the bits of the rules that rows low to high do not pass.

    `rules` holds (bit, start of applies, start of requires, end) per rule. A rule passes only
    where applies is FALSE or requires is TRUE; it refuses where applies is TRUE and requires
    FALSE; all the rest is undecided.
    """
    val = np.empty((depth + 2, BLOCK), np.int64)
    ok = np.empty((depth + 2, BLOCK), np.uint8)
    applies = np.empty(BLOCK, np.int64)
    known = np.empty(BLOCK, np.uint8)
    for first in range(low, high, BLOCK):
        n = min(BLOCK, high - first)
        for r in range(rules.shape[0]):
            word, bit = rules[r, 0] >> 6, np.uint64(rules[r, 0] & 63)
            run_program(
                code,
                rules[r, 1],
                rules[r, 2],
                sets,
                params,
                cols,
                keys,
                regimes,
                first,
                n,
                -1,
                val,
                ok,
            )
            if _all_are(0, val[0], ok[0], n):
                continue
            _copy(val[0], applies, n)
            _copy(ok[0], known, n)
            run_program(
                code,
                rules[r, 2],
                rules[r, 3],
                sets,
                params,
                cols,
                keys,
                regimes,
                first,
                n,
                -1,
                val,
                ok,
            )
            for i in range(n):
                passes = (known[i] & (applies[i] == 0)) | (ok[0, i] & (val[0, i] != 0))
                sure = known[i] & ok[0, i]
                refused[first + i, word] |= np.uint64((passes == 0) & sure) << bit
                undecided[first + i, word] |= np.uint64((passes == 0) & (sure == 0)) << bit


@nb.njit(cache=True, nogil=True)
def combine(
    gathered: Any, keys: Any, in_force: Any, regimes: Any, weights: Any,
    low: int, high: int, refused: Any, undecided: Any, outcome: Any,
) -> None:  # fmt: skip
    """Gather the words judged per coarser grain, drop rules not in force, and weigh the rest.

    `gathered` holds (address of refused, address of undecided, way) per grain; `weights` the
    four masks: forbids if refused, forbids if undecided, refers if refused, refers if undecided.
    """
    words = refused.shape[1]
    for row in range(low, high):
        worst = 0
        for g in range(gathered.shape[0]):
            at = _at(gathered[g, 2], row, keys)
            some = carray(_pointer(gathered[g, 0]), (1 << 40,), np.uint64)
            open_ = carray(_pointer(gathered[g, 1]), (1 << 40,), np.uint64)
            for w in range(words):
                refused[row, w] |= some[at * words + w]
                undecided[row, w] |= open_[at * words + w]
        for w in range(words):
            no = refused[row, w] & in_force[regimes[row], w]
            maybe = undecided[row, w] & in_force[regimes[row], w]
            refused[row, w] = no
            undecided[row, w] = maybe
            if (no & weights[0, w]) | (maybe & weights[1, w]):
                worst = 2
            elif worst < 2 and (no & weights[2, w]) | (maybe & weights[3, w]):
                worst = 1
        outcome[row] = worst
