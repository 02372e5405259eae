"""Certificates: found by item, shown as they were issued, printed as PDF."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string

from entente.content import reads
from entente.content.models import Certificate
from entente.foundation import ledger
from entente.foundation.domain.canonical import canonical, sha256_hex
from entente.foundation.web.asked import text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of
from entente.foundation.web.pdf import pdf_of


@page("content.read")
def certificates(request: HttpRequest) -> HttpResponse:
    """Find certificates by the title of the item, also long after the partnership."""
    text = text_of(request, "q")
    part = part_of(reads.panels.certificates(text=text), ["-issued_at", "id"], request.GET)
    return render(request, "content/certificates.html", {"part": part, "q": text})


@page("content.read")
def certificate(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Give the certificate of a version as PDF."""
    found = get_object_or_404(Certificate, version_id=version_id)
    at = datetime.now(UTC)
    intact = sha256_hex(canonical(found.body)) == found.body_hash
    html = render_to_string(
        "content/certificate.html", {"found": found, "body": found.body, "intact": intact}
    )
    ledger.append(ledger.Entry("content.certificate.read", "content.version", version_id), at=at)
    response = HttpResponse(pdf_of(html), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="certificate-{found.id}.pdf"'
    return response
