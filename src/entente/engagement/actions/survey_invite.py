"""Invite HCPs to a survey; the links are carried by e-mails that pass the gate, or by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from entente.directory import reads as directory
from entente.directory.reads.hierarchy import affiliations_of
from entente.engagement.actions.survey_write import KIND, own_survey
from entente.engagement.domain.survey_segments import NOTHING, Label, labels
from entente.engagement.models import Survey, SurveyInvitation
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

MOST = 20_000


def invite_hcps(
    survey_id: UUID, hcp_ids: Collection[UUID], *, at: datetime
) -> Sequence[SurveyInvitation]:
    """Invite HCPs to an open survey; those invited before are left out.

    Nothing is sent by it. Writes the invitations, with the label that each answer may carry,
    and one ledger entry with their number.

    Raises
    ------
    UserError
        If the survey is not open, asks others, or too few are invited for results by segment.
    """
    survey = own_survey(survey_id)
    if survey.status != Survey.Status.OPEN or survey.audience != Survey.Audience.HCP:
        raise UserError("people are invited to a survey of HCPs while it is open")
    people = directory.hcps(set(hcp_ids))
    if len(people) != len(set(hcp_ids)):
        raise UserError("an HCP is not known", field="hcp_ids")
    if len(people) > MOST:
        raise UserError(f"invite at most {MOST:,} people at once", field="hcp_ids")
    there = set(
        SurveyInvitation.objects.filter(survey=survey, hcp_id__in=people).values_list(
            "hcp_id", flat=True
        )
    )
    new = sorted(people.keys() - there)
    made = _invite(survey, new, _labels(survey, new), at)
    ledger.append(ledger.Entry(f"{KIND}.invited", KIND, survey.id, {"n": len(made)}), at=at)
    return made


def invitation_for_mail(survey: Survey, hcp_id: UUID, *, at: datetime) -> SurveyInvitation | None:
    """Give the invitation that an e-mail about a version carries, made if need be.

    Called while a send that passed the gate is composed. None where the survey takes people
    in lists only, because its results are told by segment, and this person is on none.
    """
    found = SurveyInvitation.objects.filter(survey=survey, hcp_id=hcp_id).first()
    if found is None and not survey.by_segment:
        found = _invite(survey, [hcp_id], [NOTHING], at)[0]
        ledger.append(ledger.Entry(f"{KIND}.invited", KIND, survey.id, {"n": 1}), at=at)
    return found


def _labels(survey: Survey, hcp_ids: Sequence[UUID]) -> list[Label]:
    if not survey.by_segment or not hcp_ids:
        return [NOTHING] * len(hcp_ids)
    people, places = directory.hcps(hcp_ids), _places(hcp_ids)
    known: list[Label] = [
        (people[i].specialty, people[i].country, places.get(i, "")) for i in hcp_ids
    ]
    if survey.promise == Survey.Promise.NAMED:
        return known
    if len(known) < survey.least:
        raise UserError(
            f"invite at least {survey.least} people at once: fewer could be told apart in results"
            " by segment",
            field="hcp_ids",
        )
    return labels(known, survey.least)


def _places(hcp_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Give the organisation in which each works, by the affiliation that lasts."""
    found: dict[UUID, str] = {}
    for each in affiliations_of(*hcp_ids, limit=50 * len(hcp_ids)):
        if each.to_on is None:
            found.setdefault(each.hcp_id, each.hco.name[:300])
    return found


def _invite(
    survey: Survey, hcp_ids: Sequence[UUID], told: Sequence[Label], at: datetime
) -> list[SurveyInvitation]:
    return SurveyInvitation.objects.bulk_create(
        SurveyInvitation(
            id=new_id(),
            org_id=current_scope().org_id,
            survey=survey,
            hcp_id=hcp_id,
            specialty=specialty,
            country=country,
            organisation=organisation,
            invited_at=at,
        )
        for hcp_id, (specialty, country, organisation) in zip(hcp_ids, told, strict=True)
    )


def take_out_links(survey_id: UUID, *, at: datetime) -> Survey:
    """Record that the links of a survey are about to be taken out, to be sent by other means.

    Writes one ledger entry.
    """
    survey = own_survey(survey_id)
    ledger.append(ledger.Entry(f"{KIND}.links_read", KIND, survey.id), at=at)
    return survey
