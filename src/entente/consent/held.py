"""What this room and the directory hold about people: for exports, erasures and retention."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.consent.actions.erasure import blank_addresses
from entente.consent.actions.retention import delete_links, delete_requests
from entente.consent.reads import ended, held
from entente.consent.reads.holdings import Holding, register_holding
from entente.consent.reads.retention import Disposal, register_disposal
from entente.directory.actions import delete_contact_points, erase_contact_points

PROOF = "that the law was followed must stay provable (GDPR articles 7(1) and 17(3)(e))"
REGISTRY = "published by a registry; it is not ours to erase, and corrected there"
STOP = "so that nobody writes to the person again; the address itself is a keyed hash"


def _erase_addresses(hcp_id: UUID, at: datetime) -> int:
    return erase_contact_points(hcp_id, at=at)


def register() -> None:
    """Register holdings and what can be deleted on time."""
    for holding in (
        Holding(10, "person", "Who you are", held.person, None, REGISTRY),
        Holding(20, "addresses", "Addresses", held.addresses, _erase_addresses),
        Holding(
            30, "permissions", "Permissions you gave", held.permissions, blank_addresses, PROOF
        ),
        Holding(40, "withdrawals", "Permissions you took back", held.withdrawals, None, PROOF),
        Holding(50, "stops", "Stops", held.stops, None, STOP),
        Holding(60, "wishes", "How often, and from when again", held.wishes, None, PROOF),
        Holding(70, "requests", "What you asked about your data", held.requests, None, PROOF),
    ):
        register_holding(holding)
    for disposal in (
        Disposal(
            "ended_address", "Addresses that ended", "the day the address ended", 365,
            "Knowing that an address changed its owner",
            "a year covers the permissions that were given for it",
            ended.ended_addresses, ended.oldest_ended_address, delete_contact_points,
        ),
        Disposal(
            "closed_request", "Requests about own data", "the answer", 3 * 365,
            "Proving that requests were answered in time",
            "complaints and claims are brought within three years",
            ended.closed_requests, ended.oldest_closed_request, delete_requests,
        ),
        Disposal(
            "ended_link", "Signed links", "the last day of the link", 90,
            "Telling a person that a link was ours",
            "after three months nobody asks about an old mail",
            ended.ended_links, ended.oldest_link, delete_links,
        ),
    ):  # fmt: skip
        register_disposal(disposal)
