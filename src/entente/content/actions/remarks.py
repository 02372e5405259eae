"""Remarks pinned to the words of a version."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from entente.content.actions.who import acting_name
from entente.content.domain.markup import visible_words
from entente.content.domain.states import Status
from entente.content.models import Annotation, Version
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError


def annotate(
    version_id: UUID, *, quote: str, remark: str, at: datetime, occurrence: int = 1
) -> Annotation:
    """Pin a remark to words of a version in review; every party of the item reads it.

    Raises
    ------
    UserError
        If the words do not stand in the version so often, or the remark is empty.
    """
    scope = current_scope()
    scope.require("content.review")
    version = Version.objects.select_related("item").get(id=version_id)
    if version.status != Status.IN_REVIEW:
        raise UserError("this version is not in review")
    words = " ".join(quote.split())
    if not words or len(words) > 500:
        raise UserError("quote the words that you mean, at most 500 characters", field="quote")
    there = f"{version.subject} {visible_words(version.html)}"
    if there.count(words) < max(1, occurrence):
        raise UserError("these words do not stand in the version", field="quote")
    if not remark.strip():
        raise UserError("say what you mean", field="remark")
    made = Annotation.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        quote=words,
        occurrence=max(1, occurrence),
        remark=remark.strip(),
        by_id=scope.actor_id,
        by_name=acting_name(),
        made_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.version.annotated", "content.version", version.id, {"annotation": made.id}
        ),
        at=at,
    )
    return made


def answer_remark(annotation_id: UUID, *, answer: str, at: datetime) -> Annotation:
    """Answer a remark, for the company that made it.

    Raises
    ------
    UserError
        If it has an answer already or the answer is empty.
    """
    scope = current_scope()
    scope.require("content.read")
    found = Annotation.objects.select_for_update().get(id=annotation_id, org_id=scope.org_id)
    if found.answered_at:
        raise UserError("this remark is answered")
    if not answer.strip():
        raise UserError("write an answer", field="answer")
    found.answer, found.answered_by, found.answered_at = answer.strip(), acting_name(), at
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    ledger.append(
        ledger.Entry(
            "content.annotation.answered",
            "content.version",
            found.version_id,
            {"annotation": found.id},
        ),
        at=at,
    )
    return found
