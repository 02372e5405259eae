"""Free texts that only medical staff may read: a patient who could be known, an adverse event.

It looks for words and errs towards flagging: a text held back is read by medical staff, while
one let through is read by everybody.
"""

from __future__ import annotations

import re

from entente.engagement.domain.caution import SAFETY_WORDS

SAFETY, IDENTITY = "safety", "identity"
WORDS = {
    SAFETY: "May tell of an adverse event",
    IDENTITY: "May identify a person",
}
_IDENTITY = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+"
    r"|\b(?:\+?\d[\s().-]?){8,}\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
    r"|\b(?:MRN|NHS|SSN|DOB|date of birth|born on|geboren am|n[ée]e? le|nacid[oa] el)\b"
    r"|\b\d{1,3}[ -]?(?:years?[ -]old|y/?o|jährig\w*|ans\b|años)"
    r"|\b(?:Mrs?|Ms|Miss|Herrn?|Frau|Mme|Monsieur|Madame|Sra?|Señora?)\.?\s+[A-ZÄÖÜÁÉÍÓÚÑ]\w+"
    r"|\b[Pp]atient(?:in|e)?,?\s+(?:[A-Z]\.|[A-Z][a-zäöüé]+)"
    r"|\b(?i:(?:my|his|her|our|this|one|meine?|mon|ma|mi)\s+(?:patient|paciente)\w*)\b",
)


def flag_of(text: str) -> str:
    """Give why a text goes to medical staff alone; empty where it need not.

    Examples
    --------
    >>> flag_of("Two of them had a rash"), flag_of("Mrs. Miller liked it"), flag_of("Clear")
    ('safety', 'identity', '')
    """
    if SAFETY_WORDS.search(text):
        return SAFETY
    return IDENTITY if _IDENTITY.search(text) else ""
