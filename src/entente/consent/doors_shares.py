"""What data sharing puts into the shell: menu, home panel, names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope
from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming

SIGNERS = frozenset({Role.PRIVACY, Role.PARTNER_ADMINISTRATOR})


def _waiting(scope: Scope) -> dict[str, Any]:
    from entente.consent import reads

    at = datetime.now(UTC)
    return {"to_sign": reads.shares_to_sign(at), "ending": reads.shares_ending(at)}


def _name_contracts(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.consent.models import ShareContract

    rows = ShareContract.objects.filter(id__in=ids).values_list("id", "name")
    return {i: Named(name, reverse("consent:share", args=[i])) for i, name in rows}


def _name_lists(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.consent.models import PartnerList

    rows = PartnerList.objects.filter(id__in=ids)
    return {row.id: Named(str(row), reverse("consent:share_lists")) for row in rows}


def open_share_doors() -> None:
    """Register the menu entry, the home panel and names; touches no database."""
    shelf.add_menu(shelf.MenuEntry(65, "Data sharing", "consent:shares", "file-lock", "share.read"))
    shelf.add_home(shelf.HomePanel(20, SIGNERS, "consent/home_shares.html", _waiting))
    add_naming("consent.share_contract", _name_contracts)
    add_naming("consent.partner_list", _name_lists)
