"""Hash many texts at once, to find repeated ids without keeping them all."""

# mypy: disable-error-code="untyped-decorator"

from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

_START = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)


@nb.njit(cache=True, nogil=True)
def _hash(offsets: Any, letters: Any, out: Any) -> None:
    for row in range(out.shape[0]):
        value = _START
        for i in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(letters[i])) * _PRIME
        out[row] = value ^ (value >> np.uint64(29))


def hash_texts(texts: Any) -> npt.NDArray[np.uint64]:
    """Hash each text of an Arrow string array by FNV-1a.

    Two equal texts have equal hashes; whoever finds equal hashes must compare the texts.
    """
    out = np.zeros(len(texts), np.uint64)
    _, places, letters = texts.buffers()
    if len(texts) and letters is not None:
        offsets = np.frombuffer(places, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        data = np.frombuffer(letters, np.uint8) if letters.size else np.zeros(1, np.uint8)
        _hash(offsets, data, out)
    return out
