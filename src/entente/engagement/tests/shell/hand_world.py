"""What tests of hand-overs stand on: HCPs of five countries, stock, and who carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from entente.directory.actions import add_hcp, add_legal_entity, add_product
from entente.engagement.actions import (
    Handing,
    Signed,
    StockTerms,
    add_stock,
    hand_over,
    receive_lot,
    request_samples,
)
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

CURRENCY = {"US": "USD", "GB": "GBP", "FR": "EUR", "DE": "EUR", "BE": "EUR", "IN": "INR",
            "CH": "CHF"}  # fmt: skip
GOOD_SAMPLE = {
    "is_smallest_pack": True, "is_marked_free": True, "has_characteristics": True,
    "is_controlled": False, "is_starter_pack": False,
}  # fmt: skip
GOOD_ITEM = {
    "is_branded": False, "is_inexpensive": True, "is_for_practice": True,
    "benefits_patients": True, "is_certified": True, "offsets_practice_cost": False,
    "has_independent_value": False,
}  # fmt: skip
SIGNED = "Dr. Test Vale"


@dataclass
class HandWorld:
    """Makes what a test asks for; each thing once."""

    cast: object
    at: object
    entity: UUID
    product: UUID
    giver: UUID
    made: dict = field(default_factory=dict)

    def person(self, country="US", **details) -> UUID:
        facts = {
            "given_name": "Test", "profession": "physician", "identity_status": "verified",
            "licence_active": True, "city": "Testford",
        }  # fmt: skip
        if country == "US":
            facts["us_state"] = "MA"
        with act_as(self.cast.system()):
            return add_hcp(
                family_name=f"Vale {uuid4().hex[:6]}", country=country, at=self.at,
                **facts | details,
            ).id  # fmt: skip

    def stock(self, kind="sample", *, currency="USD", value=900, item_kind="educational",
              tax_basis="with_tax", patients=1, product=None, **flags):  # fmt: skip
        sample = kind == "sample"
        with act_as(self.cast.scope(Role.COMPLIANCE)):
            return add_stock(
                kind,
                StockTerms(
                    f"{kind} {uuid4().hex[:8]}", value, currency, tax_basis,
                    patients if sample else None,
                    (GOOD_SAMPLE if sample else GOOD_ITEM) | flags,
                ),
                item_kind="" if sample else item_kind,
                product_id=(product or self.product) if sample else None,
                at=self.at,
            )  # fmt: skip

    def lot(self, stock, n=50, *, expires_on=None, number=None, giver=None) -> UUID:
        with act_as(self.cast.scope(Role.COMPLIANCE)):
            move = receive_lot(
                stock.id, number=number or f"L{uuid4().hex[:8]}", n_units=n, at=self.at,
                expires_on=expires_on or self.at.date() + timedelta(days=200),
                holder_id=giver or self.giver,
            )  # fmt: skip
        return move.lot_id

    def asked(self, person, stock, n=4, on: date | None = None) -> UUID:
        with act_as(self.cast.scope(Role.REPRESENTATIVE)):
            signed = Signed(SIGNED, on or self.at.date())
            return request_samples(person, stock.id, n, signed, at=self.at).id

    def handing(self, person, lot, n=1, **more) -> Handing:
        return Handing(uuid4(), person, self.entity, lot, n, **more)

    def hand(self, handing, *, at=None):
        with act_as(self.cast.scope(Role.REPRESENTATIVE)):
            return hand_over(handing, at=at or self.at)

    def receipt(self) -> Signed:
        return Signed(SIGNED, self.at.date())


def build(cast, at) -> HandWorld:
    with act_as(cast.system()):
        entity = add_legal_entity(
            name=f"Halden {uuid4().hex[:6]}", country="US", postal_address="1 Way", at=at
        )
        product = add_product(f"Cardivale {uuid4().hex[:6]}", "medicine", at=at)
    return HandWorld(cast, at, entity.id, product.id, cast.user(Role.REPRESENTATIVE).id)
