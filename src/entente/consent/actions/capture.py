"""Record a permission, and its confirmation."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.consent.actions.checks import (
    check_channel,
    check_controller,
    check_not_later,
    check_product,
    check_purpose,
    check_shown,
    check_topic,
)
from entente.consent.actions.confirmation import ask_confirmation
from entente.consent.models import Capture, Confirmation, Wording
from entente.consent.reads.wordings import last_day, wording_of_version
from entente.directory import reads as directory
from entente.directory.adapters.values import email_of
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import new_id


def capture_consent(
    *,
    hcp_id: UUID,
    controller_id: UUID,
    channel: str,
    purpose: str,
    wording_version: str,
    source: str,
    method: str,
    proof_ref: str,
    captured_at: datetime,
    at: datetime,
    address: str = "",
    product_id: UUID | None = None,
    topic_id: UUID | None = None,
    expires_on: date | None = None,
    needs_confirmation: bool = False,
) -> Capture:
    """Record a permission that a person gave.

    Writes the capture and one ledger entry; the address in it is encrypted with the
    person's key. It clears an earlier withdrawal only for this channel, purpose and subject.
    With ``needs_confirmation`` on e-mail it asks for the second step by mail.

    Parameters
    ----------
    hcp_id, controller_id : UUID
    channel, purpose : str
        One of ``models.records.Channel`` and ``Purpose``.
    wording_version : str
        The words that were shown.
    source, method : str
        Where and how: ``"congress"``, ``"form"``; ``"preference_page"``, ``"link"``.
    proof_ref : str
        Where the proof lies.
    captured_at, at : datetime
        When it was given, and now.
    address : str
        The address it is about; empty where any address of the channel is meant.
    product_id : UUID, optional
        Where the words named one product only.
    topic_id : UUID, optional
        Where they named one topic only.
    expires_on : date, optional
        Last day, in the person's own time zone; where none is given, as long as permissions
        hold in the person's country.
    needs_confirmation : bool
        Double opt-in: permits nothing until confirmed.

    Raises
    ------
    UserError
        If a value is unknown, a proof or the words are missing, the words did not show what is
        permitted, or the moments do not fit.
    """
    scope = current_scope()
    scope.require("consent.capture")
    person = directory.hcp(hcp_id)
    words = _checked_words(
        wording_version,
        controller_id=controller_id,
        channel=channel,
        purpose=purpose,
        subject=(product_id, topic_id),
        proof_ref=proof_ref,
    )
    check_not_later(captured_at, at, "captured_at")
    if expires_on is None:
        zone = person.time_zone or directory.legal_entity(controller_id).time_zone or "UTC"
        expires_on = last_day(person.country, channel, captured_at, zone)
    elif expires_on < captured_at.date():
        raise UserError("The last day lies before the consent was given.", field="expires_on")
    made = Capture.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        hcp_id=person.id,
        controller_id=controller_id,
        channel=channel,
        purpose=purpose,
        product_id=product_id,
        topic_id=topic_id,
        address=_checked_address(channel, address),
        wording_version=wording_version.strip(),
        country=words.country if words else person.country,
        source=source,
        method=method,
        proof_ref=proof_ref.strip(),
        captured_at=captured_at,
        expires_on=expires_on,
        needs_confirmation=needs_confirmation,
        actor_id=scope.actor_id,
    )
    _note(made, at)
    if needs_confirmation and channel == "email":
        ask_confirmation(made.id, at=at)
    return made


def _checked_words(
    wording_version: str,
    *,
    controller_id: UUID,
    channel: str,
    purpose: str,
    subject: tuple[UUID | None, UUID | None],
    proof_ref: str,
) -> Wording | None:
    """Check what a permission is about against the words it was given with."""
    product_id, topic_id = subject
    check_controller(controller_id)
    check_channel(channel)
    check_purpose(purpose)
    check_product(product_id)
    check_topic(product_id, topic_id)
    if not proof_ref.strip():
        raise UserError(
            "Say where the proof lies; without it there is no consent.", field="proof_ref"
        )
    if not wording_version.strip():
        raise UserError("Name the version of the words that were shown.", field="wording_version")
    words = wording_of_version(wording_version.strip())
    check_shown(
        words,
        controller_id=controller_id,
        channel=channel,
        purpose=purpose,
        subject_id=product_id or topic_id,
    )
    return words


def _checked_address(channel: str, address: str) -> str:
    if channel != "email" or not address:
        return address
    found = email_of(address.strip()) or ""
    if not found:
        raise UserError("Write one address such as name@clinic.example.", field="address")
    return found


def _note(made: Capture, at: datetime) -> None:
    details = {
        "hcp": made.hcp_id,
        "controller": made.controller_id,
        "channel": made.channel,
        "purpose": made.purpose,
        "product": made.product_id,
        "topic": made.topic_id,
        "wording_version": made.wording_version,
        "country": made.country,
        "method": made.method,
        "needs_confirmation": made.needs_confirmation,
    }
    ledger.append(
        ledger.Entry(
            "consent.capture.recorded",
            "consent.capture",
            made.id,
            details,
            personal={made.hcp_id: {"address": made.address, "proof_ref": made.proof_ref}},
        ),
        at=at,
    )


def confirm_consent(capture_id: UUID, *, source: str, at: datetime) -> Confirmation:
    """Record the second step of a double opt-in; repeating it changes nothing.

    Writes the confirmation and one ledger entry.
    """
    scope = current_scope()
    scope.require("consent.capture")
    capture = Capture.objects.get(id=capture_id)
    if not capture.needs_confirmation:
        raise UserError("This consent needed no confirmation.")
    made, is_new = Confirmation.objects.get_or_create(
        capture_id=capture_id,
        defaults={
            "id": new_id(),
            "org_id": scope.org_id,
            "confirmed_at": at,
            "source": source,
        },
    )
    if is_new:
        ledger.append(
            ledger.Entry("consent.capture.confirmed", "consent.capture", capture_id), at=at
        )
    return made
