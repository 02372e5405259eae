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

_SAFETY = re.compile(
    r"\b(?:side[ -]effects?|adverse (?:event|reaction|effect)s?|ADRs?|AEs?|hospitali[sz]ed|"
    r"died|death of|fatal|overdos\w+|miscarriage|anaphyla\w+|allergic reaction|"
    r"developed (?:a |an )?(?:rash|hives|seizure|bleed\w*)|product complaint|counterfeit|"
    r"off[ -]label use in|pregnan\w+ while)\b",
    re.I,
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
    ('developed a rash',)
    >>> caution("Asked about renal dosing")
    Caution(patient=(), safety=())
    """
    named = dict.fromkeys(name for name, pattern in _PATIENT if pattern.search(text))
    words = dict.fromkeys(found.group(0) for found in _SAFETY.finditer(text))
    return Caution(tuple(named), tuple(words))


def without_patient(text: str, field: str) -> str | None:
    """Say what to leave out of a text, or None where nothing looks like one patient."""
    found = caution(text).patient
    if not found:
        return None
    return (
        f"this looks like {' and '.join(found)}: leave out whatever tells who the {field} is about"
    )
