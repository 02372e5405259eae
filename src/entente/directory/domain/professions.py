"""Professions, from taxonomy codes and credentials, and what law makes of them."""

from __future__ import annotations

import re
from datetime import date

PROFESSIONS = (
    "physician",
    "dentist",
    "optometrist",
    "podiatrist",
    "chiropractor",
    "physician_assistant",
    "nurse_practitioner",
    "clinical_nurse_specialist",
    "crna",
    "anesthesiologist_assistant",
    "certified_nurse_midwife",
    "pharmacist",
    "nurse",
    "psychologist",
    "therapist",
    "student",
    "other",
)

# The longest matching beginning of a provider taxonomy code decides.
_BY_PREFIX = {
    "111N": "chiropractor",
    "1223": "dentist",
    "152W": "optometrist",
    "163W": "nurse",
    "164W": "nurse",
    "164X": "nurse",
    "1835": "pharmacist",
    "202": "physician",
    "204": "physician",
    "207": "physician",
    "208": "physician",
    "209": "physician",
    "213E": "podiatrist",
    "2251": "therapist",
    "225X": "therapist",
    "235Z": "therapist",
    "103": "psychologist",
    "103K": "therapist",
    "363A": "physician_assistant",
    "363L": "nurse_practitioner",
    "364S": "clinical_nurse_specialist",
    "3675": "crna",
    "367A": "certified_nurse_midwife",
    "367H": "anesthesiologist_assistant",
    "3902": "student",
}
_LONGEST_PREFIX = max(map(len, _BY_PREFIX))

# Credentials, full stops and blanks removed. Each says one profession by itself; degrees that do
# not license (PHD, MPH, MA) and the ambiguous PA of "MD PA" are left out of the first set.
_BY_CREDENTIAL = {
    "MD": "physician",
    "DO": "physician",
    "MBBS": "physician",
    "MEDICALDOCTOR": "physician",
    "DDS": "dentist",
    "DMD": "dentist",
    "OD": "optometrist",
    "DPM": "podiatrist",
    "DC": "chiropractor",
    "CRNA": "crna",
    "CNM": "certified_nurse_midwife",
    "CNS": "clinical_nurse_specialist",
    "PAC": "physician_assistant",
    "RPAC": "physician_assistant",
    "PHYSICIANASSISTANT": "physician_assistant",
    "PA": "physician_assistant",
    "CAA": "anesthesiologist_assistant",
    "NP": "nurse_practitioner",
    "NPC": "nurse_practitioner",
    "FNP": "nurse_practitioner",
    "FNPC": "nurse_practitioner",
    "CFNP": "nurse_practitioner",
    "CNP": "nurse_practitioner",
    "CRNP": "nurse_practitioner",
    "ANP": "nurse_practitioner",
    "ANPC": "nurse_practitioner",
    "ACNP": "nurse_practitioner",
    "PMHNP": "nurse_practitioner",
    "WHNP": "nurse_practitioner",
    "RPH": "pharmacist",
    "PHARMD": "pharmacist",
    "RN": "nurse",
    "LPN": "nurse",
    "LVN": "nurse",
}
_SPECIALTY_WORDS = (
    ("CLINICAL NURSE SPECIALIST", "clinical_nurse_specialist"),
    ("NURSE ANESTHETIST", "crna"),
    ("NURSE MIDWIFE", "certified_nurse_midwife"),
    ("NURSE PRACTITIONER", "nurse_practitioner"),
    ("PHYSICIAN ASSISTANT", "physician_assistant"),
    ("ANESTHESIOLOGY ASSISTANT", "anesthesiologist_assistant"),
    ("ANESTHESIOLOGIST ASSISTANT", "anesthesiologist_assistant"),
    ("REGISTERED NURSE", "nurse"),
    ("PRACTICAL NURSE", "nurse"),
    ("OPTOMETR", "optometrist"),
    ("CHIROPRACT", "chiropractor"),
    ("PODIATR", "podiatrist"),
    ("DENTIST", "dentist"),
    ("PHARMACIST", "pharmacist"),
    ("PSYCHOLOGIST", "psychologist"),
    ("THERAPIST", "therapist"),
    ("SPEECH LANGUAGE", "therapist"),
)
_PHYSICIANS = frozenset({"physician", "dentist", "optometrist", "podiatrist", "chiropractor"})
_ADDED_2021 = frozenset(
    {
        "physician_assistant",
        "nurse_practitioner",
        "clinical_nurse_specialist",
        "crna",
        "anesthesiologist_assistant",
        "certified_nurse_midwife",
    }
)
_ADDED_ON = date(2021, 1, 1)
_PRESCRIBERS = (_PHYSICIANS - {"chiropractor"}) | (_ADDED_2021 - {"anesthesiologist_assistant"})


