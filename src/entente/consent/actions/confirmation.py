"""The second step of a double opt-in: ask for it by mail, and take the answer."""

from __future__ import annotations

from datetime import datetime
from email.utils import formataddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from entente.consent.models import Capture, Confirmation
from entente.consent.reads.confirmations import awaits, confirmation_address
from entente.consent.reads.links import confirmation_url, preference_url
from entente.consent.reads.wordings import wording_of_version
from entente.directory import reads as directory
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage
from entente.foundation.outbox.deliver import retry_parked

ASK = "consent.confirmation"


def ask_confirmation(capture_id: UUID, *, at: datetime) -> OutboxMessage | None:
    """Ask a person by mail to confirm a permission; None where no address is known.

    Writes the message and one ledger entry; the mail itself leaves later, if the permission
    still waits then. A permission is asked about once: only a mail that the server refused, or
    whose outcome nobody knows, is sent again.

    Raises
    ------
    UserError
        If the permission does not wait for a confirmation, or the mail has left before.
    """
    current_scope().require("consent.capture")
    capture = Capture.objects.get(id=capture_id)
    if not capture.needs_confirmation or Confirmation.objects.filter(capture=capture).exists():
        raise UserError("This consent waits for no confirmation.")
    if not confirmation_address(capture, at):
        return None
    there = OutboxMessage.objects.filter(topic=ASK, object_id=capture.id).first()
    if there is not None:
        return _asked_before(there, at)
    made = outbox.post(
        OutboxMessage.Kind.EMAIL,
        ASK,
        object_kind="consent.capture",
        object_id=capture.id,
        at=at,
    )
    ledger.append(ledger.Entry("consent.confirmation.asked", "consent.capture", capture.id), at=at)
    return made


def _asked_before(there: OutboxMessage, at: datetime) -> OutboxMessage:
    if there.state in (OutboxMessage.State.PENDING, OutboxMessage.State.CLAIMED):
        return there
    if not retry_parked(there.id, at=at):
        raise UserError("The person was asked before; record the permission anew to ask again.")
    there.refresh_from_db()
    return there


def guards(message: OutboxMessage, at: datetime) -> outbox.Guards:
    """Name the locks of the mail: a withdrawal by any record of the person waits for it."""
    hcp_id = Capture.objects.values_list("hcp_id", flat=True).get(id=message.object_id)
    # The name of ``withdraw.person_lock``.
    return outbox.Guards(
        holds=tuple(f"consent:{each}" for each in directory.same_person(hcp_id, at))
    )


def prepare(message: OutboxMessage, at: datetime) -> outbox.Prepared | outbox.Withheld:
    """Compose the mail that asks for a confirmation, if the permission still waits for one.

    The gate is not asked: its rule for e-mail demands the very permission that this mail asks
    to confirm. What it would refuse besides is checked here: a stop, a later withdrawal, an
    address that is not the one the permission was given for.
    """
    capture = Capture.objects.select_related("controller").get(id=message.object_id)
    if not awaits(capture, at):
        return outbox.Withheld("the permission does not wait for a confirmation any more")
    address = confirmation_address(capture, at)
    if not address:
        return outbox.Withheld("no address is known for which the permission was given")
    return outbox.Prepared(_compose(capture, address, at))


def _compose(capture: Capture, address: str, at: datetime) -> EmailMessage:
    words = wording_of_version(capture.wording_version)
    entity = directory.legal_entity(capture.controller_id)
    named = {
        "company": entity.name,
        "link": settings.SITE_URL + confirmation_url(capture.hcp_id, capture.id, at),
        "preferences": settings.SITE_URL
        + preference_url(capture.hcp_id, capture.controller_id, at),
    }
    with translation.override(words.language if words else "en"):
        subject = _("Please confirm your choice: %(company)s") % named
        body = (
            _(
                "Somebody, we believe it was you, agreed to receive messages from %(company)s at "
                "this address. Nothing is sent until you confirm it:"
            )
            % named
            + "\n\n{link}\n\n".format(**named)
            + (words.text + "\n\n" if words else "")
            + _("If it was not you, do nothing. To refuse for good, open your choices:")
            + "\n\n{preferences}\n\n".format(**named)
            + f"{entity.name}, {entity.postal_address}\n"
        )
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=formataddr((entity.name, settings.DEFAULT_FROM_EMAIL)),
        to=[address],
    )


def settled(message: OutboxMessage, at: datetime) -> None:
    """Take note of the outcome of a message: the outbox's own entry in the ledger is enough."""
