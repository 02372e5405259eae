"""Agree with another organisation to compare field forces by counts, and end it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.directory.actions.territories import WRITE
from entente.directory.models import CoverAgreement
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import Organisation, new_id


def agree_to_compare(partner_id: UUID, *, at: datetime) -> CoverAgreement:
    """Agree that counts of both field forces are told to both; it takes the other side's too.

    Writes this side of the agreement and one ledger entry. Agreeing again
    changes nothing.

    Raises
    ------
    UserError
        If the partner is one's own organisation.
    """
    scope = current_scope()
    scope.require(WRITE)
    if partner_id == scope.org_id:
        raise UserError("Choose another organisation.", field="partner")
    Organisation.objects.get(id=partner_id)
    held = CoverAgreement.objects.filter(
        org_id=scope.org_id, partner_id=partner_id, to_on__isnull=True
    ).first()
    if held is not None:
        return held
    made = CoverAgreement.objects.create(
        id=new_id(), org_id=scope.org_id, partner_id=partner_id, from_on=at.date()
    )
    _record("agreed", made, at)
    return made


def stop_comparing(partner_id: UUID, *, at: datetime) -> None:
    """End this side of the agreement; from today on neither side is told counts any more.

    Writes the day and one ledger entry.
    """
    scope = current_scope()
    scope.require(WRITE)
    for held in CoverAgreement.objects.filter(
        org_id=scope.org_id, partner_id=partner_id, to_on__isnull=True
    ):
        held.to_on = at.date()
        held.save(update_fields=["to_on"])
        _record("ended", held, at)


def _record(verb: str, agreement: CoverAgreement, at: datetime) -> None:
    ledger.append(
        ledger.Entry(
            f"directory.cover_agreement.{verb}",
            "cover_agreement",
            agreement.id,
            {"partner": agreement.partner_id},
        ),
        at=at,
    )
