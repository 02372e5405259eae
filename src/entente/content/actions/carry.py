"""What hangs on a version goes with its words into the next one."""

from __future__ import annotations

from entente.content.models import Attachment, Tool, Version
from entente.foundation.access.scope import current_scope


def carry_parts(version: Version, before: Version) -> None:
    """Carry the files and interactive items of the version before into a new one.

    Called by the action that makes the version, which writes the ledger entry.
    """
    scope = current_scope()
    scope.require("content.write")
    Attachment.objects.bulk_create(
        Attachment(
            org_id=scope.org_id,
            item=version.item,
            version=version,
            name=file.name,
            description=file.description,
            media_type=file.media_type,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            data=bytes(file.data),
        )
        for file in before.attachments.all()
    )
    Tool.objects.bulk_create(
        Tool(
            org_id=scope.org_id,
            item=version.item,
            version=version,
            kind=kept.kind,
            title=kept.title,
            body=kept.body,
            definition_hash=kept.definition_hash,
        )
        for kept in before.tools.all()
    )
