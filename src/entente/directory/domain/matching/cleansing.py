"""Values brought to one spelling before they are compared: one SQL expression per kind of field.

A record keeps its own spelling; what is written here lives only while records are compared.
"""

from __future__ import annotations

from entente.directory.domain.matching.fields import Kind

# What registries and programs write for "no value".
MISSING = ("", "NA", "N A", "NULL", "NONE", "NAN", "UNAVAIL", "UNKNOWN", "NOT AVAILABLE", "X X")
# Words that are shortened as often as not; the short form is compared.
_STREET_WORDS = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "ROAD": "RD", "BOULEVARD": "BLVD", "DRIVE": "DR",
    "LANE": "LN", "PLACE": "PL", "COURT": "CT", "PARKWAY": "PKWY", "HIGHWAY": "HWY", "SUITE": "STE",
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W", "FLOOR": "FL", "BUILDING": "BLDG",
    "CRESCENT": "CRES", "TERRACE": "TER", "CIRCLE": "CIR", "SQUARE": "SQ",
}  # fmt: skip
_ORGANISATION_WORDS = {
    "CENTER": "CTR", "CENTRE": "CTR", "HOSPITAL": "HOSP", "UNIVERSITY": "UNIV", "SAINT": "ST",
    "ASSOCIATION": "ASSN", "ASSOCIATES": "ASSOC", "DEPARTMENT": "DEPT", "AND": "", "THE": "",
    "OF": "", "INCORPORATED": "", "INC": "", "LLC": "", "LTD": "", "CORP": "",
    "CORPORATION": "", "COMPANY": "", "GMBH": "",
}  # fmt: skip


def _plain(column: str) -> str:
    """Capitals without accents; every other sign divides words.

    Most values are plain words already; only the others are taken apart.
    """
    # Letters that Unicode does not take apart into a base letter and a mark.
    letters = f"translate(upper(strip_accents({column})), 'ØĐŁĦŦ', 'ODLHT')"
    for one, two in (("Æ", "AE"), ("Œ", "OE"), ("ß", "SS"), ("ẞ", "SS"), ("Þ", "TH")):
        letters = f"replace({letters}, '{one}', '{two}')"
    joined = f"regexp_replace({letters}, '[''`´’.]', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({column}, '[A-Za-z0-9]+( [A-Za-z0-9]+)*')"
        f" THEN upper({column}) ELSE trim(regexp_replace({joined}, '[^A-Z0-9]+', ' ', 'g')) END"
    )


def _missing_as_null(expression: str) -> str:
    values = ", ".join(f"'{value}'" for value in MISSING)
    return f"CASE WHEN ({expression}) NOT IN ({values}) THEN ({expression}) END"


def _shortened(expression: str, words: dict[str, str]) -> str:
    """Exchange whole words; a value that holds none of them is left as it is."""
    exchanged = f"' ' || {expression} || ' '"
    for word, short in words.items():
        exchanged = f"replace({exchanged}, ' {word} ', ' {short} ')"
    any_word = "|".join(words)
    return (
        f"CASE WHEN regexp_matches({expression}, '\\b({any_word})\\b')"
        f" THEN trim(regexp_replace({exchanged}, ' +', ' ', 'g')) ELSE {expression} END"
    )


def _digits(column: str) -> str:
    return f"nullif(regexp_replace({column}, '[^0-9]+', '', 'g'), '')"


def _day(column: str) -> str:
    forms = "['%Y-%m-%d', '%Y%m%d', '%m/%d/%Y', '%d/%m/%Y', '%d.%m.%Y', '%Y/%m/%d']"
    return f"coalesce(strftime(try_strptime(trim({column}), {forms}), '%Y%m%d'), {_digits(column)})"


def cleansed(kind: Kind, column: str) -> str:
    """Give the SQL that brings a column of text to the spelling in which it is compared.

    Parameters
    ----------
    kind : Kind
    column : str
        Quoted name.
    """
    plain = _missing_as_null(_plain(column))
    match kind:
        case Kind.GIVEN | Kind.FAMILY | Kind.MIDDLE | Kind.NAME:
            return f"nullif(trim(regexp_replace({plain}, '[0-9]+', '', 'g')), '')"
        case Kind.ORGANISATION:
            return f"nullif({_shortened(plain, _ORGANISATION_WORDS)}, '')"
        case Kind.STREET:
            return f"nullif({_shortened(plain, _STREET_WORDS)}, '')"
        case Kind.DAY:
            return _day(column)
        case Kind.EMAIL:
            return f"nullif(lower(trim({column})), '')"
        case Kind.PHONE:
            return f"nullif(right({_digits(column)}, 7), '')"
        case Kind.POSTCODE:
            # ZIP codes lose leading zeros in spreadsheets; ZIP+4 is compared by its first five.
            joined = f"replace({plain}, ' ', '')"
            return (
                f"CASE WHEN regexp_matches({joined}, '^[0-9]{{3,5}}$') THEN lpad({joined}, 5, '0')"
                f" WHEN regexp_matches({joined}, '^[0-9]{{9}}$') THEN left({joined}, 5)"
                f" ELSE {joined} END"
            )
        case Kind.KEY | Kind.NUMBER:
            return f"nullif(ltrim(replace({plain}, ' ', ''), '0'), '')"
        case _:
            return plain


def derived(kind: Kind, name: str) -> dict[str, str]:
    """Give further columns that comparisons and blocks of a cleansed field need, by name."""
    match kind:
        case Kind.STREET:
            return {f"{name}_no": f"nullif(regexp_extract({name}, '([0-9]+)', 1), '')"}
        case Kind.ORGANISATION | Kind.NAME | Kind.TEXT:
            words = f"list_sort(list_distinct(string_split({name}, ' ')))"
            return {f"{name}_words": f"CASE WHEN {name} IS NOT NULL THEN {words} END"}
        case _:
            return {}
