"""Submit for review, decide with a signature, withdraw."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from entente.content.actions.precheck import keep_precheck
from entente.content.domain.checks import Finding
from entente.content.domain.states import MEANINGS, Status, Verdict
from entente.content.models import Approval, Filing, Version, Withdrawal
from entente.content.reads.material import checks_of, fingerprint_of
from entente.foundation import ledger, outbox, signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, User

REVIEW_DAYS = 14


class NotReady(UserError):
    """A version does not pass the checks; ``findings`` says which."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(f"{each.title}: {each.remedy}" for each in findings))
        self.findings = findings


def submit_for_review(version_id: UUID, *, at: datetime) -> Version:
    """Hand a draft to its reviewers; from now on its bytes stay as they are.

    Guarded by the checks of ``content.domain.checks``. Writes the state and one ledger
    entry per partner who has to review.

    Raises
    ------
    NotReady
        If a check that blocks does not pass.
    """
    scope = current_scope()
    scope.require("content.write")
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id, org_id=scope.org_id)
    if version.status != Status.DRAFT:
        raise UserError("only a draft can be submitted")
    failed = [f for f in checks_of(version, today=at.date()) if f.blocks and not f.passed]
    if failed:
        raise NotReady(failed)
    version.status, version.submitted_at = Status.IN_REVIEW, at
    version.review_due_on = (at + timedelta(days=REVIEW_DAYS)).date()
    version.save(update_fields=["status", "submitted_at", "review_due_on"])
    keep_precheck(version, at=at)
    partners: list[UUID | None] = [*version.item.sides.values_list("org_id", flat=True)]
    ledger.append_many(
        [
            ledger.Entry(
                "content.version.submitted",
                "content.version",
                version.id,
                {"item": version.item_id, "content_hash": version.content_hash},
                counterparty=partner,
            )
            for partner in partners or [None]
        ],
        at=at,
    )
    return version


def decide(
    version_id: UUID, *, verdict: str, comment: str, password: str, at: datetime
) -> Approval:
    """Sign a verdict over a version in review, for the reviewer's own organisation.

    Writes the signature and the approval; the database releases the version when the last
    party has approved these bytes, and sends it back on any other verdict. It refuses
    authors, second accounts of the same person and organisations that are no party.

    Raises
    ------
    UserError
        If a verdict other than approval has no comment, or the version is not in review.
    OutOfScope
        If the reviewer is an author.
    NotSigned
        If the password is wrong.
    """
    scope = current_scope()
    scope.require("content.review")
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id)
    if verdict not in set(Verdict):
        raise UserError("choose a verdict", field="verdict")
    if verdict != Verdict.APPROVE and not comment.strip():
        raise UserError("say what has to change, so that the author can act on it", field="comment")
    if version.status != Status.IN_REVIEW:
        raise UserError("this version is not in review")
    if scope.person_key and scope.person_key in version.author_keys:
        raise OutOfScope("you wrote this item, so somebody else has to review it")
    if fingerprint_of(version) != version.content_hash:
        raise UserError(
            "the bytes of this version are not those that were submitted; tell compliance"
        )
    partners = list(version.item.sides.values_list("org_id", flat=True))
    other = next((p for p in [*partners, version.org_id] if p != scope.org_id), None)
    try:
        with transaction.atomic():
            approval = _sign(
                version, Verdict(verdict), comment, password=password, other=other, at=at
            )
    except IntegrityError as refused:
        raise UserError(_why(refused)) from None
    version.refresh_from_db()
    if version.status == Status.APPROVED:
        _tell("content.version.approved", version, at)
    return approval


def _sign(
    version: Version,
    verdict: Verdict,
    comment: str,
    *,
    password: str,
    other: UUID | None,
    at: datetime,
) -> Approval:
    signature = signatures.sign(
        password=password,
        meaning=MEANINGS[verdict],
        object_kind="content.version",
        object_id=version.id,
        content_hash=version.content_hash,
        at=at,
        counterparty=other,
    )
    approval = Approval.objects.create(
        org_id=signature.org_id,
        item=version.item,
        version=version,
        signature=signature,
        verdict=verdict,
        comment=comment.strip(),
        signer_name=signature.signer_name,
        signer_title=signature.signer_title,
        person_key=signature.person_key,
        qualification=_qualification(),
        content_hash=signature.content_hash,
        signed_at=at,
    )
    ledger.append(
        ledger.Entry(
            "content.version.decided",
            "content.version",
            version.id,
            {"verdict": verdict, "content_hash": version.content_hash, "signature": signature.id},
            counterparty=other,
        ),
        at=at,
    )
    return approval


