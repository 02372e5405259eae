"""The one reason that a refusal is counted under when several rules spoke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

IN_ORDER = (
    "PG-ID", "PG-STOP", "US-CANSPAM-1", "EU-GDPR-WD", "EU-GDPR-OBJ", "PG-LIC",
    "PG-CONS", "UK-MAIL", "EU-EFPIA", "EU-GDPR", "PG-MLR", "PG-COB", "PG-LAB", "US-CANSPAM",
    "PG-CHR", "PG-CAM", "PG-SEP", "PG-MED", "PG-FREQ", "PG-QUIET",
)  # fmt: skip
SEVERITIES = ("block", "approve", "warn", "record")
UNKNOWN = "other"


def main_reason(rule_ids: Iterable[str], severities: Mapping[str, str]) -> str:
    """Give the rule under which a refusal is counted: the severest, then the most basic.

    Each refusal is counted once, so that reasons add up to refusals.

    Parameters
    ----------
    rule_ids : iterable of str
        The rules that did not pass.
    severities : mapping of str to str
        Severity of each rule in force; a rule that is unknown counts as least severe.

    Notes
    -----
    Source: the platform's order of reasons, who somebody is before what is sent to him,
    and that before how often.

    Examples
    --------
    >>> main_reason(["PG-FREQ-1", "PG-CONS-1"], {"PG-FREQ-1": "block", "PG-CONS-1": "block"})
    'PG-CONS-1'
    >>> main_reason(["US-OP-CR-1", "PG-FREQ-1"], {"US-OP-CR-1": "record", "PG-FREQ-1": "block"})
    'PG-FREQ-1'
    """

    def rank(rule_id: str) -> tuple[int, int, str]:
        severity = severities.get(rule_id, "record")
        place = next(
            (n for n, start in enumerate(IN_ORDER) if rule_id.startswith(start)), len(IN_ORDER)
        )
        return SEVERITIES.index(severity), place, rule_id

    return min(rule_ids, key=rank, default=UNKNOWN)
