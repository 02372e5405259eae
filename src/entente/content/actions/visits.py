"""What a visit to a hosted page leaves: counts of nobody in particular, and names freely given."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from entente.content.domain.hosting import REGISTRATION_WORDS
from entente.content.models import HostedCount, HostedPage, Registration
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id

LONGEST_READING_S = 1800
# A form that is open to all: beyond so many a day somebody is filling it by program.
MOST_REGISTRATIONS_A_DAY = 500

COUNT = """
    INSERT INTO content_hostedcount (id, org_id, page_id, "on", what, n)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (page_id, "on", what) DO UPDATE SET n = content_hostedcount.n + excluded.n
"""


def count(page: HostedPage, what: str, *, on: date, n: int = 1) -> None:
    """Count that something happened on a page on a day.

    Counts are of nobody and have no ledger entry: there is nothing in them to prove.
    """
    what = HostedCount.What(what).value
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [new_id(), current_scope().org_id, page.id, on, what, n])


def count_time(page: HostedPage, *, seconds: int, is_first: bool, on: date) -> None:
    """Add the time for which a page was in view, as its own script tells it.

    Anybody can tell anything here, so one telling adds at most half an hour.
    """
    kept = max(0, min(seconds, LONGEST_READING_S))
    if kept:
        count(page, HostedCount.What.SECONDS, on=on, n=kept)
    if is_first:
        count(page, HostedCount.What.TIMED, on=on)


def register_interest(
    page: HostedPage, *, name: str, email: str, person_id: UUID | None, at: datetime
) -> Registration:
    """Keep who asked to be told more about a page's subject.

    It permits nothing: before anybody is written to, the gate asks for a consent as always.
    Writes the registration and one ledger entry, which names nobody.

    Raises
    ------
    UserError
        If the page takes none, a field is wrong, or too many came on one day.
    """
    if not page.takes_registrations:
        raise UserError("this page takes no registrations")
    named, address = " ".join(name.split()), email.strip()
    if not 1 <= len(named) <= 200 or not named.isprintable():
        raise UserError("write your name", field="name")
    try:
        validate_email(address)
    except ValidationError:
        raise UserError("write an e-mail address", field="email") from None
    today = HostedCount.objects.filter(page=page, on=at.date(), what=HostedCount.What.REGISTERED)
    if (today.values_list("n", flat=True).first() or 0) >= MOST_REGISTRATIONS_A_DAY:
        raise UserError("too many registrations came today; try again tomorrow")
    made = Registration.objects.create(
        org_id=current_scope().org_id,
        page=page,
        person_id=person_id,
        name=named,
        email=address,
        words=REGISTRATION_WORDS,
        registered_at=at,
    )
    count(page, HostedCount.What.REGISTERED, on=at.date())
    ledger.append(
        ledger.Entry(
            "content.registration.received",
            "content.hosted_page",
            page.id,
            {"registration": made.id},
        ),
        at=at,
    )
    return made


def read_registrations(page_id: UUID, *, at: datetime) -> None:
    """Record that the registrations of a page are about to be read.

    Raises
    ------
    HostedPage.DoesNotExist
    """
    scope = current_scope()
    scope.require("content.publish")
    page = HostedPage.objects.get(id=page_id, org_id=scope.org_id)
    ledger.append(ledger.Entry("content.registrations.read", "content.hosted_page", page.id), at=at)


def delete_registration(page_id: UUID, registration_id: UUID, *, at: datetime) -> None:
    """Delete what somebody left, because he asks or because it is dealt with.

    Raises
    ------
    Registration.DoesNotExist
    """
    scope = current_scope()
    scope.require("content.publish")
    Registration.objects.get(id=registration_id, page_id=page_id, org_id=scope.org_id).delete()
    ledger.append(
        ledger.Entry(
            "content.registration.deleted",
            "content.hosted_page",
            page_id,
            {"registration": registration_id},
        ),
        at=at,
    )


def erase_registrations(person_id: UUID, at: datetime) -> int:
    """Delete what a person left on pages that a personal link opened; give how many."""
    current_scope().require("person.erase")
    n_deleted, _ = Registration.objects.filter(person_id=person_id).delete()
    if n_deleted:
        ledger.append(
            ledger.Entry("content.registrations.erased", "hcp", person_id, {"n": n_deleted}), at=at
        )
    return n_deleted


def delete_registrations(ids: Collection[UUID]) -> int:
    """Delete registrations whose time is over; give how many."""
    current_scope().require("retention.write")
    n_deleted, _ = Registration.objects.filter(id__in=list(ids)).delete()
    return n_deleted
