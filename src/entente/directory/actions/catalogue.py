"""Describe products, keep the price book, and say what category a partner is of."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.directory.models import LegalEntity, PartnerCategory, Product, ProductPrice
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.identifiers import is_country
from entente.foundation.domain.money import MoneyError, exponent
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import Organisation, new_id

MOST_MINOR = 10**15


def describe_product(
    product_id: UUID, *, nature: str, owner_entity_id: UUID | None, at: datetime
) -> Product:
    """Say whether a product of one's own is a brand or a solution, and who owns it.

    Writes both and one ledger entry.

    Raises
    ------
    UserError
        If the nature is unknown or the product belongs to another organisation's catalogue.
    """
    scope = current_scope()
    scope.require("product.write")
    product = Product.objects.get(id=product_id)
    if product.org_id != scope.org_id:
        raise UserError("Only the organisation that entered a product describes it.")
    if nature not in Product.Nature.values:
        raise UserError(f"Choose one of {', '.join(Product.Nature.values)}.", field="nature")
    owner = LegalEntity.objects.get(id=owner_entity_id) if owner_entity_id else None
    product.nature, product.owner_entity = nature, owner
    if owner is not None:
        product.owner_name = owner.name
    product.save(update_fields=["nature", "owner_entity", "owner_name"])
    details = {"nature": nature, "owner": owner_entity_id}
    ledger.append(
        ledger.Entry("directory.product.described", "product", product.id, details), at=at
    )
    return product


def set_price(
    product_id: UUID,
    *,
    country: str,
    currency: str,
    unit: str,
    amount_minor: int,
    from_on: date,
    at: datetime,
) -> ProductPrice:
    """Enter a price of the organisation's own book; the one before it ends on that day.

    Writes the price, the end of the former one and one ledger entry.

    Parameters
    ----------
    product_id : UUID
    country, currency : str
        ISO 3166-1 alpha-2 and ISO 4217.
    unit : str
        What one of it is: "pack of 28", "seat and month".
    amount_minor : int
        In minor units of the currency.
    from_on : date

    Raises
    ------
    UserError
        If a value cannot be right, or a price of a later day is entered.
    """
    scope = current_scope()
    scope.require("product.write")
    product, unit = Product.objects.get(id=product_id), unit.strip()
    if not is_country(country):
        raise UserError("Write the country as two capitals, for example GB.", field="country")
    try:
        exponent(currency)
    except MoneyError as wrong:
        raise UserError(str(wrong), field="currency") from None
    if not unit:
        raise UserError("Say what one of it is, for example pack of 28.", field="unit")
    if not 0 <= amount_minor <= MOST_MINOR:
        raise UserError("A price is zero or more.", field="amount")
    lock(f"directory.price:{scope.org_id}:{product_id}:{country}:{currency}:{unit}")
    held = ProductPrice.objects.filter(
        org_id=scope.org_id, product=product, country=country, currency=currency, unit=unit,
        to_on__isnull=True,
    ).first()  # fmt: skip
    if held is not None:
        if from_on <= held.from_on:
            raise UserError(
                f"A price is entered from {held.from_on:%Y-%m-%d}; choose a later day.",
                field="from_on",
            )
        held.to_on = from_on
        held.save(update_fields=["to_on"])
    made = ProductPrice.objects.create(
        id=new_id(), org_id=scope.org_id, product=product, country=country, currency=currency,
        unit=unit, amount_minor=amount_minor, from_on=from_on,
    )  # fmt: skip
    details = {"price": made.id, "country": country, "currency": currency, "from_on": from_on}
    ledger.append(ledger.Entry("directory.price.set", "product", product.id, details), at=at)
    return made


def categorise_partner(
    organisation_id: UUID, category: str, *, on: date, at: datetime
) -> PartnerCategory:
    """Say what category a partner is of from a day on; the same again changes nothing.

    Writes the category, the end of the former one and one ledger entry.

    Raises
    ------
    UserError
        If the category is unknown.
    """
    scope = current_scope()
    scope.require("organisation.write")
    Organisation.objects.get(id=organisation_id)
    if category not in PartnerCategory.Category.values:
        raise UserError(
            f"Choose one of {', '.join(PartnerCategory.Category.values)}.", field="category"
        )
    lock(f"directory.category:{scope.org_id}:{organisation_id}")
    held = PartnerCategory.objects.filter(
        org_id=scope.org_id, organisation_id=organisation_id, to_on__isnull=True
    ).first()
    if held is not None:
        if held.category == category:
            return held
        held.to_on = max(on, held.from_on)
        held.save(update_fields=["to_on"])
    made = PartnerCategory.objects.create(
        id=new_id(), org_id=scope.org_id, organisation_id=organisation_id, category=category,
        from_on=on,
    )  # fmt: skip
    ledger.append(
        ledger.Entry(
            "directory.partner.categorised", "organisation", organisation_id,
            {"category": category},
        ),
        at=at,
    )  # fmt: skip
    return made
