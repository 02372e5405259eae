"""Pack pieces for an authority; sending them there stays with a person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.utils.text import slugify

from entente.content.adapters.form_2253 import Cover, Piece, package_of
from entente.content.domain.filing import (
    CLASSES,
    Asked,
    classes_in_common,
    classes_of,
    day_of,
    why_not_together,
)
from entente.content.domain.filing import MARKET as US
from entente.content.models import Attachment, Filing, Tool, Version
from entente.content.reads.filings import (
    ToFile,
    applicant,
    label_of,
    own_versions,
    pieces_of,
    why_not_fileable,
)
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError

MOST_BYTES = 100 * 1024 * 1024
"""Of the files that hang on the pieces, before packing."""


@dataclass(frozen=True)
class FilingPackage:
    """A package as it is offered for download."""

    name: str
    data: bytes
    audience: str
    version_ids: Sequence[UUID]


def make_filing_package(
    version_ids: Collection[UUID],
    *,
    authority: str = Filing.Authority.FDA,
    audience: str = "",
    at: datetime,
) -> FilingPackage:
    """Pack released pieces with what Form FDA 2253 asks, as one ZIP.

    The same pieces give the same bytes. It files nothing: whoever sent it to the agency records
    that with `record_filings`. Writes one ledger entry, with the hash of the package.

    Parameters
    ----------
    audience : str
        ``"professional"`` or ``"consumer"``; needed only where every piece is for both.

    Raises
    ------
    UserError
        If the authority is unknown, or a piece is not released, not for the United States, of
        another product or audience, or lacks what the form asks; it names the piece.
    Version.DoesNotExist
        If one of them is not the organisation's.
    """
    scope = current_scope()
    scope.require("content.review")
    if authority not in Filing.Authority.values:
        raise UserError("choose an authority of the list", field="authority")
    if audience and audience not in CLASSES:
        raise UserError(f"an audience is one of {', '.join(CLASSES)}", field="audience")
    versions = own_versions(version_ids)
    pieces = pieces_of(versions, at=at)
    asked = _asked(versions, pieces, at=at)
    if why := why_not_together(asked, audience):
        raise UserError(why, field="version_ids")
    chosen = audience or classes_in_common(asked)[0]
    data = package_of(_cover(pieces, chosen, at), _packed(pieces))
    product = versions[0].item.product.name  # type: ignore[union-attr]
    ledger.append(
        ledger.Entry(
            "content.filing.packaged",
            "content.filing",
            None,
            {
                "authority": authority,
                "audience": chosen,
                "product": product,
                "versions": [version.id for version in versions],
                "package_hash": hashlib.sha256(data).hexdigest(),
            },
        ),
        at=at,
    )
    name = f"form-2253-{slugify(product)[:40] or 'product'}-{chosen}.zip"
    return FilingPackage(name, data, chosen, [version.id for version in versions])


def _asked(versions: Sequence[Version], pieces: Sequence[ToFile], *, at: datetime) -> list[Asked]:
    """Give every version with what is wrong with it."""
    known = {piece.version.id: piece for piece in pieces}
    return [
        Asked(
            name=f"{version.item.title}, version {version.number}",
            product=version.item.product.name if version.item.product else "",
            classes=classes_of(version.released_audiences or version.audiences),
            wrong=_wrong(version, known.get(version.id), at),
        )
        for version in versions
    ]


def _wrong(version: Version, piece: ToFile | None, at: datetime) -> str:
    product = version.item.product
    if product is None:
        return "is about no product, so that it is not filed"
    if piece is None:
        return f"is about {product.name}, which has no approval in {US} on record: add it"
    # Asked piece by piece: each is compared with what was signed, and a package has few.
    if why := why_not_fileable(piece, at=at):
        return why
    if not piece.approval.authority_ref:
        return f"is about {product.name}, whose approval in {US} names no application: add it"
    return ""


def _cover(pieces: Sequence[ToFile], audience: str, at: datetime) -> Cover:
    first = pieces[0]
    try:
        name = applicant()
    except ObjectDoesNotExist:
        raise UserError("your organisation has no legal entity to file as: add one") from None
    return Cover(
        applicant=name,
        product=first.version.item.product.name,  # type: ignore[union-attr]
        application_number=first.approval.authority_ref,
        audience=audience,
        accelerated=first.approval.accelerated,
        label=label_of(first.approval.product_id, on=day_of(at)),
    )


def _packed(pieces: Sequence[ToFile]) -> list[Piece]:
    files = _files_of([piece.version.id for piece in pieces])
    return [_piece(n, each, files.get(each.version.id, [])) for n, each in enumerate(pieces, 1)]


def _piece(n: int, each: ToFile, files: Sequence[tuple[str, bytes]]) -> Piece:
    version, use = each.version, each.first_use
    is_known = "used" if use.used_on else "planned" if use.planned_on else ""
    return Piece(
        facts={
            "material_type": ", ".join(version.released_channels or version.channels),
            "piece_id": str(version.id),
            "title": version.item.title,
            "version": version.number,
            "first_dissemination": use.on.isoformat() if use.on else "",
            "first_dissemination_is": is_known,
            "content_hash": version.content_hash,
        },
        folder=f"{n:02d}-{slugify(version.item.title)[:40] or 'piece'}-v{version.number}",
        subject=version.subject,
        language=version.item.language,
        html=version.html,
        text=version.text,
        approved_at=version.approved_at,  # type: ignore[arg-type]
        files=files,
    )


def _files_of(version_ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, bytes]]]:
    """Give what hangs on versions: files whole, interactive items as their definitions."""
    rows = Attachment.objects.filter(version_id__in=version_ids)
    n_bytes = sum(rows.values_list("size_bytes", flat=True))
    if n_bytes > MOST_BYTES:
        raise UserError(
            f"the files of these pieces have {n_bytes // 1024 // 1024} MB together; a package"
            f" takes {MOST_BYTES // 1024 // 1024}: make two",
            field="version_ids",
        )
    found: dict[UUID, list[tuple[str, bytes]]] = {}
    for row in rows.order_by("version_id", "name"):
        found.setdefault(row.version_id, []).append((f"attachments/{row.name}", bytes(row.data)))
    tools = Tool.objects.filter(version_id__in=version_ids).order_by("version_id", "title", "id")
    for n, tool in enumerate(tools, 1):
        body = json.dumps(tool.body, indent=2, sort_keys=True, ensure_ascii=False)
        name = f"interactive/{n:02d}-{slugify(tool.title)[:40] or 'item'}.json"
        found.setdefault(tool.version_id, []).append((name, body.encode()))
    return found
