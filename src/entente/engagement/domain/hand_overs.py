"""Hand-overs: what a signature is, and which values may be said of a sample or an item."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from entente.foundation.errors import UserError

LONGEST_NAME, LONGEST_DRAWING, MOST_UNITS = 200, 20_000, 1_000
# A pen's way in a field of 600 by 200: moves and lines to whole points, nothing else.
PEN = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")

SAMPLE_FLAGS: Mapping[str, str] = {
    "is_smallest_pack": "The smallest pack on sale",
    "is_marked_free": "Marked as a free sample, not for sale",
    "has_characteristics": "Product characteristics are enclosed",
    "is_controlled": "A controlled substance",
    "is_starter_pack": "A starter pack",
}
ITEM_FLAGS: Mapping[str, str] = {
    "is_branded": "Names a product",
    "is_inexpensive": "Listed as inexpensive",
    "is_for_practice": "Of use in the recipient’s practice",
    "benefits_patients": "Directly serves the care of patients",
    "is_certified": "Certified by a signatory",
    "offsets_practice_cost": "Saves a normal cost of the practice",
    "has_independent_value": "Of use outside the profession",
}
# Judgements that belong to compliance, not to whoever wants to hand the item over.
JUDGED = ("is_inexpensive", "is_certified")


@dataclass(frozen=True)
class Signed:
    """A signature given on the device of a colleague.

    Parameters
    ----------
    drawing : str
        The pen's way; empty where the name was typed as the signature.
    """

    name: str
    on: date
    drawing: str = ""

    @property
    def kind(self) -> str:
        """How it was given: ``typed`` or ``drawn``."""
        return "drawn" if self.drawing else "typed"


@dataclass(frozen=True)
class Handing:
    """What a colleague is about to hand over."""

    client_id: UUID
    hcp_id: UUID
    controller_id: UUID
    lot_id: UUID
    n_units: int
    place: str = "practice"
    request_id: UUID | None = None
    touch_id: UUID | None = None
    campaign_id: UUID | None = None
    receipt: Signed | None = None


def check_signed(signed: Signed, *, today: date) -> None:
    """Refuse a signature without a name, of a later day, or with a drawing that is none.

    Raises
    ------
    UserError

    Examples
    --------
    >>> check_signed(Signed("Dr. Vale", date(2026, 1, 2), "M1 1L20 30"), today=date(2026, 1, 2))
    """
    if not signed.name.strip() or len(signed.name) > LONGEST_NAME:
        raise UserError(
            f"write who signed, in at most {LONGEST_NAME} characters", field="signer_name"
        )
    if signed.on > today:
        raise UserError("the day of the signature lies in the future", field="signed_on")
    check_drawing(signed.drawing)


def check_drawing(drawing: str) -> None:
    """Refuse what is no pen's way; an empty one is none and fits.

    Raises
    ------
    UserError
    """
    if drawing and (len(drawing) > LONGEST_DRAWING or not PEN.fullmatch(drawing)):
        raise UserError("the drawing cannot be read: clear it and sign again", field="drawing")


def check_units(n_units: int) -> None:
    """Refuse a number of packs or pieces that cannot be meant.

    Raises
    ------
    UserError
    """
    if not 1 <= n_units <= MOST_UNITS:
        raise UserError(f"give how many, from 1 to {MOST_UNITS:,}", field="n_units")
