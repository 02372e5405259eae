"""Evidence as a download."""

from __future__ import annotations

from django.http import HttpResponse

from entente.directory.models import ChangeEvidence


def as_file(file: ChangeEvidence) -> HttpResponse:
    """Give evidence as a download, so that nothing in it runs here."""
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    name = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in file.name)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
