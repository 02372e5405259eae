"""The share contract of the demo: two lists compared, with persons open to both sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from entente.consent import actions as consent
from entente.consent.actions import ListTerms, ShareTerms
from entente.demo.people import PASSWORD, Cast
from entente.demo.world.permissions import address_of
from entente.directory import reads as directory
from entente.directory.reads.selection import all_npis
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import Scope, act_as, current_scope

MOST_PEOPLE = 9_000
PURPOSE = (
    "Find the HCPs whom both look after, so that follow-up after heart failure is taught once"
    " and by both."
)


def share_and_compare(cast: Cast, at: datetime) -> int | None:
    """Have both sides sign a contract and compare the HCPs they look after; give the overlap.

    The host takes two thirds of the registry, the partner the last two thirds.
    """
    privacy = cast.scope(Role.PRIVACY)
    theirs = cast.scope(Role.PARTNER_ADMINISTRATOR, cast.partner)
    terms = ShareTerms(
        name="Halden and Northlake: shared HCPs",
        purpose=PURPOSE,
        from_on=at.date() - timedelta(days=1),
        to_on=at.date() + timedelta(days=365),
        data_licence="Own records of each party (invented)",
        agreement_ref="Charter: heart failure care",
        fields=("npi", "name", "city", "state", "email"),
        breakdown="specialty",
        legal_basis="consent",
        deidentification="none",
    )
    with act_as(privacy):
        made = consent.draft_share(terms, partner_id=cast.partner.id, at=at)
        consent.propose_share(made.id, at=at)
    with act_as(cast.system()):
        npis = sorted(all_npis())[:MOST_PEOPLE]
    third = len(npis) // 3
    for scope in (privacy, theirs):
        with act_as(scope):
            consent.sign_share(made.id, password=PASSWORD, at=at)
    for scope, mine in ((privacy, npis[: 2 * third]), (theirs, npis[third:])):
        with act_as(scope):
            consent.offer_list(made.id, _load(mine, at), at=at)
        with act_as(cast.system(cast.host if scope is privacy else cast.partner)):
            _permit_passing_on(npis[third : third + 200 : 5], at)
    with act_as(theirs):
        found = consent.compare_lists(made.id, at=at)
    _propose_another(cast, privacy, terms, at)
    return found.total


def _load(npis: Sequence[str], at: datetime) -> UUID:
    people = directory.hcps_by_npi(npis)
    rows = [
        {
            "npi": npi,
            "name": people[npi].display_name,
            "city": people[npi].city.title(),
            "state": people[npi].us_state,
            "email": address_of(npi),
        }
        for npi in npis
    ]
    fields = ("npi", "name", "city", "state", "email")
    terms = ListTerms("HCPs we look after", "own records (invented)", fields)
    _, list_id = consent.load_accounts(rows, terms, at=at)
    assert list_id is not None
    return list_id


def _permit_passing_on(npis: Sequence[str], at: datetime) -> None:
    """Have some persons agree that their address is passed on to the partner."""
    controller = directory.main_legal_entity(current_scope().org_id).id
    for npi, person in directory.hcps_by_npi(npis).items():
        consent.capture_consent(
            hcp_id=person.id,
            controller_id=controller,
            channel="email",
            purpose="sharing",
            wording_version="demo-sharing-1",
            source="demo",
            method="form",
            proof_ref=f"form {npi} (invented)",
            captured_at=at - timedelta(days=20),
            at=at,
        )


def _propose_another(cast: Cast, privacy: Scope, terms: ShareTerms, at: datetime) -> None:
    """Leave a contract of counts only that waits for both signatures."""
    counts_only = ShareTerms(
        **{
            **terms.__dict__,
            "name": "Reach by state, counts only",
            "fields": (),
            "breakdown": "state",
            "legal_basis": "counts_only",
            "deidentification": "small_cells",
        }
    )
    with act_as(privacy):
        waiting = consent.draft_share(counts_only, partner_id=cast.partner.id, at=at)
        consent.propose_share(waiting.id, at=at)
