"""Tables with exactly the columns that ``schemas`` fixes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def build(schema: pa.Schema, columns: Mapping[str, pa.Array], keep: NDArray[np.bool_]) -> pa.Table:
    """Put columns into a schema, keeping the marked rows.

    Parameters
    ----------
    schema : pyarrow.Schema
    columns : mapping of str to pyarrow.Array
        All of one length; what the schema does not name is left out, and a column that is not
        given becomes null, or false where the schema forbids null.
    keep : ndarray of bool

    Returns
    -------
    pyarrow.Table

    Examples
    --------
    >>> schema = pa.schema([("code", pa.string()), ("name", pa.string())])
    >>> build(schema, {"code": pa.array(["a", "b"])}, np.array([False, True])).to_pylist()
    [{'code': 'b', 'name': None}]
    """
    arrays = []
    for field in schema:
        values = columns.get(field.name)
        if values is None:
            empty = not field.nullable and pa.types.is_boolean(field.type)
            values = pa.array([False if empty else None] * len(keep), field.type)
        arrays.append(values.cast(field.type))
    table = pa.Table.from_arrays(arrays, schema=schema)
    return table if keep.all() else table.filter(pa.array(keep))
