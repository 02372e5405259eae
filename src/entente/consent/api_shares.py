"""Operations on data-share contracts, lists and overlaps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from entente.consent import actions, reads
from entente.consent.domain.shares import LEAST_CELL
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

router = Router(tags=["data sharing"])
Code = Annotated[str, StringConstraints(max_length=32)]
Short = Annotated[str, StringConstraints(max_length=300)]
Names = Annotated[list[Code], Field(max_length=20)]


def now() -> datetime:
    """Give the moment at the door."""
    return datetime.now(UTC)


class ShareIn(In):
    """A new contract; ``replaces_id``: the one of which it is the next version."""

    partner_id: UUID
    name: Text
    purpose: LongText
    from_on: date
    to_on: date
    data_licence: Short
    agreement_ref: Text
    fields: Names = Field(default_factory=list)
    breakdown: Code = "none"
    min_cell: int = Field(LEAST_CELL, ge=0, le=1000)
    legal_basis: Code = "counts_only"
    deidentification: Code = "small_cells"
    authorisation_ref: Text = ""
    replaces_id: UUID | None = None


class ShareSideOut(Schema):
    """One party; ``has_offered``: a list of it waits to be compared."""

    org_id: UUID
    name: str
    signed_at: datetime | None
    signer_name: str
    signer_title: str
    ended_at: datetime | None
    ended_because: str
    has_offered: bool

    @staticmethod
    def resolve_has_offered(side: Any) -> bool:
        """Tell that a list is on offer, not which."""
        return side.offered_at is not None


class ShareOut(Schema):
    """A contract with its state at the moment of asking."""

    id: UUID
    org_id: UUID
    partner_id: UUID
    name: str
    purpose: str
    fields: list[str]
    breakdown: str
    min_cell: int
    from_on: date
    to_on: date
    data_licence: str
    legal_basis: str
    deidentification: str
    authorisation_ref: str
    agreement_ref: str
    replaces_id: UUID | None
    terms_hash: str
    proposed_at: datetime | None
    state: str


class ShareFull(ShareOut):
    """A contract with both sides."""

    sides: list[ShareSideOut]


class SignIn(In):
    """The password that signs, and the legal entity whose data is shared."""

    password: Annotated[str, StringConstraints(max_length=1000)]
    controller_id: UUID | None = None


class ReasonIn(In):
    """Why it ends."""

    reason: LongText


class OfferIn(In):
    """The list to compare."""

    list_id: UUID


class CellOut(Schema):
    """A cell of the breakdown."""

    label: str
    n: int


class OverlapOut(Schema):
    """A comparison, the same for both sides; when withheld, every number is null."""

    id: UUID
    contract_id: UUID
    asked_at: datetime
    kind: str
    breakdown: str
    min_cell: int
    outcome: str
    total: int | None
    matched_on: dict[str, int]
    cells: list[CellOut]
    rest: int | None


class PersonOut(Schema):
    """A person on both lists; a field that is not open is null."""

    npi: str
    name: str | None
    specialty: str | None
    city: str | None
    us_state: str | None
    affiliation: str | None
    email: str | None
    phone: str | None


class PeopleAsked(In):
    """Which part of the persons: behind which NPI, and how many."""

    after: Annotated[str, StringConstraints(max_length=10)] = ""
    limit: int = Field(200, ge=1, le=1000)


class ReadOut(Schema):
    """Somebody was shown persons."""

    id: UUID
    comparison_id: UUID
    reader_org: UUID
    n_persons: int
    fields: list[str]
    read_at: datetime


class EntryIn(In):
    """One person or organisation of a list."""

    npi: Annotated[str, StringConstraints(max_length=10)] = ""
    organisation_id: Annotated[str, StringConstraints(max_length=100)] = ""
    domain: Annotated[str, StringConstraints(max_length=300)] = ""
    name: Short = ""
    specialty: Short = ""
    city: Text = ""
    state: Text = ""
    affiliation: Short = ""
    email: Short = ""
    phone: Code = ""


class ListIn(In):
    """A list given row by row; a list of the same name gets a new version."""

    name: Text
    data_licence: Short
    entries: Annotated[list[EntryIn], Field(min_length=1, max_length=10_000)]
    licensed_fields: Names = Field(default_factory=lambda: ["npi"])


class DirectoryListIn(In):
    """A list taken from the directory; empty means any."""

    name: Text
    specialty: Short = ""
    state: Text = ""


class ListOut(Schema):
    """One version of one's own list."""

    id: UUID
    name: str
    version: int
    kind: str
    source: str
    data_licence: str
    licensed_fields: list[str]
    n_entries: int
    loaded_at: datetime
    loaded_by_name: str


def _full(contract_id: UUID) -> Any:
    return reads.share_rows(now()).get(id=contract_id)


