"""Write, propose, sign and end data-share contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from entente.consent.actions.joint_record import KIND, record, who_acts
from entente.consent.domain.shares import (
    BREAKDOWNS,
    DEIDENTIFICATIONS,
    FIELDS,
    LEAST_CELL,
    LEGAL_BASES,
    needs_consent,
)
from entente.consent.models import ShareContract, ShareContractSide
from entente.consent.reads.shares import share_contract, share_state, share_terms
from entente.directory import reads as directory
from entente.foundation import signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import Signature

MEANING = "I agree to these terms of data sharing for my organisation"


@dataclass(frozen=True)
class ShareTerms:
    """What two parties may tell each other, and why.

    Parameters
    ----------
    fields : sequence of str
        Of a person on both lists; none means counts only. With any, the NPI is one of them.
    breakdown : str
        The one dimension by which matches are counted: none, specialty or state.
    min_cell : int
        No number below it is told; 11 or more.
    data_licence : str
        Under what licence the compared data may be used.
    authorisation_ref : str
        Where the persons' authorisations lie, for the legal basis of that name.
    agreement_ref : str
        The agreement between the parties that this carries out.
    """

    name: str
    purpose: str
    from_on: date
    to_on: date
    data_licence: str
    agreement_ref: str
    fields: Sequence[str] = ()
    breakdown: str = "none"
    min_cell: int = LEAST_CELL
    legal_basis: str = "counts_only"
    deidentification: str = "small_cells"
    authorisation_ref: str = ""


def draft_share(
    terms: ShareTerms, *, partner_id: UUID, at: datetime, replaces_id: UUID | None = None
) -> ShareContract:
    """Write a contract; the partner sees nothing of it before it is proposed.

    Writes the contract, the host's side and a ledger entry. A change to a contract is a new
    one that names the old: once both have signed it, the old one is replaced.

    Raises
    ------
    UserError
    """
    scope = current_scope()
    scope.require("share.write")
    if not scope.is_host:
        raise OutOfScope("the host writes share contracts; a partner signs them")
    _refuse_bad(terms, at)
    known = {o.id: o.name for o in directory.organisations_visible()}
    if partner_id not in known or partner_id == scope.org_id:
        raise UserError("choose a partner among the organisations you know", field="partner")
    if replaces_id is not None and share_contract(replaces_id).partner_id != partner_id:
        raise UserError("a contract replaces one with the same partner", field="partner")
    contract = ShareContract(
        org_id=scope.org_id,
        partner_id=partner_id,
        name=terms.name.strip(),
        purpose=terms.purpose.strip(),
        fields=sorted(set(terms.fields)),
        breakdown=terms.breakdown,
        min_cell=terms.min_cell,
        from_on=terms.from_on,
        to_on=terms.to_on,
        data_licence=terms.data_licence.strip(),
        legal_basis=terms.legal_basis,
        deidentification=terms.deidentification,
        authorisation_ref=terms.authorisation_ref.strip(),
        agreement_ref=terms.agreement_ref.strip(),
        replaces_id=replaces_id,
        written_by_name=who_acts(),
    )
    contract.terms_hash = share_terms(contract)
    contract.save(force_insert=True)
    ShareContractSide.objects.create(
        org_id=scope.org_id, contract=contract, name=known[scope.org_id]
    )
    record(
        "consent.share_contract.drafted",
        contract,
        at=at,
        details={"terms": contract.terms_hash, "fields": contract.fields},
        told=False,
    )
    return contract


def _refuse_bad(terms: ShareTerms, at: datetime) -> None:
    _refuse_empty(terms)
    for value, known, field in (
        (terms.breakdown, BREAKDOWNS, "breakdown"),
        (terms.legal_basis, LEGAL_BASES, "legal_basis"),
        (terms.deidentification, DEIDENTIFICATIONS, "deidentification"),
    ):
        if value not in known:
            raise UserError(f"choose one of {', '.join(known)}", field=field)
    if terms.to_on < terms.from_on or terms.to_on < at.date():
        raise UserError("give a last day after the first one, not past yet", field="to_on")
    if not LEAST_CELL <= terms.min_cell <= 1000:
        raise UserError(
            f"the minimum cell is {LEAST_CELL} or more, so that no number points at a person",
            field="min_cell",
        )
    _refuse_bad_fields(terms)


def _refuse_empty(terms: ShareTerms) -> None:
    for text, field, words in (
        (terms.name, "name", "give the contract a name"),
        (terms.purpose, "purpose", "say what the data is shared for"),
        (terms.data_licence, "data_licence", "name the licence of the data"),
        (terms.agreement_ref, "agreement_ref", "name the agreement that this carries out"),
    ):
        if not text.strip():
            raise UserError(words, field=field)


def _refuse_bad_fields(terms: ShareTerms) -> None:
    fields = frozenset(terms.fields)
    if unknown := sorted(fields - FIELDS.keys()):
        raise UserError(
            f"no field is called {unknown[0]}; choose among {', '.join(FIELDS)}", field="fields"
        )
    if fields and "npi" not in fields:
        raise UserError("persons are shown by NPI: add it, or open no field", field="fields")
    if fields and terms.legal_basis == "counts_only":
        raise UserError("a contract that opens fields needs a legal basis", field="legal_basis")
    if fields and terms.deidentification != "none":
        raise UserError(
            "named persons are not de-identified: say none, or open no field",
            field="deidentification",
        )
    if needs_consent(fields) and terms.legal_basis not in {"consent", "authorisation"}:
        raise UserError(
            "contact fields pass with consent or authorisation of each person only",
            field="legal_basis",
        )
    if terms.legal_basis == "authorisation" and not terms.authorisation_ref.strip():
        raise UserError("say where the authorisations lie", field="authorisation_ref")


def propose_share(contract_id: UUID, *, at: datetime) -> ShareContract:
    """Show a contract to the partner for signature; from now on its terms are fixed.

    Writes the contract, the partner's side and a ledger entry.
    """
    scope = current_scope()
    scope.require("share.write")
    lock(f"{KIND}:{contract_id}")
    contract = ShareContract.objects.get(id=contract_id, org_id=scope.org_id)
    if contract.proposed_at is not None:
        raise UserError("this contract was proposed already")
    names = {o.id: o.name for o in directory.organisations_visible()}
    ShareContractSide.objects.create(
        org_id=contract.partner_id, contract=contract, name=names[contract.partner_id]
    )
    contract.proposed_at, contract.terms_hash = at, share_terms(contract)
    contract.save(update_fields=["proposed_at", "terms_hash"])
    record("consent.share_contract.proposed", contract, at=at)
    return contract


def sign_share(
    contract_id: UUID, *, password: str, at: datetime, controller_id: UUID | None = None
) -> ShareContractSide:
    """Sign a contract for the present organisation; it is in force once both have.

    Writes the signature, the side and a ledger entry. The database refuses a signature over
    other terms, and one by the person who signed for the other side.

    Parameters
    ----------
    controller_id : UUID, optional
        The legal entity whose data is shared and to which persons have given consent; the
        main one by default.

    Raises
    ------
    NotSigned
        If the password is wrong.
    UserError
    """
    scope = current_scope()
    scope.require("share.sign")
    lock(f"{KIND}:{contract_id}")
    contract = share_contract(contract_id)
    side = contract.sides.filter(org_id=scope.org_id).first()
    if side is None or contract.proposed_at is None:
        raise UserError("this contract is not proposed yet")
    if side.signed_at is not None:
        raise UserError("your organisation has signed already")
    if share_state(contract_id, at) in {"ended", "expired"}:
        raise UserError("this contract is over; write a new one")
    other = contract.sides.exclude(org_id=scope.org_id).get()
    _refuse_same_person(other)
    side.controller_id = _controller(controller_id)
    signature = signatures.sign(
        password=password,
        meaning=MEANING,
        object_kind=KIND,
        object_id=contract.id,
        content_hash=contract.terms_hash,
        at=at,
        counterparty=other.org_id,
    )
    side.signed_at, side.signed_hash, side.signature = at, contract.terms_hash, signature
    side.signer_name, side.signer_title = signature.signer_name, signature.signer_title
    side.save()
    record("consent.share_contract.signed", contract, at=at, details={"terms": contract.terms_hash})
    return side


def _refuse_same_person(other: ShareContractSide) -> None:
    theirs = Signature.objects.filter(id=other.signature_id).first() if other.signature_id else None
    if theirs is not None and theirs.person_key == current_scope().person_key:
        raise UserError("you have signed for the other side; somebody else has to sign here")


def _controller(controller_id: UUID | None) -> UUID:
    entities = [e.id for e in directory.legal_entities(current_scope().org_id)]
    if not entities:
        raise UserError(
            "your organisation has no legal entity yet; add one under Organisations",
            field="controller_id",
        )
    if controller_id is not None and controller_id not in entities:
        raise UserError("choose a legal entity of your organisation", field="controller_id")
    return controller_id or entities[0]


def end_share(contract_id: UUID, *, reason: str, at: datetime) -> ShareContract:
    """End a contract, or refuse to sign it, for the present organisation; effective at once.

    Writes the side and a ledger entry. From the next request on neither party sees a count
    or a person under it.

    Raises
    ------
    UserError
    """
    scope = current_scope()
    scope.require("share.sign")
    lock(f"{KIND}:{contract_id}")
    contract = share_contract(contract_id)
    if not reason.strip():
        raise UserError("say why the contract ends", field="reason")
    if any(side.ended_at for side in contract.sides.all()):
        raise UserError("this contract has ended already")
    side = contract.sides.get(org_id=scope.org_id)
    side.ended_at, side.ended_because, side.ended_by_name = at, reason.strip(), who_acts()
    side.offered_list, side.offered_at = None, None
    side.save()
    record("consent.share_contract.ended", contract, at=at)
    return contract
