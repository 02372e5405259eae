"""Case reports for drug safety: opened with the question, sent by the outbox, acknowledged."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from entente.engagement.models import Inquiry, SafetyReport
from entente.engagement.reads import safety as reads
from entente.foundation import ledger, outbox
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage, new_id

TOPIC = "engagement.safety"
OF_STATE = {
    OutboxMessage.State.DONE: SafetyReport.Status.SENT,
    OutboxMessage.State.WITHHELD: SafetyReport.Status.FAILED,
    OutboxMessage.State.REFUSED: SafetyReport.Status.FAILED,
    OutboxMessage.State.PARKED: SafetyReport.Status.FAILED,
}


def open_report(inquiry: Inquiry, address: str, *, at: datetime) -> SafetyReport:
    """Open the case report of a question at the safety desk and let it leave at once.

    Its clock is the question's. Called under a scope that sees the medical side.
    """
    report = SafetyReport.objects.create(
        id=new_id(),
        org_id=inquiry.org_id,
        inquiry=inquiry,
        status=SafetyReport.Status.QUEUED if address else SafetyReport.Status.UNADDRESSED,
        address=address,
        due_at=inquiry.due_at,
    )
    if address:
        _post(report, at)
    ledger.append(
        ledger.Entry(
            "engagement.safety.opened",
            "engagement.safety",
            report.id,
            {"inquiry": inquiry.id, "due": report.due_at.isoformat(), "status": report.status},
        ),
        at=at,
    )
    return report


def address_reports(address: str, *, at: datetime) -> int:
    """Let the reports leave that wait for an address; give how many."""
    waiting = list(
        SafetyReport.objects.select_for_update().filter(status=SafetyReport.Status.UNADDRESSED)
    )
    for report in waiting:
        report.status, report.address = SafetyReport.Status.QUEUED, address
        report.save(update_fields=["status", "address"])
    outbox.post_many(
        OutboxMessage.Kind.EMAIL,
        TOPIC,
        object_kind="engagement.safety",
        object_ids=[report.id for report in waiting],
        at=at,
    )
    return len(waiting)


def acknowledge_report(report_id: UUID, reference: str, *, at: datetime) -> SafetyReport:
    """Record that the safety system has a report, under its number there.

    A question that is here only because its words mention a side effect is closed with it;
    one that was asked about safety still waits for its answer.

    Raises
    ------
    UserError
        If no number is given, or it was acknowledged already.
    """
    scope = current_scope()
    scope.require("safety.write")
    reference = reference.strip()
    if not reference or len(reference) > 100:
        raise UserError("give the number that the safety system gave it", field="reference")
    report = SafetyReport.objects.select_for_update().get(id=report_id)
    if report.acknowledged_at is not None:
        raise UserError("this report is acknowledged already")
    report.status, report.reference = SafetyReport.Status.ACKNOWLEDGED, reference
    report.acknowledged_at, report.acknowledged_by_id = at, scope.actor_id
    report.save(update_fields=["status", "reference", "acknowledged_at", "acknowledged_by_id"])
    Inquiry.objects.filter(id=report.inquiry_id, closed_at__isnull=True).exclude(
        root_id=report.inquiry_id
    ).update(closed_at=at)
    ledger.append(
        ledger.Entry(
            "engagement.safety.acknowledged",
            "engagement.safety",
            report.id,
            {"inquiry": report.inquiry_id, "late": at > report.due_at, "reference": reference},
        ),
        at=at,
    )
    return report


def prepare(message: OutboxMessage, at: datetime) -> outbox.Prepared | outbox.Withheld:
    """Compose the report as a file: nothing that the gate judges holds a safety report back."""
    report = SafetyReport.objects.select_related("inquiry__hcp", "inquiry__product").get(
        id=message.object_id
    )
    if not report.address:
        return outbox.Withheld("no address is set on the routing table")
    mail = EmailMessage(
        subject=f"Case report {report.id}",
        body="The report is attached. Please answer with the number of the case.",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[report.address],
    )
    mail.attach(f"case-report-{report.id}.json", reads.as_json(report), "application/json")
    return outbox.Prepared(mail)


def settled(message: OutboxMessage, at: datetime) -> None:
    """Write what became of the message onto its report; an acknowledged one stays so."""
    report = SafetyReport.objects.select_for_update().get(id=message.object_id)
    report.outcome = message.outcome
    if report.acknowledged_at is None:
        report.status = OF_STATE[OutboxMessage.State(message.state)]
    if message.state == OutboxMessage.State.DONE:
        report.sent_at = at
    report.save(update_fields=["status", "outcome", "sent_at"])


def _post(report: SafetyReport, at: datetime) -> None:
    outbox.post(
        OutboxMessage.Kind.EMAIL,
        TOPIC,
        object_kind="engagement.safety",
        object_id=report.id,
        at=at,
    )
