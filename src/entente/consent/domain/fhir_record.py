"""The permission of a health professional as a FHIR R4 Consent: codes, and how one is written.

FHIR gives a Consent a patient; that of a professional has none, and its ``performer`` is the
Practitioner who gave it. A channel is an action, a purpose a purpose, the controller the
organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

CHANNEL_SYSTEM = "urn:entente:channel"
PURPOSE_SYSTEM = "urn:entente:purpose"
SCOPE_SYSTEM = "urn:entente:consent-scope"
RECORD_SYSTEM = "urn:entente:consent"
PROOF_SYSTEM = "urn:entente:proof"
WORDING_PREFIX = "urn:entente:wording:"
PRODUCT_EXTENSION = "urn:entente:product"
ADDRESS_EXTENSION = "urn:entente:address"
HCP_SCOPE = "hcp-contact"
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


@dataclass(frozen=True)
class ConsentRecord:
    """A permission or a withdrawal, as it is to be written.

    Attributes
    ----------
    status : str
        ``active``; ``inactive`` where it was withdrawn later; ``proposed`` where a confirmation
        is missing; ``draft`` where there is no proof, so that it permits nothing.
    permits : bool
        False for a withdrawal or a stop.
    channel, purpose : str
        Empty for all of them.
    ended_at : datetime, optional
        When an inactive permission was taken back.
    """

    id: UUID
    hcp_id: UUID
    controller_id: UUID
    controller_name: str
    status: str
    permits: bool
    given_at: datetime
    channel: str = ""
    purpose: str = ""
    product: str = ""
    address: str = ""
    proof_ref: str = ""
    wording_version: str = ""
    expires_on: date | None = None
    ended_at: datetime | None = None


def consent_resource(record: ConsentRecord) -> dict[str, Any]:
    """Write a permission or a withdrawal as a FHIR R4 Consent.

    Parameters
    ----------
    record : ConsentRecord

    Returns
    -------
    dict
        ``fhir_consent.decide`` answers of it what the platform does: an opt-in framed by
        controller, channel and purpose permits there and says nothing elsewhere.
    """
    controller = {"reference": f"Organization/{record.controller_id}"}
    made: dict[str, Any] = {
        "resourceType": "Consent",
        "id": str(record.id),
        "identifier": [{"system": RECORD_SYSTEM, "value": str(record.id)}],
        "status": record.status,
        "scope": {"coding": [{"system": SCOPE_SYSTEM, "code": HCP_SCOPE}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "dateTime": record.given_at.isoformat(),
        "performer": [{"reference": f"Practitioner/{record.hcp_id}"}],
        "organization": [{**controller, "display": record.controller_name}],
        "policyRule": _concept(_ACT_CODE, "OPTIN" if record.permits else "OPTOUT"),
        "provision": _provision(record, controller),
    }
    if record.ended_at is not None:
        made["meta"] = {"lastUpdated": record.ended_at.isoformat()}
    if record.proof_ref:
        made["sourceReference"] = {
            "identifier": {"system": PROOF_SYSTEM, "value": record.proof_ref}
        }
    if record.wording_version:
        made["policy"] = [{"uri": WORDING_PREFIX + quote(record.wording_version, safe="")}]
    extensions = ((PRODUCT_EXTENSION, record.product), (ADDRESS_EXTENSION, record.address))
    if found := [{"url": url, "valueString": text} for url, text in extensions if text]:
        made["extension"] = found
    return made


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _provision(record: ConsentRecord, controller: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "actor": [{"role": _concept(_PARTICIPATION, "IRCP"), "reference": controller}]
    }
    if record.expires_on is not None:
        made["period"] = {"end": record.expires_on.isoformat()}
    if record.channel:
        made["action"] = [_concept(CHANNEL_SYSTEM, record.channel)]
    if record.purpose:
        made["purpose"] = [{"system": PURPOSE_SYSTEM, "code": record.purpose}]
    return made
