"""Operations that answer in FHIR R4: one resource, or a page of a search."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import StringConstraints

from entente.directory.adapters.fhir_out import MEDIA_TYPE, bundle, resource_of
from entente.directory.domain.fhir_json import Resource, write_json
from entente.directory.models import FhirResource
from entente.directory.reads import fhir as reads
from entente.foundation.web.api_shapes import Asked
from entente.foundation.web.doors import operation
from entente.foundation.web.lists import part_of

router = Router(tags=["directory"])


class FhirAsked(Asked):
    """Which type of resources, and which part of them."""

    type: Annotated[str, StringConstraints(max_length=64)]


def answer(resource: Resource) -> HttpResponse:
    """Answer with a resource, in FHIR's own media type."""
    return HttpResponse(write_json(resource), content_type=f"{MEDIA_TYPE}; charset=utf-8")


@router.get("/fhir", summary="FHIR resources of a type, a page of them")
@operation("directory.read")
def list_fhir(request: HttpRequest, asked: Query[FhirAsked]) -> Any:
    """Give a searchset Bundle; its link "next" leads to the following page."""
    part = part_of(
        reads.fhir_rows(asked.type), reads.ORDER, {"after": asked.after}, limit=asked.limit
    )
    base = request.build_absolute_uri(request.path)
    following = {"type": asked.type, "limit": asked.limit, "after": part.after}
    made = bundle(
        asked.type,
        part.rows,
        base=base,
        following=f"{base}?{urlencode(following)}" if part.after else "",
    )
    return answer(made)


@router.get("/fhir/{resource_type}/{uuid:resource_id}", summary="One FHIR resource")
@operation("directory.read")
def get_fhir(request: HttpRequest, resource_type: str, resource_id: UUID) -> Any:
    """Give one resource: our values over what was received, the rest as it came."""
    found = reads.fhir_held_by_id(resource_type, [resource_id])
    if not found:
        raise FhirResource.DoesNotExist
    return answer(resource_of(found[0]))