def profession_of(taxonomy_code: str | None, credential: str | None = None) -> str:
    """Name a person's profession.

    Parameters
    ----------
    taxonomy_code : str or None
        Provider taxonomy code, or the specialty name that some files give instead.
    credential : str or None
        Letters after the name as the person wrote them; asked only where the code says nothing.

    Returns
    -------
    str
        One of ``PROFESSIONS``; ``"other"`` where neither says one.

    Notes
    -----
    Source: NUCC Health Care Provider Taxonomy (beginnings of codes). The code wins over the
    credential, because it is the registry's field and the credential is free text. A student or
    resident (390200000X) is a student whatever the degree: 42 CFR 403.902 leaves residents out.

    Examples
    --------
    >>> profession_of("207RC0000X"), profession_of("363LF0000X", "M.D.")
    ('physician', 'nurse_practitioner')
    >>> profession_of("174400000X", "D.O."), profession_of("OPTOMETRY"), profession_of(None)
    ('physician', 'optometrist', 'other')
    """
    code = taxonomy_code or ""
    for length in range(_LONGEST_PREFIX, 2, -1):
        if len(code) == 10 and code[:length] in _BY_PREFIX:
            return _BY_PREFIX[code[:length]]
    words = " ".join(code.upper().split())
    for text, profession in _SPECIALTY_WORDS:
        if text in words:
            return profession
    return _profession_of_credential(credential)


def _profession_of_credential(credential: str | None) -> str:
    if not credential:
        return "other"
    compact = re.sub(r"[.\s-]", "", credential.upper())
    if compact in _BY_CREDENTIAL:
        return _BY_CREDENTIAL[compact]
    parts = re.split(r"[,;/\s]+", re.sub(r"[.\-]", "", credential.upper()))
    named = [_BY_CREDENTIAL[part] for part in parts if part in _BY_CREDENTIAL]
    return named[0] if named else "other"


def covered_recipient_type(profession: str, on: date) -> str:
    """Say which kind of covered recipient of Open Payments a profession is.

    Parameters
    ----------
    profession : str
        One of ``PROFESSIONS``.
    on : date
        Day of the transfer of value.

    Returns
    -------
    str
        ``"physician"``, ``"non_physician_practitioner"`` or ``"none"``.

    Notes
    -----
    Source: 42 CFR 403.902; SUPPORT Act section 6111 adds five kinds of practitioner from
    2021-01-01. Employment by the payer and a US licence are asked elsewhere.

    Examples
    --------
    >>> covered_recipient_type("dentist", date(2020, 5, 1))
    'physician'
    >>> [covered_recipient_type("crna", date(year, 12, 31)) for year in (2020, 2021)]
    ['none', 'non_physician_practitioner']
    """
    if profession in _PHYSICIANS:
        return "physician"
    if profession in _ADDED_2021 and on >= _ADDED_ON:
        return "non_physician_practitioner"
    return "none"


def can_prescribe(profession: str) -> bool:
    """Tell whether a profession may prescribe medicines somewhere in the United States.

    Parameters
    ----------
    profession : str
        One of ``PROFESSIONS``.

    Returns
    -------
    bool
        The outer bound: state law and the person's own licence narrow it.

    Notes
    -----
    Source: 21 CFR 1300.01(b) (individual and mid-level practitioners); chiropractors and
    anesthesiologist assistants have no prescriptive authority of their own.

    Examples
    --------
    >>> can_prescribe("nurse_practitioner"), can_prescribe("chiropractor"), can_prescribe("nurse")
    (True, False, False)
    """
    return profession in _PRESCRIBERS
