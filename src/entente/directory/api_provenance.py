"""The operation that says where each field of a person is from."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from entente.directory import reads
from entente.directory.reads.provenance import Said, provenance
from entente.foundation.access.scope import current_scope
from entente.foundation.web.doors import operation

router = Router(tags=["directory"])


class SaidOut(Schema):
    """What one source says of a field, from a day and perhaps to one."""

    value: str
    source: str
    valid_from: date | None
    valid_to: date | None
    verified_on: date | None


class FieldOut(Schema):
    """A field: what the record shows and who says so, under what licence, and what others say."""

    name: str
    held: SaidOut
    licence: str
    allows: str
    others: list[SaidOut]
    former: list[SaidOut]


def _said(said: Said) -> dict[str, Any]:
    return {
        "value": said.value, "source": said.source.key, "valid_from": said.valid_from,
        "valid_to": said.valid_to, "verified_on": said.verified_on,
    }  # fmt: skip


@router.get("/hcps/{uuid:hcp_id}/provenance", response=list[FieldOut])
@operation("directory.read")
def list_provenance(request: HttpRequest, hcp_id: UUID) -> Any:
    """Say of each field of a person of one's own directory where it is from."""
    person = reads.hcp(hcp_id)
    if person.org_id != current_scope().org_id:
        raise Http404
    return [
        {
            "name": each.name, "held": _said(each.held), "licence": each.held.source.licence,
            "allows": each.allows, "others": [_said(said) for said in each.others],
            "former": [_said(said) for said in each.former],
        }
        for each in provenance(person)
    ]  # fmt: skip
