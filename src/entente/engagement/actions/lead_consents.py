"""What people permit at a stand: one tick per company and purpose, by words that show it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.consent import reads as consent
from entente.consent.actions import capture_consent
from entente.directory import reads as directory
from entente.engagement.domain.leads import NewLead
from entente.engagement.models import Lead, LeadConsent
from entente.engagement.reads.leads import words_for
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id


def check_ticks(
    lead: NewLead, *, parties: Collection[UUID], country: str
) -> list[LeadConsent]:  # fmt: skip
    """Check each tick against the words it was given with; give the rows, not yet written.

    Raises
    ------
    UserError
        If the words are not in use in the person's country, do not show what was ticked, or name
        a company that has no part in the congress.
    """
    if not lead.ticks:
        return []
    words = words_for(country)
    entities = directory.legal_entities_named({tick.controller_id for tick in lead.ticks})
    made = []
    for tick in lead.ticks:
        shown, entity = words.get(tick.wording_version), entities.get(tick.controller_id)
        if shown is None:
            raise UserError(
                f"the words {tick.wording_version} are not in use in {country}: "
                "ask with those of the country where the person practises",
                field="ticks",
            )
        if entity is None or entity.org_id not in parties:
            raise UserError("this company has no part in the congress", field="ticks")
        if (
            entity.id not in shown.controllers
            or tick.purpose not in shown.purposes
            or lead.channel not in shown.channels
        ):
            raise UserError(
                f"the words {tick.wording_version} do not show this; nobody agreed to it",
                field="ticks",
            )
        made.append(
            LeadConsent(
                id=new_id(), org_id=current_scope().org_id, party_id=entity.org_id,
                controller_id=entity.id, channel=lead.channel, purpose=tick.purpose,
                wording_version=tick.wording_version,
            )
        )  # fmt: skip
    return made


def record_lead_permissions(lead_id: UUID, *, at: datetime) -> int:
    """Record the permissions that a lead gave to one's own company; give how many are new.

    For the company that did not write the lead down. Repeating it records nothing twice.
    """
    current_scope().require("lead.write")
    return record_permissions(Lead.objects.get(id=lead_id), at=at)


def record_permissions(lead: Lead, *, at: datetime) -> int:
    """Record one's own permissions of a lead that are not recorded yet, if the person is known."""
    scope = current_scope()
    if lead.hcp_id is None:
        return 0
    lock(f"engagement.lead_permissions:{scope.org_id}:{lead.id}")
    ticks = list(LeadConsent.objects.filter(lead=lead, party_id=scope.org_id, withdrawn_at=None))
    if not ticks:
        return 0
    proof = proof_of(lead)
    there = {
        (row.record.controller_id, row.record.channel, row.record.purpose)
        for row in consent.history(lead.hcp_id)
        if row.kind == "capture" and row.record.proof_ref == proof
    }
    person, n = directory.hcp(lead.hcp_id), 0
    for tick in ticks:
        if (tick.controller_id, tick.channel, tick.purpose) in there:
            continue
        needs = consent.terms(person.country, tick.channel, lead.captured_at).needs_confirmation
        capture_consent(
            hcp_id=lead.hcp_id, controller_id=tick.controller_id, channel=tick.channel,
            purpose=tick.purpose, wording_version=_version(tick, lead), source="congress",
            method="signature" if lead.signature else "form", proof_ref=proof,
            captured_at=lead.captured_at, at=at,
            address=lead.email if tick.channel == "email" else "", needs_confirmation=needs,
        )  # fmt: skip
        n += 1
    return n


def proof_of(lead: Lead) -> str:
    """Say where the proof of a lead's permissions lies."""
    return f"lead {lead.id}"


def _version(tick: LeadConsent, lead: Lead) -> str:
    """Name the words; those of the other company with its name, as versions repeat."""
    if lead.org_id == current_scope().org_id:
        return tick.wording_version
    names = {each.id: each.name for each in directory.organisations_visible()}
    return f"{tick.wording_version} of {names.get(lead.org_id, 'the other company')}"[:64]
