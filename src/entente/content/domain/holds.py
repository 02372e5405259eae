"""What a version holds, declared by its author and covered by every reviewer's signature.

A machine finds a link or an address in the words; whether risks stand as prominently as
benefits is judged by people. What is not declared is not there.
"""

from __future__ import annotations

from collections.abc import Iterable

# Code: (what a person reads, the fact that the gate asks).
HOLDS: dict[str, tuple[str, str]] = {
    "prescribing_information": ("The prescribing information", "content.pi_included"),
    "adverse_event_reporting": ("How to report an adverse event", "content.ae_statement"),
    "balanced_risks": ("Risks as prominent as benefits", "content.risk_prominence_ok"),
    "price_disclosure": (
        "List price and known variation of efficacy, as Connecticut asks",
        "content.price_disclosure",
    ),
    "unapproved_use_disclosures": (
        "Statements on an unapproved use, its label and its limits",
        "content.siuu_disclosures",
    ),
    "broadcast_risk_statement": (
        "A risk statement that is clear, conspicuous and neutral",
        "content.major_statement_ok",
    ),
    "broadcast": ("A form for television or radio", "content.is_broadcast"),
    "says_new": ("The word new for the product", "content.says_new"),
    "says_safe": ("Safe, or free of side effects, without qualification", "content.says_safe"),
    "other_brands": ("Another firm's brand", "content.names_other_brands"),
    "hcp_endorsement": ("An HCP who recommends the brand", "content.hcp_endorsement"),
    "reminder_only": ("The product's name and nothing about it", "content.is_reminder"),
    "reprint": ("A reprint of an article", "content.is_reprint"),
    "peer_reviewed": ("Peer review of that article", "content.peer_reviewed"),
}


def unknown_holds(codes: Iterable[str]) -> list[str]:
    """List codes that stand for nothing.

    Examples
    --------
    >>> unknown_holds(["reprint", "poem"])
    ['poem']
    """
    return sorted(set(codes) - set(HOLDS))


def words_of(codes: Iterable[str]) -> list[str]:
    """Give what a person reads for some codes, in the order of the list.

    Examples
    --------
    >>> words_of(["reprint", "prescribing_information"])
    ['The prescribing information', 'A reprint of an article']
    """
    wanted = set(codes)
    return [words for code, (words, _) in HOLDS.items() if code in wanted]
