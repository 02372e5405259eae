"""Operations in FHIR R4: a person's consents, and what a consent says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, StringConstraints

from entente.consent import reads
from entente.consent.domain.fhir_consent import Question, decide
from entente.directory.adapters.fhir_out import MEDIA_TYPE
from entente.directory.domain.fhir_json import write_json
from entente.foundation.web.api_shapes import In, Text
from entente.foundation.web.doors import operation

router = Router(tags=["consent"])


class ConsentsAsked(In):
    """Whose consents, and as of when; now, where it is not given."""

    hcp_id: UUID
    at: AwareDatetime | None = None


class DecideIn(In):
    """A FHIR Consent and what is asked of it."""

    consent: dict[str, Any]
    actor: Text
    action: Annotated[str, StringConstraints(max_length=100)]
    at: AwareDatetime | None = None
    about: dict[str, list[str]] = {}
    scope: Annotated[str, StringConstraints(max_length=100)] = ""


class VerdictOut(Schema):
    """What a consent says: permit, deny, not-in-force or unknown; only permit permits."""

    outcome: str
    reason: str
    path: str


@router.get("/fhir", summary="A person's permissions as FHIR Consents")
@operation("consent.read")
def list_fhir_consents(request: HttpRequest, asked: Query[ConsentsAsked]) -> Any:
    """Give a searchset Bundle of Consents; that they were read is kept in the ledger."""
    found = reads.fhir_consents(asked.hcp_id, asked.at or datetime.now(UTC))
    base = request.build_absolute_uri(request.path)
    made = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": f"{base}?hcp_id={asked.hcp_id}"}],
        "entry": [{"resource": each, "search": {"mode": "match"}} for each in found],
    }
    return HttpResponse(write_json(made), content_type=f"{MEDIA_TYPE}; charset=utf-8")


@router.post("/fhir/decide", response=VerdictOut, summary="What a FHIR Consent says")
@operation("consent.read")
def decide_fhir(request: HttpRequest, given: DecideIn) -> Any:
    """Decide a Consent for an actor, an action and a moment; nothing of it is kept."""
    asked = Question(
        given.actor, given.action, given.at or datetime.now(UTC), given.about, given.scope
    )
    return vars(decide(given.consent, asked))
