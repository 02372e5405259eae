"""What this room tells the gate and the shell, once per process."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse

from entente.foundation import outbox
from entente.foundation.access.roles import Role
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


def _name_requests(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.consent.models import SubjectRequest

    rows = SubjectRequest.objects.filter(id__in=ids)
    return {
        row.id: Named(
            f"request, {row.get_kind_display().lower()}", reverse("consent:request", args=[row.id])
        )
        for row in rows
    }


def _name_wordings(ids: Collection[UUID]) -> dict[UUID, Named]:
    from entente.consent.models import Wording

    rows = Wording.objects.filter(id__in=ids)
    return {
        row.id: Named(f"words {row.version}", reverse("consent:wording", args=[row.id]))
        for row in rows
    }


def _add_to_shell() -> None:
    from entente.consent.pages import records, requests

    shelf.add_menu(
        shelf.MenuEntry(77, "Wordings", "consent:wordings", "message-square-quote", "wording.read")
    )
    shelf.add_menu(
        shelf.MenuEntry(78, "Requests", "consent:requests", "user-round-search", "subject.read")
    )
    shelf.add_menu(
        shelf.MenuEntry(79, "Retention", "consent:retention", "calendar-clock", "retention.read")
    )
    shelf.add_home(
        shelf.HomePanel(5, frozenset({Role.PRIVACY}), "consent/home_requests.html", requests.queue)
    )
    shelf.add_panel(
        shelf.Panel(20, "directory.hcp", "consent.read", "consent/hcp_panel.html", records.panel)
    )
    shelf.add_panel(
        shelf.Panel(
            22, "directory.hcp", "subject.read", "consent/hcp_requests.html", requests.panel
        )
    )


def open_doors() -> None:
    """Register facts, the panel of the HCP page and names; called when the room is ready."""
    from entente.consent import held
    from entente.consent.actions import confirmation, relay
    from entente.consent.actions.parted import FOLLOWER
    from entente.consent.actions.withdraw import STOPPED, WITHDRAWN
    from entente.consent.doors_shares import open_share_doors
    from entente.consent.reads import columns
    from entente.directory.followers import follow

    columns.register()
    follow(FOLLOWER)
    held.register()
    outbox.topics.listen(WITHDRAWN, relay.relay_withdrawal)
    outbox.topics.listen(STOPPED, relay.relay_stop)
    outbox.register(
        confirmation.ASK,
        outbox.Topic(confirmation.prepare, confirmation.settled, confirmation.guards),
    )
    _add_to_shell()
    add_naming("consent.capture", _name_captures)
    add_naming("consent.withdrawal", _name_withdrawals)
    add_naming("consent.request", _name_requests)
    add_naming("consent.wording", _name_wordings)
    open_share_doors()
