"""Put a study on record, with its parties and milestones, and say where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from entente.content.actions.who import acting_name
from entente.content.domain.studies import FALLEN, StudyState, next_steps
from entente.content.models import Study, StudyMilestone, StudyParty
from entente.directory import reads as directory
from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock

MOST_FUNDERS = 30
BEGINS_AS = (
    StudyState.PLANNED,
    StudyState.RUNNING,
    StudyState.COMPLETED,
    StudyState.PUBLISHED,
)


@dataclass(frozen=True)
class StudyPlan:
    """What a study is: its protocol, who pays for it, who does it too, how it is published."""

    title: str
    protocol: str
    funders: Sequence[str] = ()
    publication_plan: str = ""
    partner_ids: Sequence[UUID] = ()
    status: str = StudyState.PLANNED


def record_study(plan: StudyPlan, *, at: datetime) -> Study:
    """Put a study of the present organisation on record.

    Writes the study, a party for each partner, and one ledger entry per party.

    Raises
    ------
    UserError
        If title or protocol is missing, the protocol is on record already, or a partner is
        not known.
    """
    scope = current_scope()
    scope.require("content.write")
    title, protocol = " ".join(plan.title.split()), " ".join(plan.protocol.split())
    if not title or len(title) > 300:
        raise UserError("give the study a title of at most 300 characters", field="title")
    if not protocol or len(protocol) > 100:
        raise UserError("give the reference of its protocol", field="protocol")
    if plan.status not in BEGINS_AS:
        raise UserError("a study is put on record as planned to published", field="status")
    lock(f"content.protocol:{scope.org_id}:{protocol}")
    if Study.objects.filter(org_id=scope.org_id, protocol=protocol).exists():
        raise UserError(f"a study with the protocol {protocol} is on record", field="protocol")
    study = Study.objects.create(
        org_id=scope.org_id,
        title=title,
        protocol=protocol,
        funders=_funders(plan.funders),
        publication_plan=plan.publication_plan.strip(),
        status=StudyState(plan.status).value,
    )
    _add_parties(study, plan.partner_ids)
    tell(study, "content.study.recorded", {"status": study.status}, at)
    return study


def _funders(given: Iterable[str]) -> list[str]:
    funders = list(dict.fromkeys(name for each in given if (name := " ".join(each.split()))))
    if len(funders) > MOST_FUNDERS or any(len(each) > 200 for each in funders):
        raise UserError(
            f"name at most {MOST_FUNDERS} funders, each in at most 200 characters", field="funders"
        )
    return funders


def _add_parties(study: Study, partner_ids: Sequence[UUID]) -> None:
    known = {o.id: o.name for o in directory.organisations_visible()}
    chosen = list(dict.fromkeys(partner_ids))
    if any(each == study.org_id or each not in known for each in chosen):
        raise UserError("choose partners among the organisations you know", field="partners")
    StudyParty.objects.bulk_create(
        StudyParty(org_id=each, study=study, name=known[each]) for each in chosen
    )


def tell(study: Study, verb: str, details: Mapping[str, Any], at: datetime) -> None:
    """Write the ledger's entries of an act on a study, one for each party that reads it."""
    scope = current_scope()
    parties = {study.org_id, *study.parties.values_list("org_id", flat=True)} - {scope.org_id}
    others: list[UUID | None] = [*sorted(parties, key=str)]
    ledger.append_many(
        [
            ledger.Entry(verb, "content.study", study.id, details, counterparty=other)
            for other in others or [None]
        ],
        at=at,
    )


def own_study(study_id: UUID) -> Study:
    """Lock a study of the present organisation and give it.

    Raises
    ------
    Study.DoesNotExist
    """
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.study:{study_id}")
    return Study.objects.get(id=study_id, org_id=scope.org_id)


def add_study_party(study_id: UUID, partner_id: UUID, *, at: datetime) -> None:
    """Bring in a partner that does the study too; it reads all of it from then on.

    Raises
    ------
    UserError
        If it is not known, or takes part already.
    """
    study = own_study(study_id)
    if study.parties.filter(org_id=partner_id).exists():
        raise UserError("this partner takes part already", field="partners")
    _add_parties(study, [partner_id])
    tell(study, "content.study.party_added", {"partner": partner_id}, at)


def add_milestone(
    study_id: UUID, *, title: str, due_on: date, at: datetime, org_id: UUID | None = None
) -> StudyMilestone:
    """Add a step of a study, with the day by which a party has to reach it.

    Parameters
    ----------
    org_id : UUID, optional
        Which party answers for it; by default the owner.

    Raises
    ------
    UserError
        If it has no title, or the organisation takes no part.
    """
    study = own_study(study_id)
    words = " ".join(title.split())
    if not words or len(words) > 200:
        raise UserError("name the milestone in at most 200 characters", field="title")
    if study.status in FALLEN:
        raise UserError(f"this study is {study.status}: nothing more is planned for it")
    answers = org_id or study.org_id
    if answers != study.org_id and not study.parties.filter(org_id=answers).exists():
        raise UserError("choose a party of the study", field="party")
    made = StudyMilestone.objects.create(org_id=answers, study=study, title=words, due_on=due_on)
    tell(study, "content.milestone.added", {"milestone": made.id, "due_on": due_on}, at)
    return made


def mark_milestone(milestone_id: UUID, *, done_on: date, at: datetime) -> StudyMilestone:
    """Say on which day a milestone was reached: whoever answers for it, or the study's owner.

    Raises
    ------
    UserError
        If it is marked already, is another party's, or the day is yet to come.
    StudyMilestone.DoesNotExist
    """
    scope = current_scope()
    # A partner's people review content and do not write it; a job may do both.
    if scope.actor_id is not None and not {"content.write", "content.review"} & scope.may:
        raise OutOfScope("your role does not include marking milestones")
    lock(f"content.milestone:{milestone_id}")
    milestone = StudyMilestone.objects.select_related("study").get(id=milestone_id)
    if scope.org_id not in (milestone.org_id, milestone.study.org_id):
        raise UserError("the party that answers for the milestone says when it was reached")
    if milestone.done_on:
        raise UserError(f"this milestone was reached on {milestone.done_on}")
    if done_on > at.date():
        raise UserError("a milestone is reached today or earlier", field="done_on")
    milestone.done_on, milestone.done_by_name = done_on, acting_name()
    milestone.save(update_fields=["done_on", "done_by_name"])
    details = {"milestone": milestone.id, "done_on": done_on}
    tell(milestone.study, "content.milestone.reached", details, at)
    return milestone


def move_study(study_id: UUID, status: str, *, at: datetime) -> Study:
    """Take a study one step on: running, completed, published.

    Raises
    ------
    UserError
        If the study does not go there from where it stands.
    """
    study = own_study(study_id)
    steps = next_steps(study.status)
    if status not in steps:
        after = " or ".join(steps) or "nothing that is said here"
        raise UserError(f"a study that is {study.status} becomes {after}", field="status")
    study.status = StudyState(status).value
    study.save(update_fields=["status"])
    tell(study, "content.study.moved", {"status": study.status}, at)
    return study