@router.get("/contracts", response=Listing[ShareOut], summary="Share contracts")
@operation("share.read")
def list_shares(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List the contracts in which one has a side, the latest first."""
    return listing(reads.share_rows(now()), ("-id",), asked)


@router.post("/contracts", response={201: ShareFull}, summary="Write a share contract")
@operation("share.write")
def add_share(request: HttpRequest, given: ShareIn) -> Any:
    """Write a contract; the partner sees it once it is proposed."""
    terms = given.dict()
    partner_id, replaces_id = terms.pop("partner_id"), terms.pop("replaces_id")
    made = actions.draft_share(
        actions.ShareTerms(**terms), partner_id=partner_id, replaces_id=replaces_id, at=now()
    )
    return 201, _full(made.id)


@router.get("/contracts/{contract_id}", response=ShareFull, summary="One share contract")
@operation("share.read")
def get_share(request: HttpRequest, contract_id: UUID) -> Any:
    """Give one contract with both sides."""
    return _full(contract_id)


@router.post("/contracts/{contract_id}/propose", response=ShareFull, summary="Propose a contract")
@operation("share.write")
def propose_share(request: HttpRequest, contract_id: UUID) -> Any:
    """Show a contract to the partner; its terms are fixed from now on."""
    actions.propose_share(contract_id, at=now())
    return _full(contract_id)


@router.post("/contracts/{contract_id}/sign", response=ShareFull, summary="Sign a contract")
@operation("share.sign")
def sign_share(request: HttpRequest, contract_id: UUID, given: SignIn) -> Any:
    """Sign for one's own side; a wrong password is answered with 403."""
    actions.sign_share(
        contract_id, password=given.password, controller_id=given.controller_id, at=now()
    )
    return _full(contract_id)


@router.post("/contracts/{contract_id}/end", response=ShareFull, summary="End a contract")
@operation("share.sign")
def end_share(request: HttpRequest, contract_id: UUID, given: ReasonIn) -> Any:
    """End a contract, effective at once."""
    actions.end_share(contract_id, reason=given.reason, at=now())
    return _full(contract_id)


@router.post("/contracts/{contract_id}/offer", response=ShareFull, summary="Offer a list")
@operation("share.compare")
def offer_list(request: HttpRequest, contract_id: UUID, given: OfferIn) -> Any:
    """Offer one's own list for one comparison."""
    actions.offer_list(contract_id, given.list_id, at=now())
    return _full(contract_id)


@router.post("/contracts/{contract_id}/take-back", response=ShareFull, summary="Take a list back")
@operation("share.compare")
def take_back(request: HttpRequest, contract_id: UUID) -> Any:
    """Take one's own list back before it is compared."""
    actions.take_back_offer(contract_id, at=now())
    return _full(contract_id)


@router.post("/contracts/{contract_id}/compare", response={201: OverlapOut}, summary="Compare")
@operation("share.compare")
def compare(request: HttpRequest, contract_id: UUID) -> Any:
    """Compare the two lists on offer; ``outcome`` is answered or withheld."""
    return 201, reads.as_told(actions.compare_lists(contract_id, at=now()))


@router.get("/contracts/{contract_id}/overlaps", response=list[OverlapOut], summary="Overlaps")
@operation("share.read")
def list_overlaps(request: HttpRequest, contract_id: UUID) -> Any:
    """Give the latest 50 comparisons under a contract in force."""
    _full(contract_id)
    return [reads.as_told(each) for each in reads.comparisons(contract_id)[:50]]


@router.get("/contracts/{contract_id}/reads", response=list[ReadOut], summary="Who looked")
@operation("share.read")
def list_reads(request: HttpRequest, contract_id: UUID) -> Any:
    """Give the latest 200 readings of persons under a contract, by either side."""
    _full(contract_id)
    return list(reads.share_reads(contract_id)[:200])


@router.get("/overlaps/{comparison_id}", response=OverlapOut, summary="One overlap")
@operation("share.read")
def get_overlap(request: HttpRequest, comparison_id: UUID) -> Any:
    """Give one comparison."""
    return reads.as_told(reads.comparison(comparison_id))


@router.get("/overlaps/{comparison_id}/people", response=list[PersonOut], summary="Persons on both")
@operation("share.people")
def list_people(request: HttpRequest, comparison_id: UUID, asked: Query[PeopleAsked]) -> Any:
    """Give matched persons in order of NPI; every reading is recorded for both sides."""
    return actions.read_people(comparison_id, after=asked.after, most=asked.limit, at=now())


@router.get("/lists", response=Listing[ListOut], summary="Own lists")
@operation("share.read")
def list_lists(request: HttpRequest, asked: Query[Asked]) -> Any:
    """List one's own lists, the latest first."""
    return listing(reads.partner_lists(), ("-loaded_at", "-id"), asked)


@router.post("/lists", response={201: ListOut}, summary="Load a list")
@operation("share.load")
def add_list(request: HttpRequest, given: ListIn) -> Any:
    """Load a list row by row; rows that cannot be used are refused as in a file."""
    terms = actions.ListTerms(given.name, given.data_licence, given.licensed_fields)
    rows = [entry.dict(exclude_defaults=True) for entry in given.entries]
    _, list_id = actions.load_accounts(rows, terms, at=now())
    return 201, reads.partner_list(list_id) if list_id else None


@router.post("/lists/from-directory", response={201: ListOut}, summary="List of the directory")
@operation("share.load")
def add_directory_list(request: HttpRequest, given: DirectoryListIn) -> Any:
    """Take people of the directory as a list."""
    return 201, actions.list_from_directory(
        given.name, specialty=given.specialty, state=given.state, at=now()
    )
