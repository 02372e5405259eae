"""Operations on studies, and on the references that wait because a study fell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field, StringConstraints

from entente.content import actions
from entente.content.actions import Source, StudyPlan
from entente.content.api.shapes import Code, ReasonIn, ReferenceIn, ReferenceOut, now, router
from entente.content.reads import studies as reads
from entente.foundation.web.api_shapes import Asked, In, Listing, LongText, Text, listing
from entente.foundation.web.doors import operation

Title = Annotated[str, StringConstraints(max_length=300)]


class StudiesAsked(Asked):
    """Which studies."""

    q: Text = ""
    status: Code = ""


class StudyOut(Schema):
    """A study."""

    id: UUID
    org_id: UUID
    title: str
    protocol: str
    funders: list[str]
    publication_plan: str
    status: str
    superseded_by_id: UUID | None
    superseded_at: datetime | None
    superseded_because: str
    retracted_at: datetime | None
    retracted_because: str


class StudyIn(In):
    """A new study."""

    title: Title
    protocol: Annotated[str, StringConstraints(max_length=100)]
    funders: list[Text] = Field(default_factory=list, max_length=30)
    publication_plan: LongText = ""
    partner_ids: list[UUID] = Field(default_factory=list, max_length=20)
    status: Code = "planned"


class StatusIn(In):
    """Where a study stands now."""

    status: Code


class StudyPartyIn(In):
    """A partner that does the study too."""

    partner_id: UUID


class StudyPartyOut(Schema):
    """A party of a study."""

    org_id: UUID
    name: str


class MilestoneIn(In):
    """A step; without a party its owner answers for it."""

    title: Text
    due_on: date
    org_id: UUID | None = None


class MilestoneOut(Schema):
    """A step with the day on which it was reached."""

    id: UUID
    org_id: UUID
    title: str
    due_on: date
    done_on: date | None
    done_by_name: str


class ReachedIn(In):
    """When a milestone was reached."""

    done_on: date


class SupersedeIn(ReasonIn):
    """Which study takes the place of this one, and why."""

    by_study_id: UUID


class FallOut(Schema):
    """How many claims of one's own have to be looked at again."""

    n_flagged: int


class NewerIn(ReferenceIn):
    """The reference that takes another one's place, and what it says."""

    reason: LongText


class CheckOut(Schema):
    """What a reviewer said of a reference."""

    id: UUID
    reference_id: UUID
    state: str
    replaced_by_id: UUID | None
    reason: str
    by_name: str
    checked_at: datetime


@router.get("/studies", response=Listing[StudyOut], summary="Studies")
@operation("content.read")
def studies(request: HttpRequest, asked: Query[StudiesAsked]) -> Any:
    """Give the studies that one takes part in."""
    return listing(reads.study_rows(text=asked.q, status=asked.status), ("-id",), asked)


@router.post("/studies", response={201: StudyOut}, summary="Put a study on record")
@operation("content.write")
def study_recorded(request: HttpRequest, given: StudyIn) -> Any:
    """Put a study on record, with the partners that do it too."""
    return 201, actions.record_study(StudyPlan(**given.dict()), at=now())


@router.get("/studies/{study_id}", response=StudyOut, summary="One study")
@operation("content.read")
def study(request: HttpRequest, study_id: UUID) -> Any:
    """Give one study."""
    return reads.study(study_id)


@router.post("/studies/{study_id}/status", response=StudyOut, summary="It goes on")
@operation("content.write")
def study_moved(request: HttpRequest, study_id: UUID, given: StatusIn) -> Any:
    """Take a study one step on: running, completed, published."""
    return actions.move_study(study_id, given.status, at=now())


@router.get("/studies/{study_id}/parties", response=list[StudyPartyOut], summary="Its parties")
@operation("content.read")
def study_parties(request: HttpRequest, study_id: UUID) -> Any:
    """Give who does a study, its owner first."""
    found = reads.parties_of_study(reads.study(study_id))
    return [{"org_id": org_id, "name": name} for org_id, name in found]


@router.post("/studies/{study_id}/parties", response={204: None}, summary="Bring in a partner")
@operation("content.write")
def study_party_added(request: HttpRequest, study_id: UUID, given: StudyPartyIn) -> Any:
    """Bring in a partner; it reads all of the study from then on."""
    actions.add_study_party(study_id, given.partner_id, at=now())
    return 204, None


@router.get("/studies/{study_id}/milestones", response=list[MilestoneOut], summary="Its milestones")
@operation("content.read")
def milestones(request: HttpRequest, study_id: UUID) -> Any:
    """Give the milestones of a study by their day."""
    return reads.milestones_of(reads.study(study_id).id)


@router.post(
    "/studies/{study_id}/milestones", response={201: MilestoneOut}, summary="Add a milestone"
)
@operation("content.write")
def milestone_added(request: HttpRequest, study_id: UUID, given: MilestoneIn) -> Any:
    """Add a step with its day."""
    return 201, actions.add_milestone(study_id, at=now(), **given.dict())


@router.post("/milestones/{milestone_id}/reached", response=MilestoneOut, summary="It is reached")
@operation("content.read")
def milestone_reached(request: HttpRequest, milestone_id: UUID, given: ReachedIn) -> Any:
    """Mark a milestone: the party that answers for it, or the study's owner."""
    return actions.mark_milestone(milestone_id, done_on=given.done_on, at=now())


@router.get(
    "/studies/{study_id}/references", response=list[ReferenceOut], summary="What rests on it"
)
@operation("content.read")
def study_references(request: HttpRequest, study_id: UUID) -> Any:
    """Give the references that rest on a study, of claims that one reads."""
    return reads.references_of_study(reads.study(study_id).id)


@router.post("/studies/{study_id}/supersede", response=FallOut, summary="Supersede it")
@operation("content.write")
def study_superseded(request: HttpRequest, study_id: UUID, given: SupersedeIn) -> Any:
    """Let a newer study take its place, and flag the claims that rest on it."""
    n_flagged = actions.supersede_study(study_id, given.by_study_id, reason=given.reason, at=now())
    return {"n_flagged": n_flagged}


@router.post("/studies/{study_id}/retract", response=FallOut, summary="Retract its result")
@operation("content.write")
def study_retracted(request: HttpRequest, study_id: UUID, given: ReasonIn) -> Any:
    """Say that its result does not hold, and flag the claims that rest on it."""
    return {"n_flagged": actions.retract_study(study_id, reason=given.reason, at=now())}


@router.post("/references/{reference_id}/confirm", response={201: CheckOut}, summary="It stands")
@operation("content.review")
def reference_confirmed(request: HttpRequest, reference_id: UUID, given: ReasonIn) -> Any:
    """Confirm a reference whose study fell."""
    return 201, actions.confirm_reference(reference_id, reason=given.reason, at=now())


@router.post("/references/{reference_id}/replace", response={201: CheckOut}, summary="Replace it")
@operation("content.review")
def reference_replaced(request: HttpRequest, reference_id: UUID, given: NewerIn) -> Any:
    """Let a reference to a newer study take the place of one whose study fell."""
    told = given.dict()
    reason = told.pop("reason")
    return 201, actions.replace_reference(reference_id, Source(**told), reason=reason, at=now())
