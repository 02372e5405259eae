"""Write the names of set bits as `;`-joined texts, straight into Arrow's string layout."""

# mypy: disable-error-code="untyped-decorator"

from collections.abc import Sequence
from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

_SEPARATOR = ord(";")


@nb.njit(cache=True, nogil=True)
def _measure(words: Any, names: Any, ends: Any) -> None:
    total = 0
    for row in range(words.shape[0]):
        for w in range(words.shape[1]):
            word = words[row, w]
            bit = 64 * w
            while word:
                if word & np.uint64(1):
                    total += names[bit + 1] - names[bit] + 1
                word >>= np.uint64(1)
                bit += 1
        ends[row + 1] = total


@nb.njit(cache=True, nogil=True)
def _write(words: Any, names: Any, letters: Any, starts: Any, out: Any) -> None:
    """Write with a separator after each name, then drop the last one of each row."""
    at = 0
    for row in range(words.shape[0]):
        starts[row] = at
        first = at
        for w in range(words.shape[1]):
            word = words[row, w]
            bit = 64 * w
            while word:
                if word & np.uint64(1):
                    for i in range(names[bit], names[bit + 1]):
                        out[at] = letters[i]
                        at += 1
                    out[at] = _SEPARATOR
                    at += 1
                word >>= np.uint64(1)
                bit += 1
        if at > first:
            at -= 1
    starts[words.shape[0]] = at


def joined_names(
    words: npt.NDArray[np.uint64], names: Sequence[str]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Join the names of the set bits of each row.

    Parameters
    ----------
    words : ndarray of uint64, shape (n_rows, n_words)
        Bits, lowest first.
    names : sequence of str
        One per bit.

    Returns
    -------
    offsets : ndarray of int32, shape (n_rows + 1,)
    letters : ndarray of uint8
        UTF-8 bytes; row i lies between offsets i and i + 1.

    Raises
    ------
    OverflowError
        If the texts take 2 GiB or more; judge smaller batches.

    Examples
    --------
    >>> offsets, letters = joined_names(np.array([[5], [0]], np.uint64), ["A", "B", "C"])
    >>> offsets.tolist(), letters.tobytes()
    ([0, 3, 3], b'A;C')
    """
    encoded = [name.encode() for name in names]
    places = np.zeros(64 * words.shape[1] + 1, np.int64)
    places[1 : len(encoded) + 1] = np.cumsum([len(name) for name in encoded])
    places[len(encoded) + 1 :] = places[len(encoded)]
    letters = np.frombuffer(b"".join(encoded) or b" ", np.uint8)
    room = np.zeros(len(words) + 1, np.int64)
    _measure(words, places, room)
    if room[-1] >= 2**31:
        raise OverflowError(f"{len(words)} rows name too many rules for one batch")
    offsets = np.zeros(len(words) + 1, np.int32)
    out = np.zeros(int(room[-1]), np.uint8)
    _write(words, places, letters, offsets, out)
    return offsets, out[: offsets[-1]]
