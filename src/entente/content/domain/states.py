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


class Verdict(StrEnum):
    """What a reviewer signs.

    An approval with changes does not release the bytes it was given for: the author makes
    the changes in a new version, and that one is signed.
    """

    APPROVE = "approve"
    APPROVE_WITH_CHANGES = "approve_with_changes"
    REFUSE = "refuse"


MOVES: dict[str, tuple[str, ...]] = {
    Status.DRAFT.value: (Status.IN_REVIEW.value,),
    Status.IN_REVIEW.value: (
        Status.APPROVED.value,
        Status.REJECTED.value,
        Status.WITHDRAWN.value,
    ),
    Status.APPROVED.value: (Status.SUPERSEDED.value, Status.WITHDRAWN.value),
    Status.SUPERSEDED.value: (Status.WITHDRAWN.value,),
    Status.REJECTED.value: (),
    Status.WITHDRAWN.value: (),
}

MEANINGS = {
    Verdict.APPROVE: "I approve this version for release",
    Verdict.APPROVE_WITH_CHANGES: "I will approve once the changes I name are made",
    Verdict.REFUSE: "I do not approve this version",
}

WORDS = {
    "draft": ("Draft", ""),
    "in_review": ("In review", "info"),
    "approved": ("Released", "ok"),
    "rejected": ("Sent back", "bad"),
    "superseded": ("Superseded", ""),
    "withdrawn": ("Withdrawn", "bad"),
    "expired": ("Expired", "warn"),
}
