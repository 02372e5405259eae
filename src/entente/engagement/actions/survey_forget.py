"""Delete what people answered with their name, and what is kept long enough."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from entente.engagement.domain.survey_flags import SAFETY
from entente.engagement.models import (
    SurveyBallot,
    SurveyInvitation,
    SurveyResponse,
    SurveyText,
)
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope


def forget_answers(hcp_id: UUID, at: datetime) -> int:
    """Delete what a person answered with his name; give how many.

    Anonymous answers are nobody's: there is nothing by which his could be found. Texts that
    may tell of an adverse event stay, without the name. Writes one ledger entry.
    """
    current_scope().require("person.erase")
    n_deleted, _ = SurveyResponse.objects.filter(hcp_id=hcp_id).delete()
    kept = list(SurveyText.objects.filter(hcp_id=hcp_id).exclude(flag=""))
    n_texts, _ = SurveyText.objects.filter(hcp_id=hcp_id).delete()
    for row in kept:
        row.hcp_id = None
        row._state.adding = True
    SurveyText.objects.bulk_create(kept)
    n_deleted += n_texts
    if n_deleted:
        ledger.append(
            ledger.Entry("engagement.survey_answers.erased", "hcp", hcp_id, {"n": n_deleted}), at=at
        )
    return n_deleted


def delete_answers(survey_ids: Collection[UUID]) -> int:
    """Delete all answers to surveys whose time is over, and who was invited; give how many.

    Texts that may tell of an adverse event stay: safety reports are kept by law. Called by a
    retention run, which writes the proof.
    """
    those = list(survey_ids)
    n, _ = SurveyText.objects.filter(survey_id__in=those).exclude(flag=SAFETY).delete()
    for table in (SurveyResponse, SurveyBallot, SurveyInvitation):
        deleted, _ = table.objects.filter(survey_id__in=those).delete()
        n += deleted
    return n
