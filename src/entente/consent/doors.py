"""What this room tells the gate and the shell, once per process."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from entente.foundation.web import shelf
from entente.foundation.web.naming import Named, add_naming


def _name_captures(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.consent.models import Capture

    rows = Capture.objects.filter(id__in=ids)
    return {
        row.id: Named(
            f"consent, {row.get_channel_display()}, {row.get_purpose_display()}",
            reverse("consent:consents", args=[row.hcp_id]),
        )
        for row in rows
    }


def _name_withdrawals(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.consent.models import Withdrawal

    rows = Withdrawal.objects.filter(id__in=ids)
    return {
        row.id: Named(
            f"withdrawal, {row.get_channel_display()}",
            reverse("consent:consents", args=[row.hcp_id]),
        )
        for row in rows
    }


def open_doors() -> None:
    """Register facts, the panel of the HCP page and names; called when the room is ready."""
    from entente.consent.doors_shares import open_share_doors
    from entente.consent.pages.records import panel
    from entente.consent.reads import columns

    columns.register()
    shelf.add_panel(
        shelf.Panel(20, "directory.hcp", "consent.read", "consent/hcp_panel.html", panel)
    )
    add_naming("consent.capture", _name_captures)
    add_naming("consent.withdrawal", _name_withdrawals)
    open_share_doors()
