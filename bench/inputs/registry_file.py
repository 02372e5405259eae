"""An invented NPPES full replacement file of any size, in the layout of 329 columns.

Nobody in it exists: NPIs begin with 2, names are put together of syllables. Written by DuckDB in
a stream, so that eight million rows need neither memory nor patience.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

_PRACTICE, _MAILING = "Business Practice Location Address", "Business Mailing Address"


def _place(kind: str) -> list[str]:
    return [
        f"Provider First Line {kind}", f"Provider Second Line {kind}",
        *(f"Provider {kind} {part}" for part in (
            "City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)",
            "Telephone Number", "Fax Number")),
    ]  # fmt: skip


HEADER = [
    "NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)",
    "Provider First Name", "Provider Middle Name", "Provider Name Prefix Text",
    "Provider Name Suffix Text", "Provider Credential Text", "Provider Other Organization Name",
    "Provider Other Organization Name Type Code", "Provider Other Last Name",
    "Provider Other First Name", "Provider Other Middle Name", "Provider Other Name Prefix Text",
    "Provider Other Name Suffix Text", "Provider Other Credential Text",
    "Provider Other Last Name Type Code", *_place(_MAILING), *_place(_PRACTICE),
    "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code",
    "NPI Deactivation Date", "NPI Reactivation Date", "Provider Sex Code",
    "Authorized Official Last Name", "Authorized Official First Name",
    "Authorized Official Middle Name", "Authorized Official Title or Position",
    "Authorized Official Telephone Number",
    *(f"{part}_{n}" for n in range(1, 16) for part in (
        "Healthcare Provider Taxonomy Code", "Provider License Number",
        "Provider License Number State Code", "Healthcare Provider Primary Taxonomy Switch")),
    *(f"Other Provider Identifier{part}_{n}" for n in range(1, 51)
      for part in ("", " Type Code", " State", " Issuer")),
    "Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN",
    "Parent Organization TIN", "Authorized Official Name Prefix Text",
    "Authorized Official Name Suffix Text", "Authorized Official Credential Text",
    *(f"Healthcare Provider Taxonomy Group_{n}" for n in range(1, 16)),
]  # fmt: skip

_SYLLABLES = ("BA", "CER", "DON", "FAR", "GEL", "HAM", "JO", "KIN", "LOR", "MAS", "NEV", "OR",
              "PEL", "QUI", "RAN", "SOL", "TER", "UL", "VIN", "WES", "YOR", "ZAN", "BREN", "CLAY",
              "DRU", "FEN", "GRA", "HOL", "KES", "LUN", "MIR", "NOR", "PRES", "STAN")  # fmt: skip
_STATES = ("CA", "TX", "FL", "NY", "PA", "IL", "OH", "GA", "NC", "MI", "MA", "CT", "NJ", "VA",
           "WA", "AZ", "TN", "IN", "MO", "MD")  # fmt: skip
_CODES = ("207R00000X", "207Q00000X", "208D00000X", "363L00000X", "183500000X", "1223G0001X",
          "2084N0400X", "207RC0000X", "363A00000X", "225100000X")  # fmt: skip


def _one_of(values: tuple[str, ...], index: str) -> str:
    listed = ",".join(f"'{value}'" for value in values)
    return f"list_extract([{listed}], 1 + ({index})::INT % {len(values)})"


def _name(number: str) -> str:
    n = len(_SYLLABLES)
    return " || ".join(_one_of(_SYLLABLES, f"({number}) // {n**place}") for place in range(3))


def _npi(number: str) -> str:
    """Give the SQL of an NPI: 2, eight digits, and the Luhn digit over 80840 and those nine."""
    digits = ["2", *(f"(({number}) // {10 ** (7 - place)}) % 10" for place in range(8))]
    doubled = [
        f"(2 * ({d})) // 10 + (2 * ({d})) % 10" if place % 2 == 0 else f"({d})"
        for place, d in enumerate(digits)
    ]
    total = " + ".join(f"({d})" for d in doubled)
    return f"'2' || lpad(({number})::VARCHAR, 8, '0') || ((10 - (24 + {total}) % 10) % 10)::VARCHAR"


def _cells() -> dict[str, str]:
    """Give the SQL of the columns that are filled; one row in six is an organisation."""
    person = "NOT is_org"
    cells = {
        "NPI": _npi("n"),
        "Entity Type Code": "CASE WHEN is_org THEN '2' ELSE '1' END",
        "Provider Organization Name (Legal Business Name)":
            f"CASE WHEN is_org THEN {_name('h')} || ' CLINIC ' || n END",
        "Provider Last Name (Legal Name)": f"CASE WHEN {person} THEN {_name('h')} END",
        "Provider First Name": f"CASE WHEN {person} THEN {_name('h // 7')} END",
        "Provider Middle Name": f"CASE WHEN {person} AND n % 3 = 0"
                                " THEN chr(65 + (n % 26)::INT) END",
        "Provider Credential Text":
            f"CASE WHEN {person} THEN {_one_of(('MD', 'DO', 'NP', 'PA-C', 'M.D.'), 'h // 11')} END",
        "Provider Enumeration Date": "strftime(DATE '2006-01-01' + (h % 6000)::INT, '%m/%d/%Y')",
        "Last Update Date": "strftime(DATE '2016-01-01' + (h % 3000)::INT, '%m/%d/%Y')",
        "Provider Sex Code": f"CASE WHEN {person} THEN {_one_of(('M', 'F'), 'h // 3')} END",
        "Is Sole Proprietor": f"CASE WHEN {person} THEN {_one_of(('Y', 'N', 'X'), 'h // 5')} END",
        "Is Organization Subpart": "CASE WHEN is_org THEN 'N' END",
        "Healthcare Provider Taxonomy Code_1": _one_of(_CODES, "h // 13"),
        "Provider License Number_1": f"CASE WHEN {person} THEN 'L' || (h % 900000)::VARCHAR END",
        "Provider License Number State Code_1": f"CASE WHEN {person} THEN state END",
        "Healthcare Provider Primary Taxonomy Switch_1": "'Y'",
        "Healthcare Provider Taxonomy Code_2":
            f"CASE WHEN n % 4 = 0 THEN {_one_of(_CODES, 'h // 17')} END",
        "Healthcare Provider Primary Taxonomy Switch_2": "CASE WHEN n % 4 = 0 THEN 'N' END",
    }  # fmt: skip
    for kind in (_MAILING, _PRACTICE):
        cells |= {
            f"Provider First Line {kind}": f"(1 + h % 9000)::VARCHAR || ' ' || {_name('h // 19')}"
                                           " || ' STREET'",
            f"Provider {kind} City Name": f"{_name('h % 4000')}",
            f"Provider {kind} State Name": "state",
            f"Provider {kind} Postal Code": "lpad((h % 100000)::VARCHAR, 5, '0')",
            f"Provider {kind} Country Code (If outside U.S.)": "'US'",
            f"Provider {kind} Telephone Number": "'555' || lpad((h % 10000000)::VARCHAR, 7, '0')",
        }  # fmt: skip
    return cells


def write_registry_file(path: Path, n_rows: int) -> int:
    """Write a file of so many rows, every field quoted, as the registry does.

    Returns
    -------
    int
        How many of the rows are people; the others are organisations.
    """
    cells = _cells()
    assert set(cells) <= set(HEADER)
    columns = ", ".join(
        f"""coalesce({cells.get(name, "NULL")}, '') AS "{name}" """ for name in HEADER
    )
    with duckdb.connect() as session:
        session.execute(
            "SET enable_progress_bar = false; SET memory_limit = '2GB';"
            " SET preserve_insertion_order = false"
        )
        session.execute(
            f"COPY (SELECT {columns} FROM (SELECT n, (hash(n) % 1000000000)::BIGINT AS h,"
            f" n % 6 = 5 AS is_org, {_one_of(_STATES, 'hash(n) % 1000')} AS state"
            f" FROM range({n_rows}) r(n))) TO '{path}' (FORMAT csv, HEADER, FORCE_QUOTE *)"
        )
    return n_rows - sum(1 for _ in range(5, n_rows, 6))
