"""Surveys: which there are, what they ask, whom, and whose a link is."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core import signing
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from entente.engagement.domain.surveys import Option, Question
from entente.engagement.models import (
    Survey,
    SurveyBallot,
    SurveyInvitation,
    SurveyParty,
    SurveyQuestion,
)
from entente.foundation import keys
from entente.foundation.access.scope import current_scope

ORDER = ("-id",)
SALT = "survey.link.v1"


@dataclass(frozen=True)
class Door:
    """What the address of a survey opens; no invitation where it is the open address."""

    org_id: UUID
    survey_id: UUID
    invitation_id: UUID | None


def surveys(*, status: str = "", audience: str = "") -> QuerySet[Survey]:
    """Select one's own surveys, and those of which one is told the results."""
    told = SurveyParty.objects.filter(
        survey=OuterRef("pk"), org_id=current_scope().org_id, sees_results=True
    )
    found = (
        Survey.objects.filter(Q(org_id=current_scope().org_id) | Exists(told))
        .select_related("campaign", "version__item")
        .annotate(n_questions=Count("questions"))
    )
    if status:
        found = found.filter(status=status)
    return found.filter(audience=audience) if audience else found


def survey(survey_id: UUID) -> Survey:
    """Give one survey: one's own, or one of which one is told the results.

    Raises
    ------
    Survey.DoesNotExist
    """
    return surveys().get(id=survey_id)


def own_survey(survey_id: UUID) -> Survey:
    """Give one survey of the present organisation.

    Raises
    ------
    Survey.DoesNotExist
    """
    return surveys().get(id=survey_id, org_id=current_scope().org_id)


def question_rows(survey_id: UUID) -> list[SurveyQuestion]:
    """Give the questions of a survey in their order."""
    return list(SurveyQuestion.objects.filter(survey_id=survey_id).order_by("position"))


def as_asked(row: SurveyQuestion) -> Question:
    """Give a kept question as calculations know it."""
    return Question(
        code=row.code,
        kind=row.kind,
        texts=row.texts,
        options=[Option(each["code"], each["texts"]) for each in row.options],
        required=row.required,
        shown_if=(row.shown_if_code, row.shown_if_answer) if row.shown_if_code else None,
    )


def questions(survey_id: UUID) -> list[Question]:
    """Give the questions of a survey as calculations know them."""
    return [as_asked(row) for row in question_rows(survey_id)]


def surveys_asking(code: str) -> list[Survey]:
    """Give the surveys that ask the question of a code, of whomever, the latest first."""
    asking = SurveyQuestion.objects.filter(survey=OuterRef("pk"), code=code)
    return list(surveys().filter(Exists(asking)).order_by(*ORDER))


def parties_of(survey_id: UUID) -> list[SurveyParty]:
    """Give whose people are asked and who is told the results, as one may know it."""
    return list(
        SurveyParty.objects.filter(survey_id=survey_id).select_related("org").order_by("org__name")
    )


def n_invited(survey: Survey) -> int | None:
    """Give how many people were asked; None where nobody can count them, behind an open link."""
    if survey.audience == Survey.Audience.HCP:
        return SurveyInvitation.objects.filter(survey=survey).count()
    return sum(members_of(survey.id).values())


def members_of(survey_id: UUID) -> dict[UUID, int]:
    """Give how many people each organisation has that a survey of ours asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT org_id, n FROM app.engagement_survey_members(%s)", [survey_id])
        return dict(cursor.fetchall())


def invitations(survey_id: UUID) -> QuerySet[SurveyInvitation]:
    """Select the invitations to a survey; they do not say who answered."""
    return SurveyInvitation.objects.filter(survey_id=survey_id).select_related("hcp")


def token_for(row_id: UUID) -> str:
    """Sign the id of an invitation, or of a survey with an open address, for its link."""
    return signing.Signer(salt=SALT).sign(row_id.hex)


def link_path(row_id: UUID) -> str:
    """Give the path at which an invitation, or an open survey, is answered."""
    return f"/q/{token_for(row_id)}/"


def door_of(token: str) -> Door | None:
    """Give what a link opens; nothing if it was altered or never was."""
    try:
        row_id = UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.engagement_survey_door(%s)", [row_id])
        row = cursor.fetchone()
    return None if row is None else Door(*row)


def mark_of(survey_id: UUID, person_id: UUID) -> str:
    """Give the mark that a person's answer to a survey leaves.

    Its key is not in the database, so that a mark there leads to nobody.
    """
    said = f"{survey_id.hex}|{person_id.hex}".encode()
    return hmac.new(keys.key("survey.ballot"), said, hashlib.sha256).hexdigest()


def has_answered(survey_id: UUID, person_ids: Collection[UUID]) -> bool:
    """Tell whether one of these records of a person has answered; for the person alone."""
    marks = [mark_of(survey_id, each) for each in person_ids]
    return SurveyBallot.objects.filter(survey_id=survey_id, mark__in=marks).exists()


def is_answerable(survey: Survey, on: date) -> bool:
    """Tell whether a survey takes answers on a day."""
    return (
        survey.status == Survey.Status.OPEN
        and survey.opens_on <= on
        and (survey.closes_on is None or on <= survey.closes_on)
    )


def is_over(survey: Survey, on: date) -> bool:
    """Tell whether a survey has closed by a day, by hand or by its last day."""
    if survey.status == Survey.Status.CLOSED:
        return True
    last = survey.closes_on
    return survey.status == Survey.Status.OPEN and last is not None and last < on


def asked_of_me(on: date) -> list[Survey]:
    """Give the surveys that ask the people of the present organisation and take answers."""
    asked = SurveyParty.objects.filter(
        survey=OuterRef("pk"), org_id=current_scope().org_id, answers=True
    )
    rows = Survey.objects.filter(
        Exists(asked), status=Survey.Status.OPEN, opens_on__lte=on
    ).exclude(closes_on__lt=on)
    return list(rows.order_by("closes_on", "id")[:20])


def survey_asked_of_me(survey_id: UUID) -> Survey:
    """Give one open or closed survey that asks the people of the present organisation.

    Raises
    ------
    Survey.DoesNotExist
    """
    asked = SurveyParty.objects.filter(
        survey=OuterRef("pk"), org_id=current_scope().org_id, answers=True
    )
    return Survey.objects.exclude(status=Survey.Status.DRAFT).get(Exists(asked), id=survey_id)


def about_version(version_id: UUID, on: date) -> Survey | None:
    """Give the latest survey of ours that asks HCPs about a version and takes answers."""
    rows = Survey.objects.filter(
        org_id=current_scope().org_id,
        version_id=version_id,
        audience=Survey.Audience.HCP,
        status=Survey.Status.OPEN,
    ).order_by("-id")[:20]
    return next((each for each in rows if is_answerable(each, on)), None)
