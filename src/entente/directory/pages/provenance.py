"""The panel of a person's page that says where each field is from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from entente.directory.domain.sources import ALLOWS
from entente.directory.models import Hcp
from entente.directory.pages.field_words import words_of
from entente.directory.reads.provenance import provenance
from entente.foundation.access.scope import current_scope


def hcp_panel(request: HttpRequest, hcp: Hcp) -> dict[str, Any] | None:
    """Give where each field is from; nothing of a record that another organisation keeps."""
    if hcp.org_id != current_scope().org_id:
        return None
    found = provenance(hcp)
    return {
        "rows": [
            {"name": words_of(each.name), "from": each, "allows": ALLOWS[each.allows]}
            for each in found
        ],
        "differing": ", ".join(words_of(each.name).lower() for each in found if each.others),
    }
