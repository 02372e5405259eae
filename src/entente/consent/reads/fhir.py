"""A person's permissions as FHIR R4 Consents; that they were read is written in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.consent.domain.fhir_record import ConsentRecord, consent_resource
from entente.consent.models import Capture, Confirmation, Suppression, Withdrawal
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope

MOST = 1_000


def fhir_consents(hcp_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """Give all that a person permitted, withdrew and stopped, as FHIR R4 Consents, oldest first.

    Leaves one ledger entry.

    Raises
    ------
    Hcp.DoesNotExist
    """
    scope = current_scope()
    scope.require("consent.read")
    person = directory.hcp(hcp_id)
    captures = list(
        Capture.objects.filter(hcp_id=person.id, captured_at__lte=at)
        .select_related("controller", "product")
        .order_by("captured_at", "id")[:MOST]
    )
    withdrawals = list(
        Withdrawal.objects.filter(hcp_id=person.id, withdrawn_at__lte=at)
        .select_related("controller", "product")
        .order_by("withdrawn_at", "id")[:MOST]
    )
    stops = list(
        Suppression.objects.filter(hcp_id=person.id, suppressed_at__lte=at)
        .select_related("controller")
        .order_by("suppressed_at", "id")[:MOST]
    )
    confirmed = set(
        Confirmation.objects.filter(
            capture_id__in=[each.id for each in captures], confirmed_at__lte=at
        ).values_list("capture_id", flat=True)
    )
    records = [
        *[_capture(each, withdrawals, stops, confirmed) for each in captures],
        *[_withdrawal(each) for each in withdrawals],
        *_stops(stops, scope.org_id),
    ]
    ledger.append(
        ledger.Entry("consent.fhir.read", "hcp", person.id, {"consents": len(records)}), at=at
    )
    return [consent_resource(each) for each in sorted(records, key=lambda r: (r.given_at, r.id))]


def _capture(
    row: Capture,
    withdrawals: Sequence[Withdrawal],
    stops: Sequence[Suppression],
    confirmed: set[UUID],
) -> ConsentRecord:
    ended = [
        each.withdrawn_at
        for each in withdrawals
        if each.controller_id == row.controller_id
        and each.channel in (row.channel, "any")
        and each.purpose in (row.purpose, "")
        and (None in (each.product_id, row.product_id) or each.product_id == row.product_id)
        and each.withdrawn_at >= row.captured_at
    ] + [
        max(each.suppressed_at, row.captured_at)
        for each in stops
        if each.controller_id in (None, row.controller_id)
    ]
    if ended:
        status = "inactive"
    elif not row.proof_ref:
        status = "draft"
    elif row.needs_confirmation and row.id not in confirmed:
        status = "proposed"
    else:
        status = "active"
    return ConsentRecord(
        id=row.id,
        hcp_id=row.hcp_id,
        controller_id=row.controller_id,
        controller_name=row.controller.name,
        status=status,
        permits=True,
        given_at=row.captured_at,
        channel=row.channel,
        purpose=row.purpose,
        product=row.product.name if row.product else "",
        address=row.address,
        proof_ref=row.proof_ref,
        wording_version=row.wording_version,
        expires_on=row.expires_on,
        ended_at=min(ended) if ended else None,
    )


def _withdrawal(row: Withdrawal) -> ConsentRecord:
    return ConsentRecord(
        id=row.id,
        hcp_id=row.hcp_id,
        controller_id=row.controller_id,
        controller_name=row.controller.name,
        status="active",
        permits=False,
        given_at=row.withdrawn_at,
        channel="" if row.channel == "any" else row.channel,
        purpose=row.purpose,
        product=row.product.name if row.product else "",
        address=row.address,
    )


def _stops(rows: Sequence[Suppression], org_id: UUID) -> list[ConsentRecord]:
    """Give stops; one for the whole organisation stands under its main legal entity."""
    if not rows:
        return []
    main = directory.main_legal_entity(org_id)
    made = []
    for row in rows:
        holder = row.controller or main
        made.append(
            ConsentRecord(
                id=row.id,
                hcp_id=row.hcp_id,
                controller_id=holder.id,
                controller_name=holder.name,
                status="active",
                permits=False,
                given_at=row.suppressed_at,
            )
        )
    return made
