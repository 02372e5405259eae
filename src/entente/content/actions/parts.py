"""Files and interactive items of a draft: added and taken out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from entente.content.actions.write import sign_as_author
from entente.content.domain.files import MOST_FILES, BadFile, media_type_of, name_for
from entente.content.domain.states import Status
from entente.content.domain.tool_parts import BadTool
from entente.content.domain.tools import definition_hash, read_tool
from entente.content.models import Attachment, Tool, Version
from entente.content.reads.material import fingerprint_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

MOST_TOOLS = 10


def _draft(version_id: UUID) -> Version:
    scope = current_scope()
    scope.require("content.write")
    # The lock that a submission takes, so that nothing slips in while checks run.
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id, org_id=scope.org_id)
    if version.status != Status.DRAFT:
        raise UserError("a submitted version stays as it is; save a new version first")
    return version


def _changed(version: Version, verb: str, details: Mapping[str, Any], at: datetime) -> None:
    """Make whoever changed a part an author, hash the version anew, and record it."""
    sign_as_author(version)
    version.content_hash = fingerprint_of(version)
    version.save(update_fields=["author", "author_name", "author_keys", "content_hash"])
    details = {**details, "content_hash": version.content_hash}
    ledger.append(ledger.Entry(verb, "content.version", version.id, details), at=at)


def attach_file(
    version_id: UUID, *, name: str, description: str, data: bytes, at: datetime
) -> Attachment:
    """Put a file into a draft; what it is is told from its bytes, never from its name.

    Writes the file, the version's hash and one ledger entry.

    Raises
    ------
    UserError
        If the version is no draft, or the file is too large, of no known kind, or one too many.
    """
    version = _draft(version_id)
    try:
        media_type, ending = media_type_of(data)
    except BadFile as wrong:
        raise UserError(str(wrong), field="file") from None
    if not description.strip() or len(description) > 200:
        raise UserError("say what the file is, in 1 to 200 characters", field="description")
    named = name_for(name, ending)
    there = list(version.attachments.values_list("name", flat=True))
    if named in there:
        raise UserError(f"there is a file {named} already; take it out first", field="file")
    if len(there) >= MOST_FILES:
        raise UserError(f"a version has at most {MOST_FILES} files", field="file")
    made = Attachment.objects.create(
        org_id=version.org_id,
        item=version.item,
        version=version,
        name=named,
        description=" ".join(description.split()),
        media_type=media_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )
    _changed(version, "content.file.attached", {"file": made.id, "sha256": made.sha256}, at)
    return made


def remove_file(attachment_id: UUID, *, at: datetime) -> None:
    """Take a file out of a draft.

    Raises
    ------
    Attachment.DoesNotExist
    UserError
        If the version was submitted.
    """
    found = Attachment.objects.defer("data").get(id=attachment_id)
    version = _draft(found.version_id)
    found.delete()
    _changed(version, "content.file.removed", {"file": attachment_id, "sha256": found.sha256}, at)


def save_tool(
    version_id: UUID, body: Mapping[str, Any], *, at: datetime, instead_of: UUID | None = None
) -> Tool:
    """Put an interactive item into a draft, or in place of one that it holds.

    Whether its cases come out is a check before the submission; here it only has to be
    readable. Writes the definition, the version's hash and one ledger entry.

    Parameters
    ----------
    body : mapping
        As ``content.domain.tools.read_tool`` takes it.

    Raises
    ------
    UserError
        If the definition is not admitted; the text names the place in it.
    """
    version = _draft(version_id)
    try:
        read = read_tool(body)
    except BadTool as wrong:
        raise UserError(str(wrong), field="body") from None
    if instead_of is not None:
        version.tools.get(id=instead_of).delete()
    if version.tools.filter(title=read.title).exists():
        raise UserError(f"there is an interactive item {read.title} already", field="body")
    if version.tools.count() >= MOST_TOOLS:
        raise UserError(f"a version has at most {MOST_TOOLS} interactive items", field="body")
    made = Tool.objects.create(
        org_id=version.org_id,
        item=version.item,
        version=version,
        kind=read.kind,
        title=read.title,
        body=dict(body),
        definition_hash=definition_hash(body),
    )
    details = {"tool": made.id, "kind": made.kind, "definition_hash": made.definition_hash}
    _changed(version, "content.tool.saved", details, at)
    return made


def remove_tool(tool_id: UUID, *, at: datetime) -> None:
    """Take an interactive item out of a draft.

    Raises
    ------
    Tool.DoesNotExist
    UserError
        If the version was submitted.
    """
    found = Tool.objects.get(id=tool_id)
    version = _draft(found.version_id)
    found.delete()
    _changed(version, "content.tool.removed", {"tool": tool_id}, at)
