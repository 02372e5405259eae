"""Questions: those of one's desk by their clock, one whole, and what crosses the wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, QuerySet

from entente.engagement.domain.routing import DESKS
from entente.engagement.models import Inquiry, InquiryMove, SafetyReport
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.models import User
from entente.foundation.web.people import people

# The one whose time runs out first stands first.
ORDER = ("due_at", "id")


@dataclass(frozen=True)
class Standing:
    """What a submitter may know of a question: whom it is from, its clock, whether it is open."""

    id: UUID
    hcp_id: UUID
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


def inquiries(
    *,
    standing: str = "",
    kind: str = "",
    desk: str = "",
    hcp_id: UUID | None = None,
    assignee_id: UUID | None = None,
) -> QuerySet[Inquiry]:
    """Give the questions that one may read; none to those beyond the wall.

    Parameters
    ----------
    standing : str
        ``"open"``, ``"closed"``, or empty for both.
    """
    found = Inquiry.objects.select_related("hcp")
    if standing:
        found = found.filter(closed_at__isnull=standing == "open")
    for name, value in (
        ("kind", kind),
        ("desk", desk),
        ("hcp_id", hcp_id),
        ("assignee_id", assignee_id),
    ):
        if value:
            found = found.filter(**{name: value})
    return found


def at_my_desks() -> QuerySet[Inquiry]:
    """Give the questions of the desks at which the acting person works."""
    roles = current_scope().roles
    return inquiries().filter(desk__in=[name for name, desk in DESKS.items() if desk.role in roles])


def medical_cases(*, standing: str = "", hcp_id: UUID | None = None) -> QuerySet[Inquiry]:
    """Give the questions at medical desks."""
    return inquiries(standing=standing, hcp_id=hcp_id).filter(wall="medical")


def inquiry(inquiry_id: UUID, *, at: datetime) -> Inquiry:
    """Give one question with its texts; that it was read is written in the ledger.

    Raises
    ------
    Inquiry.DoesNotExist
        Also to those beyond the wall.
    """
    wanted = ("hcp", "product", "version__item", "controller", "decision")
    found = Inquiry.objects.select_related(*wanted).get(id=inquiry_id)
    ledger.append(
        ledger.Entry(
            "engagement.inquiry.read", "engagement.inquiry", found.id, {"hcp": found.hcp_id}
        ),
        at=at,
    )
    return found


def moves_of(inquiry_id: UUID) -> list[InquiryMove]:
    """Give the steps of a question, the latest first."""
    return list(InquiryMove.objects.filter(inquiry_id=inquiry_id).order_by("-happened_at", "-id"))


def report_of(inquiry_id: UUID) -> SafetyReport | None:
    """Give the case report of a question, if it has one."""
    return SafetyReport.objects.filter(inquiry_id=inquiry_id).first()


def is_case_open(hcp_id: UUID) -> bool:
    """Tell whether a medical question asks commercial staff to wait; all that crosses the wall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.engagement_case_open(%s, %s)", [hcp_id, current_scope().org_id])
        return bool(cursor.fetchone()[0])


def mine() -> list[Standing]:
    """Give the questions that the acting person captured: clocks, no words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.engagement_my_inquiries()")
        return [Standing(*row) for row in cursor.fetchall()]


def desk_mates(desk: str, *, on: date) -> Sequence[User]:
    """Give the people who work at a desk."""
    return list(people(role=DESKS[desk].role.value, on=on).order_by("name", "id")[:200])


def asked_by_link(hcp_id: UUID, *, since: datetime | None = None) -> list[Inquiry]:
    """Give what a person asked by their own link, the latest first; one row per question."""
    found = Inquiry.objects.filter(
        hcp_id=hcp_id, source="link", id=F("root_id"), org_id=current_scope().org_id
    ).select_related("version__item")
    if since is not None:
        found = found.filter(opened_at__gt=since)
    return list(found.order_by("-opened_at", "-id")[:50])
