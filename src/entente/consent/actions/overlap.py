"""Offer a list, compare the two on offer, read the persons that a contract opens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from entente.consent.actions.joint_record import KIND, record
from entente.consent.domain.shares import MOST_A_DAY
from entente.consent.models import OverlapComparison, PartnerList, ShareContractSide
from entente.consent.reads.overlap import OverlapPerson, comparison, people_of
from entente.consent.reads.shares import share_contract, share_state, signatures_hold
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

_REFUSALS = {
    "not_in_force": "this contract is not in force",
    "not_offered": "each side has to offer a list first; an offer is good for one comparison",
    "other_kind": "one list holds people and the other organisations; offer two of a kind",
    "too_often": f"a pair of parties compares at most {MOST_A_DAY} times in 24 hours; come back"
    " tomorrow",
    "too_near": "a list on offer differs from one that was compared earlier by too few entries;"
    " offer that one again, or one with more changes",
}


def offer_list(contract_id: UUID, list_id: UUID, *, at: datetime) -> ShareContractSide:
    """Offer a version of one's own list for one comparison under a contract in force.

    Writes the side and a ledger entry. The other side learns that a list is on offer, and
    neither its name nor its size.

    Raises
    ------
    UserError
        If the contract is not in force, the list is too short, or it differs from one that
        was compared with this partner earlier by fewer entries than the minimum cell.
    """
    scope = current_scope()
    scope.require("share.compare")
    lock(f"{KIND}:{contract_id}")
    contract = share_contract(contract_id)
    if share_state(contract_id, at) != "in_force":
        raise UserError("this contract is not in force")
    given = PartnerList.objects.get(id=list_id, org_id=scope.org_id)
    if given.sealed_at is None or given.n_entries < contract.min_cell:
        raise UserError(
            f"a list to compare has {contract.min_cell} entries or more; this one has"
            f" {given.n_entries}",
            field="list_id",
        )
    other = contract.partner_id if contract.org_id == scope.org_id else contract.org_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.consent_own_list_fits(%s, %s, %s)", [given.id, other, contract.min_cell]
        )
        fits = cursor.fetchone()[0]
    if not fits:
        raise UserError(
            "this list differs from one that you compared with this partner earlier by fewer"
            f" than {contract.min_cell} added or taken entries, so the two numbers together could"
            " point at a person; offer the earlier one again, or one with more changes",
            field="list_id",
        )
    side = contract.sides.get(org_id=scope.org_id)
    side.offered_list, side.offered_at = given, at
    side.save(update_fields=["offered_list", "offered_at"])
    record("consent.share_contract.list_offered", contract, at=at)
    return side


def take_back_offer(contract_id: UUID, *, at: datetime) -> ShareContractSide:
    """Take one's own list back before it is compared.

    Writes the side and a ledger entry.

    Raises
    ------
    UserError
        If none is on offer.
    """
    scope = current_scope()
    scope.require("share.compare")
    lock(f"{KIND}:{contract_id}")
    contract = share_contract(contract_id)
    side = contract.sides.get(org_id=scope.org_id)
    if side.offered_at is None:
        raise UserError("no list of yours is on offer")
    side.offered_list, side.offered_at = None, None
    side.save(update_fields=["offered_list", "offered_at"])
    record("consent.share_contract.offer_taken_back", contract, at=at)
    return side


def compare_lists(contract_id: UUID, *, at: datetime) -> OverlapComparison:
    """Compare the two lists on offer; both sides then see the same numbers, or that none is told.

    Writes, inside the database, the comparison and what matched, takes both offers back, and
    adds a ledger entry. See ``docs/explanation/overlap.md`` for what is withheld and why.

    Raises
    ------
    UserError
        If the contract is not in force, a list is missing, or this pair asks too often.
    """
    current_scope().require("share.compare")
    contract = share_contract(contract_id)
    if not signatures_hold(contract):
        raise UserError("a signature of this contract does not hold; write and sign a new one")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.consent_compare(%s, %s)", [contract_id, at])
        made_id, refusal = cursor.fetchone()
    if refusal:
        raise UserError(_REFUSALS.get(refusal, "these lists cannot be compared"))
    made = comparison(made_id)
    record(
        "consent.share_contract.compared",
        contract,
        at=at,
        # No number: the ledger outlives the contract, and sight of the numbers does not.
        details={"comparison": made.id, "outcome": made.outcome},
    )
    return made


def read_people(
    comparison_id: UUID, *, at: datetime, after: str = "", most: int = 200
) -> list[OverlapPerson]:
    """Read the persons on both lists, with the fields that the contract opens.

    Only matched persons; only fields that the contract names and the other side's licence
    lets out; an e-mail address or telephone only of a person whose consent to the sharing
    controller covers passing it on. Writes the reading and a ledger entry, both of which the
    other side can see.

    Parameters
    ----------
    after : str
        The last NPI of the part read before.
    most : int
        Rows of a part, at most 1,000.
    """
    current_scope().require("share.people")
    found = comparison(comparison_id)
    people = people_of(found.id, at=at, after=after, most=most)
    record(
        "consent.share_contract.people_read",
        share_contract(found.contract_id),
        at=at,
        details={"comparison": found.id, "persons": len(people)},
    )
    return people
