"""Words in free text that must not stay, or must reach somebody: patients, side effects."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Each is a way in which one patient, not patients in general, is told from others.
_PATIENT = (
    ("a date of birth", re.compile(r"\b(?:dob|d\.o\.b\.|born(?: on)?|date of birth)\b", re.I)),
    (
        "a record number",
        re.compile(r"\b(?:mrn|nhs|medical record|patient|member|insurance|policy)"
                   r"\s*(?:no|nr|number|id|#)?\.?\s*[:#]?\s*[A-Z]{0,3}\d[\d -]{4,}", re.I),
    ),
    ("a social security number", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("a patient’s name", re.compile(r"\b[Pp]atient(?:s name)?(?: is|,|:)? "
                                    r"(?:Mr|Mrs|Ms|Miss|Herr|Frau)\.? ?[A-ZÄÖÜ]")),
    ("a patient’s name", re.compile(r"\b[Pp]atient(?:’s|'s)? (?:name is |named |called )[A-ZÄÖÜ]")),
    ("initials with an age", re.compile(r"\b[A-Z]\.? ?[A-Z]\.?,? \(?\d{1,3}[ -]?"
                                        r"(?:y|yo|years?)\b")),
)  # fmt: skip

# Stems in four languages. It errs towards finding: what is found is looked at, no more.
SAFETY_WORDS = re.compile(
    r"\b(?:side[ -]?effects?|adverse|reactions?|overdos\w*|died|deaths?|dead|fatal|allerg\w*"
    r"|hospitali[sz]\w*|anaphyla\w*|rash(?:es)?|nausea\w*|vomit\w*|diarrh\w*|dizz\w*|bleed\w*"
    r"|bled|faint\w*|suicid\w*|seizures?|stroke|infarct\w*|toxic\w*|hepatitis|miscarr\w*"
    r"|pregnan\w*|birth defect\w*|lack of effect\w*|medication errors?|off[ -]label|misuse\w*"
    r"|abuse\w*|nebenwirkung\w*|unerw(?:ü|ue)nscht\w*|gestorben|verstorben|tod|tödlich\w*"
    r"|schwanger\w*|ausschlag|übelkeit|erbrechen|blutung\w*|schwindel|krampfanf\w*|überdosi\w*"
    r"|stationär\w*|wirkungslos\w*|effets? (?:secondaires?|ind[ée]sirables?)|r[ée]action\w*"
    r"|d[ée]c[ée]d[ée]\w*|morts?|mortel\w*|enceinte|grossesse|naus[ée]es?|vomissement\w*"
    r"|saignement\w*|vertige\w*|surdos\w*|efectos? (?:secundarios?|adversos?)|reacci[óo]n\w*"
    r"|muri[óo]|muerte|falleci\w*|embaraz\w*|sarpullido|n[áa]useas?|v[óo]mitos?|sangrado|mareos?"
    r"|sobredosis)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Caution:
    """What a text seems to hold.

    Parameters
    ----------
    patient : tuple of str
        What looks like one patient's identity, in words for the person who wrote it.
    safety : tuple of str
        The words that sound like an adverse event or a product complaint.
    """

    patient: tuple[str, ...]
    safety: tuple[str, ...]


def caution(text: str) -> Caution:
    """Look for a patient's identity and for adverse events; rules, no judgement.

    Examples
    --------
    >>> caution("Patient Mrs. Weber, born 3.4.1961, asked").patient
    ('a date of birth', 'a patient’s name')
    >>> caution("One of his patients developed a rash").safety
    ('rash',)
    >>> caution("Asked about renal dosing")
    Caution(patient=(), safety=())
    """
    named = dict.fromkeys(name for name, pattern in _PATIENT if pattern.search(text))
    words = dict.fromkeys(found.group(0) for found in SAFETY_WORDS.finditer(text))
    return Caution(tuple(named), tuple(words))


def without_patient(text: str, field: str) -> str | None:
    """Say what to leave out of a text, or None where nothing looks like one patient."""
    found = caution(text).patient
    if not found:
        return None
    return (
        f"this looks like {' and '.join(found)}: leave out whatever tells who the {field} is about"
    )
