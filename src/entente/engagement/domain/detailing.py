"""A detail in numbers and words: seconds on show, minutes as people write them, what is medical."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from entente.engagement.domain.caution import caution

Item = TypeVar("Item", bound=Hashable)
# Between two signs of life of a browser; a longer silence was nobody looking.
LONGEST_SILENCE = timedelta(seconds=15)
_MINUTES = re.compile(r"(\d{1,3})(?::([0-5]\d)|[.,](\d{1,2}))?")
# Stems in four languages that make a question one for medical staff. It errs towards finding.
_MEDICAL = re.compile(
    r"\b(?:patient\w*|dos(?:e|es|is|ing|age|ierung\w*)|mg|mcg|µg|treat\w*|therap\w*|symptom\w*"
    r"|diagnos\w*|indicat\w*|contraindicat\w*|interact\w*|renal|hepatic|kidney\w*|liver|cardiac"
    r"|efficac\w*|safety|trial\w*|stud(?:y|ies)|evidence|data|mechanism\w*|pharmac\w*|drug\w*"
    r"|medic\w*|disease\w*|monitor\w*|lab(?:oratory)?|level\w*|label\w*|children|elderly|paediatric\w*"
    r"|pediatric\w*|behand\w*|wirk\w*|niere\w*|leber\w*|studie\w*|traite\w*|efficacit\w*|rein\w*"
    r"|foie|étude\w*|tratami\w*|eficaci\w*|riñ[oó]n\w*|hígado|estudio\w*|pacient\w*)\b",
    re.IGNORECASE,
)


def seconds_on_show(
    stays: Iterable[tuple[Item, datetime, datetime]],
) -> dict[Item, int]:
    """Give for how many whole seconds each item was on a screen, in the order first shown.

    Parameters
    ----------
    stays : iterable of (item, from, until)
        Stays of one item may overlap; what overlaps counts once.

    Examples
    --------
    >>> t = [datetime(2026, 1, 1, 10, 0, s) for s in range(0, 60, 10)]
    >>> seconds_on_show([("a", t[0], t[2]), ("b", t[2], t[3]), ("a", t[3], t[5])])
    {'a': 40, 'b': 10}
    """
    kept: dict[Item, list[tuple[datetime, datetime]]] = {}
    for item, since, until in sorted(stays, key=lambda stay: stay[1]):
        kept.setdefault(item, []).append((since, until))
    return {item: _joined(each) for item, each in kept.items()}


def _joined(stays: Sequence[tuple[datetime, datetime]]) -> int:
    total, reached = timedelta(), None
    for since, until in stays:
        begin = since if reached is None else max(since, reached)
        if until > begin:
            total += until - begin
            reached = until
    return int(total.total_seconds())


def is_still_looking(seen_until: datetime, at: datetime) -> bool:
    """Tell whether a sign of life continues the last one, or comes after a silence.

    Examples
    --------
    >>> t = [datetime(2026, 1, 1, 10, 0, s) for s in (0, 15, 16)]
    >>> is_still_looking(t[0], t[1]), is_still_looking(t[0], t[2])
    (True, False)
    """
    return at - seen_until <= LONGEST_SILENCE


def seconds_of(text: str) -> int | None:
    """Read minutes as people write them; None for nothing.

    Raises
    ------
    ValueError
        If it is no number of minutes.

    Examples
    --------
    >>> seconds_of("3"), seconds_of("3:25"), seconds_of("2,5"), seconds_of(" ")
    (180, 205, 150, None)
    """
    if not text.strip():
        return None
    found = _MINUTES.fullmatch(text.strip())
    if found is None:
        raise ValueError("write minutes such as 3 or 3:25")
    whole, seconds, part = found.groups()
    more = int(seconds) if seconds else int(part.ljust(2, "0")) * 60 // 100 if part else 0
    return int(whole) * 60 + more


def as_minutes(seconds: int | None) -> str:
    """Write seconds as people read them; nothing where they are not known.

    Examples
    --------
    >>> as_minutes(205), as_minutes(180), as_minutes(4), as_minutes(None)
    ('3:25', '3:00', '0:04', '')
    """
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def is_medical(words: str, products: Iterable[str] = ()) -> bool:
    """Tell whether a question is one for medical staff, whatever the one who asks calls it.

    Examples
    --------
    >>> is_medical("Will the slides be sent round?"), is_medical("Which dose in renal failure?")
    (False, True)
    >>> is_medical("Is Examplivo covered here?", ["Examplivo"])
    True
    """
    if caution(words).safety or _MEDICAL.search(words):
        return True
    low = words.casefold()
    return any(name.casefold() in low for name in products if name.strip())


def shares_of(counts: Mapping[int, int], n_choices: int) -> list[tuple[int, int]]:
    """Give for each choice of a poll its count and its part in whole percent.

    Examples
    --------
    >>> shares_of({0: 1, 2: 2}, 3)
    [(1, 33), (0, 0), (2, 67)]
    """
    total = sum(counts.values())
    return [
        (n := counts.get(choice, 0), round(100 * n / total) if total else 0)
        for choice in range(n_choices)
    ]
