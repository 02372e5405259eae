"""Share contracts: lists, one, its state at a moment, who has signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, Func, QuerySet, Value

from entente.consent.domain.shares import share_terms_hash
from entente.consent.models import PartnerList, ShareContract, ShareContractSide, ShareRead
from entente.foundation import signatures
from entente.foundation.access.scope import current_scope
from entente.foundation.models import Signature


def share_terms(contract: ShareContract) -> str:
    """Hash a contract's terms from its row, not from what is stored as their hash."""
    return share_terms_hash(
        {
            "parties": sorted([str(contract.org_id), str(contract.partner_id)]),
            "name": contract.name,
            "purpose": contract.purpose,
            "fields": sorted(contract.fields),
            "breakdown": contract.breakdown,
            "min_cell": contract.min_cell,
            "from_on": contract.from_on,
            "to_on": contract.to_on,
            "data_licence": contract.data_licence,
            "legal_basis": contract.legal_basis,
            "deidentification": contract.deidentification,
            "authorisation_ref": contract.authorisation_ref,
            "agreement_ref": contract.agreement_ref,
            "replaces": contract.replaces_id,
        }
    )


def share_contract(contract_id: UUID) -> ShareContract:
    """Give one contract with its sides.

    Raises
    ------
    ShareContract.DoesNotExist
    """
    return (
        ShareContract.objects.select_related("partner", "replaces")
        .prefetch_related("sides")
        .get(id=contract_id)
    )


def share_rows(at: datetime) -> QuerySet[Any]:
    """Select the contracts of the present organisation, each with its state as ``state``."""
    state = Func(F("id"), Value(at), function="app.consent_share_state", output_field=CharField())
    return (
        ShareContract.objects.select_related("partner")
        .prefetch_related("sides")
        .annotate(state=state)
    )


def share_state(contract_id: UUID, at: datetime) -> str:
    """Give a contract's state at a moment; ``domain.shares.STATES`` has the words.

    Raises
    ------
    ShareContract.DoesNotExist
        If the present organisation has no side in it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.consent_share_state(%s, %s)", [contract_id, at])
        state: str | None = cursor.fetchone()[0]
    if state is None:
        raise ShareContract.DoesNotExist
    return state


def signatures_hold(contract: ShareContract) -> bool:
    """Tell whether both signatures are untouched and cover the terms as they stand."""
    sides = list(contract.sides.all())
    known = Signature.objects.in_bulk([s.signature_id for s in sides if s.signature_id])
    terms = share_terms(contract)
    return len(sides) == 2 and all(
        side.signature_id in known
        and signatures.is_valid(known[side.signature_id], content_hash=terms, object_id=contract.id)
        for side in sides
        if side.signed_at
    )


def my_side(contract: ShareContract) -> ShareContractSide | None:
    """Give the present organisation's side of a contract."""
    mine = current_scope().org_id
    return next((side for side in contract.sides.all() if side.org_id == mine), None)


def shares_to_sign(at: datetime) -> list[ShareContract]:
    """Give the contracts that wait for the present organisation's signature."""
    mine = current_scope().org_id
    return [
        each
        for each in share_rows(at).filter(state="proposed").order_by("-proposed_at", "id")[:50]
        if any(s.org_id == mine and s.signed_at is None for s in each.sides.all())
    ]


def shares_ending(at: datetime, *, within_days: int = 60) -> list[ShareContract]:
    """Give the contracts in force that end within some days, the soonest first."""
    last_on = at.date() + timedelta(days=within_days)
    rows = share_rows(at).filter(state="in_force", to_on__lte=last_on)
    return list(rows.order_by("to_on", "id")[:20])


def partner_lists() -> QuerySet[PartnerList]:
    """Select the lists of the present organisation; nobody else's are ever visible."""
    return PartnerList.objects.filter(sealed_at__isnull=False)


def partner_list(list_id: UUID) -> PartnerList:
    """Give one list of the present organisation.

    Raises
    ------
    PartnerList.DoesNotExist
    """
    return PartnerList.objects.get(id=list_id)


def share_reads(contract_id: UUID) -> QuerySet[ShareRead]:
    """Select who was shown persons under a contract, by either side, newest first."""
    return ShareRead.objects.filter(contract_id=contract_id).order_by("-recorded_at", "-id")
