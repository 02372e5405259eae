"""Operations on the files and interactive items of a version."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field, StringConstraints

from entente.content import actions, reads
from entente.content.api.shapes import now, router
from entente.content.domain.tool_calculator import Calculator, work_out
from entente.content.reads import parts
from entente.foundation.errors import UserError
from entente.foundation.web.api_shapes import In, Text
from entente.foundation.web.doors import operation

Encoded = Annotated[str, StringConstraints(max_length=5_000_000)]


class FileIn(In):
    """A file: its bytes in base64; larger ones are attached on the page."""

    name: Text
    description: Text
    data: Encoded


class FileOut(Schema):
    """A file without its bytes."""

    id: UUID
    name: str
    description: str
    media_type: str
    size_bytes: int
    sha256: str


class ToolIn(In):
    """An interactive item as data, as the how-to describes it."""

    body: dict[str, Any]
    instead_of: UUID | None = None


class ToolOut(Schema):
    """An interactive item with its definition and what keeps it from review."""

    id: UUID
    version_id: UUID
    kind: str
    title: str
    body: dict[str, Any]
    definition_hash: str
    problems: list[str]


class EnteredIn(In):
    """What is entered into a calculator, as texts; nothing of it is kept."""

    values: Annotated[dict[str, Text], Field(max_length=20)]


class WorkedOut(Schema):
    """Results by name, or what is wrong with which input."""

    results: dict[str, str]
    errors: dict[str, str]
    rests_on: str


def _tool(kept: Any) -> dict[str, Any]:
    names = [name for name in ToolOut.model_fields if name != "problems"]
    return {name: getattr(kept, name) for name in names} | {"problems": parts.problems_of(kept)}


@router.get("/versions/{version_id}/files", response=list[FileOut], summary="Its files")
@operation("content.read")
def files(request: HttpRequest, version_id: UUID) -> Any:
    """Give the files of a version."""
    return parts.attachments_of(reads.version(version_id).id)


@router.post("/versions/{version_id}/files", response={201: FileOut}, summary="Attach a file")
@operation("content.write")
def file_attached(request: HttpRequest, version_id: UUID, given: FileIn) -> Any:
    """Put a file into a draft; what it is is told from its bytes."""
    try:
        data = b64decode(given.data, validate=True)
    except binascii.Error:
        raise UserError("write the bytes in base64", field="data") from None
    return 201, actions.attach_file(
        version_id, name=given.name, description=given.description, data=data, at=now()
    )


@router.delete("/files/{file_id}", response={204: None}, summary="Take a file out")
@operation("content.write")
def file_removed(request: HttpRequest, file_id: UUID) -> Any:
    """Take a file out of a draft."""
    actions.remove_file(file_id, at=now())
    return 204, None


@router.get("/versions/{version_id}/tools", response=list[ToolOut], summary="Its interactive items")
@operation("content.read")
def tools(request: HttpRequest, version_id: UUID) -> Any:
    """Give the interactive items of a version, at most ten."""
    return [_tool(each) for each in parts.tools_of(reads.version(version_id).id)]


@router.post(
    "/versions/{version_id}/tools", response={201: ToolOut}, summary="Save an interactive item"
)
@operation("content.write")
def tool_saved(request: HttpRequest, version_id: UUID, given: ToolIn) -> Any:
    """Put an interactive item into a draft, or in place of one."""
    made = actions.save_tool(version_id, given.body, instead_of=given.instead_of, at=now())
    return 201, _tool(made)


@router.delete("/tools/{tool_id}", response={204: None}, summary="Take an interactive item out")
@operation("content.write")
def tool_removed(request: HttpRequest, tool_id: UUID) -> Any:
    """Take an interactive item out of a draft."""
    actions.remove_tool(tool_id, at=now())
    return 204, None


@router.post("/tools/{tool_id}/work-out", response=WorkedOut, summary="Try a calculator")
@operation("content.read")
def worked_out(request: HttpRequest, tool_id: UUID, given: EnteredIn) -> Any:
    """Work a calculator out for what is entered; nothing of it is kept."""
    read = parts.read_kept(parts.tool(tool_id))
    if not isinstance(read.works, Calculator):
        raise UserError("only a calculator works something out; open the others on their page")
    worked = work_out(read.works, given.values)
    return {"results": worked.results, "errors": worked.errors, "rests_on": read.rests_on}
