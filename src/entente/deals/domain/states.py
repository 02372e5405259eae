"""The way a deal goes, from registration to its end."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """States of a deal.

    ``refused`` is the gate's no at registration; ``declined`` the other party's. A deal
    that only one party has accepted says which: the vendor (the host) or the partner.
    """

    SUBMITTED = "submitted"
    REFUSED = "refused"
    ACCEPTED_BY_VENDOR = "accepted_by_vendor"
    ACCEPTED_BY_PARTNER = "accepted_by_partner"
    PROTECTED = "protected"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


MOVES: dict[str, tuple[str, ...]] = {
    "submitted": ("refused", "accepted_by_vendor", "accepted_by_partner", "withdrawn", "declined"),
    "accepted_by_vendor": ("protected", "withdrawn", "declined"),
    "accepted_by_partner": ("protected", "withdrawn", "declined"),
    "protected": ("won", "lost", "expired", "withdrawn"),
    "refused": (),
    "won": (),
    "lost": (),
    "expired": (),
    "withdrawn": (),
    "declined": (),
}

OPEN = ("submitted", "accepted_by_vendor", "accepted_by_partner")

WORDS: dict[str, tuple[str, str]] = {
    "submitted": ("Submitted", "info"),
    "refused": ("Not registered", "bad"),
    "accepted_by_vendor": ("Accepted by the vendor", "info"),
    "accepted_by_partner": ("Accepted by the partner", "info"),
    "protected": ("Protected", "ok"),
    "won": ("Won", "ok"),
    "lost": ("Lost", ""),
    "expired": ("Expired", "warn"),
    "withdrawn": ("Withdrawn", ""),
    "declined": ("Declined", "bad"),
}


def after_acceptance(*, vendor: bool, partner: bool) -> Status:
    """Give the state of an open deal from who has accepted it; both mean protection.

    Examples
    --------
    >>> after_acceptance(vendor=True, partner=False)
    <Status.ACCEPTED_BY_VENDOR: 'accepted_by_vendor'>
    >>> after_acceptance(vendor=True, partner=True)
    <Status.PROTECTED: 'protected'>
    """
    if vendor and partner:
        return Status.PROTECTED
    if vendor:
        return Status.ACCEPTED_BY_VENDOR
    return Status.ACCEPTED_BY_PARTNER if partner else Status.SUBMITTED
