"""Addresses of registry rows: country, state, ZIP code and telephone number made comparable."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from entente.directory.adapters.reading import COUNTRY_REMEDY, Reading, key_of, map_values
from entente.directory.adapters.values import country_of, phone_digits, us_state, us_zip
from entente.foundation.domain.identifiers import is_us_state

ZIP_REMEDY = "Write 5 or 9 digits."
PHONE_REMEDY = "Write 7 to 15 digits as text; a spreadsheet may have made it a decimal number."


def read_place(reading: Reading, *, default_country: str | None = None) -> dict[str, pa.Array]:
    """Read the address columns of a chunk.

    Parameters
    ----------
    reading : Reading
        Asked for ``address_line1``, ``address_line2``, ``city``, ``state``, ``zip``, ``country``
        and ``phone``; what cannot be read is noted as blanked.
    default_country : str, optional
        Country of a file that has no such column.

    Returns
    -------
    dict of str to pyarrow.Array
        The columns named, ``zip_restored`` and ``city_key``.

    Notes
    -----
    A blank country is US where the state is one of the United States. ZIP codes become 5 or 9
    digits; a postal code of another country stays as written.
    """
    written = reading.text("country")
    country = map_values(written, country_of)
    reading.blank("country", _lost(written, country), COUNTRY_REMEDY)
    state = map_values(reading.text("state"), us_state)
    domestic = pc.if_else(state.is_valid(), "US", pa.scalar(default_country, pa.string()))
    country = pc.if_else(written.is_null(), domestic, country)
    in_us = pa.array(
        [code == "US" or is_us_state(code) for code in country.to_pylist()], pa.bool_()
    )
    zips, restored = _zips(reading, in_us)
    phone = map_values(reading.text("phone"), phone_digits)
    reading.blank("phone", _lost(reading.text("phone"), phone), PHONE_REMEDY)
    city = reading.text("city")
    return {
        "address_line1": reading.text("address_line1"),
        "address_line2": reading.text("address_line2"),
        "city": city,
        "city_key": map_null(city),
        "state": pc.if_else(pc.and_(in_us, state.is_valid()), state, reading.text("state")),
        "zip": zips,
        "zip_restored": restored,
        "country": country,
        "phone": phone,
    }


def map_null(values: pa.Array) -> pa.Array:
    """Fold a column for search, null where there is nothing.

    Parameters
    ----------
    values : pyarrow.Array of string

    Returns
    -------
    pyarrow.Array of string
    """
    keys = key_of(values)
    return pc.if_else(pc.equal(keys, ""), None, keys)


def _zips(reading: Reading, in_us: pa.Array) -> tuple[pa.Array, pa.Array]:
    written = reading.text("zip")
    digits = map_values(written, us_zip)
    lost = _lost(written, digits) & in_us.to_numpy(False)
    reading.blank("zip", lost, ZIP_REMEDY)
    bare = pc.replace_substring_regex(written, "[- ]", "")
    restored = pc.and_(in_us, pc.fill_null(pc.not_equal(bare, digits), False))
    return pc.if_else(in_us, digits, written), restored


def _lost(written: pa.Array, found: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    lost: np.ndarray[tuple[int], np.dtype[np.bool_]] = pc.and_(
        written.is_valid(), found.is_null()
    ).to_numpy(False)
    return lost
