"""Deliver a send: ask the gate again, compose, and record what became of it."""

from __future__ import annotations

from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from entente.consent import reads as consent
from entente.consent.actions.withdraw import person_lock
from entente.content import reads as content
from entente.content.actions import version_lock
from entente.content.domain.email_frame import framed
from entente.content.domain.merge import has_field
from entente.directory import reads as directory
from entente.engagement.actions.caps import cap_key
from entente.engagement.actions.hear_mail import address_lock
from entente.engagement.actions.question_links import question_url
from entente.engagement.actions.record_response import record_response
from entente.engagement.actions.request_send import SendRequest, act_of
from entente.engagement.actions.survey_invite import invitation_for_mail
from entente.engagement.domain.merge import merged
from entente.engagement.models import Response, Send
from entente.engagement.reads.stopped import marks_of, stopped
from entente.engagement.reads.surveys import about_version, link_path
from entente.foundation import outbox
from entente.foundation.models import OutboxMessage
from entente.policy.actions import decide
from entente.policy.reads import Decision

OF_STATE = {
    OutboxMessage.State.DONE: Send.Status.SENT,
    OutboxMessage.State.WITHHELD: Send.Status.WITHHELD,
    OutboxMessage.State.REFUSED: Send.Status.REFUSED,
    OutboxMessage.State.PARKED: Send.Status.PARKED,
}


class NoSurvey(Exception):
    """The text offers a survey, and there is none that this person can answer."""


class _Illustrated(EmailMultiAlternatives):
    """A letter whose pictures are shown in it and not listed below it."""

    mixed_subtype = "related"


def guards(message: OutboxMessage, at: datetime) -> outbox.Guards:
    """Name the locks of a send: what would hold it back waits until it has left.

    A withdrawal is recorded under the lock of one record and counts for all that are one person,
    so those of all are held.
    """
    send = Send.objects.get(id=message.object_id)
    records = directory.same_person(send.hcp_id, at)
    return outbox.Guards(
        holds=(
            *(cap_key(each) for each in records),
            *(person_lock(each) for each in records),
            *(address_lock(mark) for mark in marks_of([send.address]).values()),
        ),
        shares=(version_lock(send.version_id),),
    )


def prepare(message: OutboxMessage, at: datetime) -> outbox.Prepared | outbox.Withheld:
    """Ask the gate again, now; compose the e-mail only if it still may go.

    A withdrawal, a recalled item or a full cap since the request holds the send back.
    """
    send = Send.objects.get(id=message.object_id)
    request = SendRequest(
        hcp_id=send.hcp_id,
        version_id=send.version_id,
        controller_id=send.controller_id,
        purpose=send.purpose,
        campaign_id=send.campaign_id,
    )
    decision = decide(
        act_of(
            request,
            send.id,
            role=send.sender_role,
            actor_id=send.requested_by_id,
            has_address=bool(send.address) and not stopped([send.address]),
            at=at,
        ),
        stage=Decision.Stage.DELIVERY,
        object_kind="engagement.send",
        object_id=send.id,
    )
    send.delivery_decision = decision
    send.save(update_fields=["delivery_decision"])
    if decision.outcome != Decision.Outcome.PERMIT:
        return outbox.Withheld("held back by " + ", ".join(decision.rule_ids))
    try:
        mail = _compose(send, at)
    except (content.NotReleased, NoSurvey) as why:
        # The gate asks for the same; bytes, signatures and surveys are only looked at here.
        return outbox.Withheld(str(why))
    return outbox.Prepared(mail)


def _compose(send: Send, at: datetime) -> EmailMultiAlternatives:
    hcp, entity = directory.hcp(send.hcp_id), directory.legal_entity(send.controller_id)
    text = content.version_for_send(send.version_id)
    unsubscribe = settings.SITE_URL + consent.unsubscribe_url(send.hcp_id, send.controller_id, at)
    preferences = settings.SITE_URL + consent.preference_url(send.hcp_id, send.controller_id, at)
    fields = {
        "given_name": hcp.given_name,
        "family_name": hcp.family_name,
        "unsubscribe_url": unsubscribe,
        "preferences_url": preferences,
    }
    if has_field(text.html, "survey_url") or has_field(text.text, "survey_url"):
        fields["survey_url"] = _survey_url(send, at)
    if has_field(text.html, "ask_url") or has_field(text.text, "ask_url"):
        asked = question_url(send.hcp_id, send.controller_id, at=at)
        fields["ask_url"] = settings.SITE_URL + asked
    mail = (_Illustrated if text.pictures else EmailMultiAlternatives)(
        subject=merged(text.subject, fields, html=False),
        body=merged(text.text, fields, html=False),
        from_email=formataddr((entity.name, settings.DEFAULT_FROM_EMAIL)),
        to=[send.address],
        headers={
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    html = framed(merged(text.html, fields, html=True), title=text.subject, language=text.language)
    mail.attach_alternative(html, "text/html")
    for each in text.pictures:
        mail.attach(_inline(each.code, each.media_type, each.data))
    return mail


def _survey_url(send: Send, at: datetime) -> str:
    """Give the link to the survey about the item; it goes where the gate let the mail go."""
    survey = about_version(send.version_id, at.date())
    if survey is None:
        raise NoSurvey("the item offers a survey, and none about it is open")
    invitation = invitation_for_mail(survey, send.hcp_id, at=at)
    if invitation is None:
        raise NoSurvey("the item offers a survey to which this person is not invited")
    url: str = settings.SITE_URL + link_path(invitation.id)
    return url


def _inline(code: str, media_type: str, data: bytes) -> MIMEImage:
    """Give a picture as a part of the letter, so that showing it tells nobody of the reader."""
    part = MIMEImage(data, media_type.partition("/")[2])
    part.add_header("Content-ID", f"<{code}>")
    part.add_header("Content-Disposition", "inline", filename=code)
    return part


def settled(message: OutboxMessage, at: datetime) -> None:
    """Write the outcome of a message onto its send; a refusal by the server is a bounce."""
    send = Send.objects.select_for_update().get(id=message.object_id)
    send.status = OF_STATE[OutboxMessage.State(message.state)]
    send.settled_at, send.outcome = at, message.outcome
    send.save(update_fields=["status", "settled_at", "outcome"])
    if send.status == Send.Status.REFUSED:
        record_response(send.id, Response.Kind.BOUNCE, source="smtp", at=at)
