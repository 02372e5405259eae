"""Draft charters, bring parties in, end them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from entente.alliances.actions.record import record
from entente.alliances.models import Charter, CharterSide
from entente.alliances.reads.terms import charter_terms
from entente.directory import reads as directory
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock


@dataclass(frozen=True)
class CharterTerms:
    """What the parties of a charter agree to.

    Parameters
    ----------
    emails_30d : int
        Promotional e-mails per person and 30 days over all parties.
    measures : str
        How both sides will tell whether it works, with formulas.
    way_out : str
        What happens when one side leaves: data, leads, money.
    """

    name: str
    purpose: str
    from_on: date
    to_on: date
    emails_30d: int = 4
    shared_fields: Sequence[str] = ()
    measures: str = ""
    way_out: str = ""


def draft_charter(terms: CharterTerms, *, partner_ids: Sequence[UUID], at: datetime) -> Charter:
    """Draft a charter between the host and its partners.

    Writes the charter, one side per party, and one ledger entry per partner. It binds
    nobody until every side has agreed.

    Raises
    ------
    UserError
    """
    scope = current_scope()
    scope.require("charter.write")
    if not scope.is_host:
        raise OutOfScope("the host drafts charters; a partner agrees to them")
    _refuse_bad(terms)
    if not partner_ids:
        raise UserError("a charter needs at least one partner", field="partners")
    charter = Charter.objects.create(
        org_id=scope.org_id,
        name=terms.name.strip(),
        purpose=terms.purpose.strip(),
        measures=terms.measures.strip(),
        way_out=terms.way_out.strip(),
        shared_fields=sorted(set(terms.shared_fields)),
        emails_30d=terms.emails_30d,
        from_on=terms.from_on,
        to_on=terms.to_on,
        terms_hash="",
    )
    _add_sides(charter, [scope.org_id, *partner_ids])
    record(
        "alliances.charter.drafted",
        "alliances.charter",
        charter.id,
        partner_ids,
        at=at,
        details={"terms": charter.terms_hash},
    )
    return charter


def _refuse_bad(terms: CharterTerms) -> None:
    if not terms.name.strip():
        raise UserError("give the charter a name", field="name")
    if not terms.purpose.strip():
        raise UserError("say what the partnership is for", field="purpose")
    if terms.to_on < terms.from_on:
        raise UserError("the charter ends before it begins", field="to_on")
    if not 0 <= terms.emails_30d <= 30:
        raise UserError("cap the e-mails at a number from 0 to 30", field="emails_30d")


def _add_sides(charter: Charter, party_ids: Sequence[UUID]) -> None:
    known = {o.id: o.name for o in directory.organisations_visible()}
    unknown = [party for party in party_ids if party not in known]
    if unknown:
        raise UserError("choose partners among the organisations you know", field="partners")
    CharterSide.objects.bulk_create(
        CharterSide(org_id=party, charter=charter, name=known[party])
        for party in dict.fromkeys(party_ids)
    )
    charter.terms_hash = charter_terms(charter)
    charter.save(update_fields=["terms_hash"])


def add_charter_side(charter_id: UUID, partner_id: UUID, *, at: datetime) -> Charter:
    """Bring another partner into a charter; all sides then have to agree again."""
    scope = current_scope()
    scope.require("charter.write")
    lock(f"alliances.charter:{charter_id}")
    charter = Charter.objects.get(id=charter_id, org_id=scope.org_id)
    if charter.sides.filter(org_id=partner_id).exists():
        raise UserError("this partner is already a party", field="partner")
    _add_sides(charter, [partner_id])
    record(
        "alliances.charter.side_added",
        "alliances.charter",
        charter.id,
        list(charter.sides.values_list("org_id", flat=True)),
        at=at,
        details={"partner": partner_id, "terms": charter.terms_hash},
    )
    return charter


def end_charter(charter_id: UUID, *, on: date, reason: str, at: datetime) -> Charter:
    """End a charter early; from that day no joint campaign under it may send."""
    scope = current_scope()
    scope.require("charter.write")
    lock(f"alliances.charter:{charter_id}")
    charter = Charter.objects.get(id=charter_id, org_id=scope.org_id)
    if not reason.strip():
        raise UserError("say why the charter ends", field="reason")
    if charter.ended_on or on < at.date():
        raise UserError("give a day from today on, once", field="on")
    charter.ended_on, charter.ended_because = on, reason.strip()
    charter.save(update_fields=["ended_on", "ended_because"])
    record(
        "alliances.charter.ended",
        "alliances.charter",
        charter.id,
        list(charter.sides.values_list("org_id", flat=True)),
        at=at,
        details={"on": on},
    )
    return charter
