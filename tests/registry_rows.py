"""Rows of an NPPES file, of invented people."""

from __future__ import annotations

from entente.foundation.domain.identifiers import npi_check_digit

WIDE = (
    "NPI", "Entity Type Code", "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)", "Provider First Name", "Provider Credential Text",
    "Provider First Line Business Practice Location Address",
    "Provider Business Practice Location Address City Name",
    "Provider Business Practice Location Address State Name",
    "Provider Business Practice Location Address Postal Code",
    "Provider Enumeration Date", "Last Update Date", "NPI Deactivation Date",
    "NPI Reactivation Date", "Healthcare Provider Taxonomy Code_1",
    "Healthcare Provider Primary Taxonomy Switch_1", "Provider License Number_1",
    "Provider License Number State Code_1",
)  # fmt: skip
Row = dict[str, str]


def npi_of(number: int) -> str:
    """Give an invented NPI: it starts with 2 and has a valid check digit."""
    payload = f"2{number:08d}"
    return f"{payload}{npi_check_digit(payload)}"


def person(number: int, **changes: str) -> Row:
    """Give the row of an invented Connecticut physician."""
    row = dict.fromkeys(WIDE, "")
    row |= {
        "NPI": npi_of(number),
        "Entity Type Code": "1",
        "Provider Last Name (Legal Name)": f"TESTWELL{number}",
        "Provider First Name": "MARA",
        "Provider Credential Text": "M.D.",
        "Provider Business Practice Location Address City Name": "HARTFORD",
        "Provider Business Practice Location Address State Name": "CT",
        "Provider Business Practice Location Address Postal Code": "061051208",
        "Provider Enumeration Date": "05/23/2005",
        "Last Update Date": "09/27/2016",
        "Healthcare Provider Taxonomy Code_1": "207RC0000X",
        "Healthcare Provider Primary Taxonomy Switch_1": "Y",
        "Provider License Number_1": f"L{number}",
        "Provider License Number State Code_1": "CT",
    }
    named = {
        "last": "Provider Last Name (Legal Name)",
        "first": "Provider First Name",
        "city": "Provider Business Practice Location Address City Name",
        "state": "Provider Business Practice Location Address State Name",
        "updated": "Last Update Date",
        "off": "NPI Deactivation Date",
        "back": "NPI Reactivation Date",
        "npi": "NPI",
        "taxonomy": "Healthcare Provider Taxonomy Code_1",
        "kind": "Entity Type Code",
        "organisation": "Provider Organization Name (Legal Business Name)",
    }
    return row | {named[name]: value for name, value in changes.items()}
