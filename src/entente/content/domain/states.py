"""Where a version of an item stands, and what a reviewer may say about it."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """States of a version; ``expired`` is not stored but follows from the day."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What a reviewer signs.

    An approval with changes does not release the bytes it was given for: the author makes
    the changes in a new version, and that one is signed.
    """

    APPROVE = "approve"
    APPROVE_WITH_CHANGES = "approve_with_changes"
    REFUSE = "refuse"


MOVES: dict[str, tuple[str, ...]] = {
    Status.DRAFT.value: (Status.IN_REVIEW.value, Status.CANCELLED.value),
    Status.IN_REVIEW.value: (
        Status.APPROVED.value,
        Status.REJECTED.value,
        Status.WITHDRAWN.value,
        Status.CANCELLED.value,
    ),
    Status.APPROVED.value: (Status.SUPERSEDED.value, Status.WITHDRAWN.value),
    Status.SUPERSEDED.value: (Status.WITHDRAWN.value,),
    Status.REJECTED.value: (),
    Status.WITHDRAWN.value: (),
    Status.CANCELLED.value: (),
}

MEANINGS = {
    Verdict.APPROVE: "I approve this version for release",
    Verdict.APPROVE_WITH_CHANGES: "I will approve once the changes I name are made",
    Verdict.REFUSE: "I do not approve this version",
}

CERTIFIES = "I certify this final form and approve it for release"
"""What a signatory means; codes of practice ask for a certificate, not an opinion."""


def meaning_of(verdict: Verdict, function: str) -> str:
    """Give what a signature means, for a verdict given in a function.

    Examples
    --------
    >>> meaning_of(Verdict.APPROVE, "medical")
    'I approve this version for release'
    """
    if verdict == Verdict.APPROVE and function in ("uk_signatory", "uk_examiner", "fr_pharmacist"):
        return CERTIFIES
    return MEANINGS[verdict]


WORDS = {
    "draft": ("Draft", ""),
    "in_review": ("In review", "info"),
    "in_approval": ("With the signatory", "info"),
    "approved": ("Released", "ok"),
    "rejected": ("Sent back", "bad"),
    "superseded": ("Superseded", ""),
    "withdrawn": ("Withdrawn", "bad"),
    "cancelled": ("Cancelled", ""),
    "expired": ("Expired", "warn"),
}