def _qualification() -> str:
    """Give what the signer is by profession, as codes of practice ask who certified."""
    actor_id = current_scope().actor_id
    if actor_id is None:
        return ""
    return User.objects.values_list("qualification", flat=True).get(id=actor_id)


def _why(refused: IntegrityError) -> str:
    if "one_verdict_per_person_and_version" in str(refused):
        return "you have already signed a verdict on this version"
    return str(refused).split("\n", maxsplit=1)[0]


def record_filing(
    version_id: UUID, *, authority: str, filed_on: date, reference: str, at: datetime
) -> Filing:
    """Record that a version was filed with an authority; the gate asks for it where it must be.

    Writes the filing and one ledger entry.

    Raises
    ------
    UserError
        If the authority is unknown, the day lies ahead, the reference is missing, or it was
        filed before.
    """
    scope = current_scope()
    scope.require("content.review")
    version = Version.objects.select_related("item").get(id=version_id, org_id=scope.org_id)
    if authority not in Filing.Authority.values:
        raise UserError("choose an authority of the list", field="authority")
    if filed_on > at.date():
        raise UserError("a filing is recorded once it was made", field="filed_on")
    if not reference.strip():
        raise UserError("give the reference of the filing", field="reference")
    if Filing.objects.filter(version=version, authority=authority).exists():
        raise UserError("this version is filed there already", field="authority")
    by = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    made = Filing.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        authority=authority,
        filed_on=filed_on,
        reference=reference.strip(),
        by_name=by.name if by else scope.actor_name,
    )
    details = {"authority": authority, "filed_on": filed_on, "reference": made.reference}
    ledger.append(
        ledger.Entry("content.version.filed", "content.version", version.id, details), at=at
    )
    return made


def withdraw_version(version_id: UUID, *, reason: str, at: datetime) -> Withdrawal:
    """Take a version back; any party of the item may. Nothing of it leaves from now on.

    Writes the withdrawal, one ledger entry per party, and the event
    ``content.version.withdrawn``.

    Raises
    ------
    UserError
        If there is no reason, or the version is a draft or already withdrawn.
    """
    scope = current_scope()
    if scope.actor_id is not None and not {"content.write", "content.review"} & scope.may:
        raise OutOfScope("your role does not include withdrawing content")
    lock(f"content.version:{version_id}")
    version = Version.objects.select_related("item").get(id=version_id)
    if not reason.strip():
        raise UserError("say why, so that the other party can act on it", field="reason")
    if version.status not in {Status.IN_REVIEW, Status.APPROVED, Status.SUPERSEDED}:
        raise UserError("only a version that is in review or released can be withdrawn")
    by = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    withdrawal = Withdrawal.objects.create(
        org_id=scope.org_id,
        item=version.item,
        version=version,
        reason=reason.strip(),
        by_name=by.name if by else scope.actor_name,
        withdrawn_at=at,
    )
    parties = {version.org_id, *version.item.sides.values_list("org_id", flat=True)}
    others: list[UUID | None] = [*sorted(parties - {scope.org_id}, key=str)]
    ledger.append_many(
        [
            ledger.Entry(
                "content.version.withdrawn",
                "content.version",
                version.id,
                {"withdrawal": withdrawal.id},
                counterparty=other,
            )
            for other in others or [None]
        ],
        at=at,
    )
    _tell("content.version.withdrawn", version, at)
    return withdrawal


def _tell(topic: str, version: Version, at: datetime) -> None:
    """Let higher rooms hear of it, once."""
    outbox.post(
        OutboxMessage.Kind.EVENT, topic, object_kind="content.version", object_id=version.id, at=at
    )
