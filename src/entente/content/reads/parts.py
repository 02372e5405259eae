"""Files and interactive items of a version, and the hashes by which a signature covers them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from entente.content.domain.checks import Finding
from entente.content.domain.pictures import Picture, code_of, named
from entente.content.domain.tool_parts import BadTool
from entente.content.domain.tool_questions import Step
from entente.content.domain.tools import Tool as Read
from entente.content.domain.tools import claims_named, definition_hash, failures_of, read_tool
from entente.content.models import Attachment, Claim, ClaimUse, Tool, Version


def attachments_of(version_id: UUID) -> list[Attachment]:
    """Give the files of a version without their bytes, by name."""
    return list(Attachment.objects.filter(version_id=version_id).defer("data").order_by("name"))


def attachment(version_id: UUID, attachment_id: UUID) -> Attachment:
    """Give one file of a version with its bytes.

    Raises
    ------
    Attachment.DoesNotExist
        Also if its bytes are not what its hash says.
    """
    found = Attachment.objects.get(id=attachment_id, version_id=version_id)
    if hashlib.sha256(found.data).hexdigest() != found.sha256:
        raise Attachment.DoesNotExist("the bytes of the file are not those that were approved")
    return found


def pictures_in(version: Version) -> dict[str, Picture]:
    """Give the image files that a version's words show, by their codes; asks only if there are."""
    wanted = set(named(version.html))
    if not wanted:
        return {}
    files = Attachment.objects.filter(version=version, media_type__startswith="image/")
    return {
        code_of(each.name): Picture(code_of(each.name), each.media_type, bytes(each.data))
        for each in files
        if code_of(each.name) in wanted
    }


def picture_sizes(version: Version) -> dict[str, int]:
    """Give the bytes of a version's image files by their codes; asks only if words show some."""
    if not named(version.html):
        return {}
    files = Attachment.objects.filter(version=version, media_type__startswith="image/")
    return {code_of(name): n for name, n in files.values_list("name", "size_bytes")}


def tools_of(version_id: UUID) -> list[Tool]:
    """Give the interactive items of a version, by title."""
    return list(Tool.objects.filter(version_id=version_id).order_by("title", "id"))


def tool(tool_id: UUID) -> Tool:
    """Give one interactive item with its version.

    Raises
    ------
    Tool.DoesNotExist
    """
    return Tool.objects.select_related("version", "version__item").get(id=tool_id)


def tool_of(version_id: UUID, tool_id: UUID) -> Tool:
    """Give one interactive item of a version.

    Raises
    ------
    Tool.DoesNotExist
    """
    return Tool.objects.get(id=tool_id, version_id=version_id)


def claims_for(read: Read, step: Step | None) -> list[Claim]:
    """Give the claims that a result rests on, with their references: the item's and its end's."""
    wanted = {*read.claims, *(step.claims if step else ())}
    if not wanted:
        return []
    found = Claim.objects.filter(id__in=wanted).prefetch_related("references")
    return list(found.order_by("text", "id"))


def read_kept(kept: Tool) -> Read:
    """Read a kept definition, which was admitted when it was saved."""
    return read_tool(kept.body)


def attachment_hashes(version: Version) -> list[list[str]]:
    """Give name, words and hash of each file, for the hash that a signature covers."""
    rows = Attachment.objects.filter(version=version).order_by("name")
    return [list(row) for row in rows.values_list("name", "description", "media_type", "sha256")]


def tool_hashes(version: Version) -> list[str]:
    """Give the hash of each definition, worked out anew, for the hash that a signature covers."""
    bodies = Tool.objects.filter(version=version).values_list("body", flat=True)
    return sorted(definition_hash(body) for body in bodies)


def _problems(kept: Tool, claims: set[UUID]) -> Sequence[str]:
    try:
        read = read_kept(kept)
    except BadTool as wrong:
        return [str(wrong)]
    problems = failures_of(read)
    if claims_named(read) - claims:
        problems.append("it rests on a claim that this version does not use")
    return problems


def problems_of(kept: Tool) -> Sequence[str]:
    """Say in a sentence each what keeps an interactive item from review; empty if nothing does."""
    claims = ClaimUse.objects.filter(version_id=kept.version_id).values_list("claim_id", flat=True)
    return _problems(kept, set(claims))


def tool_findings(version: Version) -> list[Finding]:
    """Check the interactive items of a version; none if it has none."""
    kept = tools_of(version.id)
    if not kept:
        return []
    claims = set(ClaimUse.objects.filter(version=version).values_list("claim_id", flat=True))
    problems = [f"{each.title}: {said}" for each in kept for said in _problems(each, claims)]
    return [
        Finding(
            "tools",
            "Interactive items come out as their cases say",
            not problems,
            f"Mend {'; '.join(problems[:3])}.",
        )
    ]
