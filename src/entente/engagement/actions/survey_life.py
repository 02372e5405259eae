"""Open and close surveys, and say who else is told the results."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.engagement.actions.survey_write import KIND, own_survey
from entente.engagement.domain.survey_segments import labels
from entente.engagement.domain.surveys import why_not_askable
from entente.engagement.models import Survey, SurveyParty
from entente.engagement.reads.surveys import members_of, questions
from entente.foundation import ledger
from entente.foundation.errors import UserError
from entente.foundation.models import new_id


def open_survey(survey_id: UUID, *, at: datetime) -> Survey:
    """Open a draft for answers; from here on its questions are never changed.

    Writes the survey, the labels that answers of partners carry, and one ledger entry.

    Raises
    ------
    UserError
        If its questions cannot be asked, or its last day is over.
    """
    survey = own_survey(survey_id, draft=True)
    reason = why_not_askable(questions(survey_id), survey.languages)
    if reason:
        raise UserError(reason)
    if survey.closes_on and survey.closes_on < at.date():
        raise UserError("its last day is over; give a later one", field="closes_on")
    _label(survey)
    survey.status, survey.opened_at = Survey.Status.OPEN, at
    survey.save(update_fields=["status", "opened_at"])
    ledger.append(ledger.Entry(f"{KIND}.opened", KIND, survey.id, {"n": survey.number}), at=at)
    return survey


def _label(survey: Survey) -> None:
    """Fix which organisations an answer may name: those with enough people to hide among."""
    parties = list(SurveyParty.objects.filter(survey=survey, answers=True).select_related("org"))
    if survey.audience != Survey.Audience.PARTNER or not survey.by_segment:
        return
    sizes = members_of(survey.id)
    people = [("", "", p.org.name[:200]) for p in parties for _ in range(sizes.get(p.org_id, 0))]
    if survey.promise == Survey.Promise.NAMED:
        told = set(people)
    elif len(people) >= survey.least:
        told = set(labels(people, survey.least))
    else:
        told = set()
    for party in parties:
        party.label = party.org.name[:200] if ("", "", party.org.name[:200]) in told else ""
    SurveyParty.objects.bulk_update(parties, ["label"])


def close_survey(survey_id: UUID, *, at: datetime) -> Survey:
    """Close a survey before its last day, or one that has none; writes one ledger entry.

    Raises
    ------
    UserError
        If it is not open.
    """
    survey = own_survey(survey_id)
    if survey.status != Survey.Status.OPEN:
        raise UserError("only an open survey can be closed")
    survey.status, survey.closed_at = Survey.Status.CLOSED, at
    survey.save(update_fields=["status", "closed_at"])
    ledger.append(ledger.Entry(f"{KIND}.closed", KIND, survey.id, {"n": survey.number}), at=at)
    return survey


def share_results(survey_id: UUID, org_id: UUID, *, shared: bool, at: datetime) -> None:
    """Tell a partner the results of a survey, or tell it no longer.

    It is told what we are told, small numbers left out, and no text that is held back.
    Writes its side and one ledger entry that it can read as well.

    Raises
    ------
    UserError
        If there is no such partner.
    """
    survey = own_survey(survey_id)
    known = {each.id for each in directory.organisations_visible()} - {survey.org_id}
    if org_id not in known:
        raise UserError("there is no such partner", field="partner")
    party = SurveyParty.objects.filter(survey=survey, org_id=org_id).first()
    if party is None:
        party = SurveyParty(id=new_id(), org_id=org_id, survey=survey)
    party.sees_results = shared
    party.save()
    verb = "results_shared" if shared else "results_kept"
    ledger.append(
        ledger.Entry(f"{KIND}.{verb}", KIND, survey.id, {"partner": org_id}, counterparty=org_id),
        at=at,
    )
