"""Submit for review, decide with a signature, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from entente.content.actions.certificates import issue_certificate
from entente.content.actions.precheck import keep_precheck
from entente.content.domain.checks import Finding
from entente.content.domain.lanes import Lane, due_on
from entente.content.domain.panels import functions_for
from entente.content.domain.states import Status, Verdict, meaning_of
from entente.content.models import Approval, Version
from entente.content.reads.lanes import lane_for
from entente.content.reads.material import checks_of, fingerprint_of
from entente.content.reads.panels import Duty, duties
from entente.foundation import ledger, outbox, signatures
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import OutboxMessage, User


class NotReady(UserError):
    """A version does not pass the checks; ``findings`` says which."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(f"{each.title}: {each.remedy}" for each in findings))
        self.findings = findings


def submit_for_review(version_id: UUID, *, at: datetime, urgent_because: str = "") -> Version:
    """Hand a draft to its reviewers; from now on its bytes stay as they are.

    Guarded by the checks of ``content.domain.checks``. The lane is computed; the database works
    out from lane, countries and panels who has to sign. Writes the state and one ledger entry
    per partner who has to review.

    Parameters
    ----------
    urgent_because : str
        Why it is a safety update that is due in 24 hours; the panel is that of a new text.

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
    # Files and tools came after the words were saved; from here on the hash covers them too.
    version.content_hash = fingerprint_of(version)
    _put_into_lane(version, urgent_because.strip(), at=at)
    version.status, version.submitted_at = Status.IN_REVIEW, at
    version.save()
    keep_precheck(version, at=at)
    partners: list[UUID | None] = [*version.item.sides.values_list("org_id", flat=True)]
    details = {
        "item": version.item_id,
        "content_hash": version.content_hash,
        "lane": version.lane,
        "reasons": [each["code"] for each in version.lane_reasons],
    }
    ledger.append_many(
        [
            ledger.Entry(
                "content.version.submitted",
                "content.version",
                version.id,
                details,
                counterparty=partner,
            )
            for partner in partners or [None]
        ],
        at=at,
    )
    return version


def _put_into_lane(version: Version, urgent_because: str, *, at: datetime) -> None:
    found = lane_for(version, at=at)
    lane = Lane.RED if urgent_because else found.lane
    version.lane, version.urgent_because = lane.value, urgent_because
    version.lane_reasons = [
        {"lane": each.lane.value, "code": each.code, "words": each.words} for each in found.reasons
    ]
    version.panel = [f.value for f in functions_for(lane, version.markets, version.item.kind)]
    version.review_due_on = due_on(lane, at.date(), is_urgent=bool(urgent_because))


@dataclass(frozen=True)
class Limits:
    """What an approval gives where it gives less than the version asks for; None means all."""

    markets: Sequence[str] | None = None
    audiences: Sequence[str] | None = None
    channels: Sequence[str] | None = None
    until: date | None = None


EVERYTHING = Limits()


def decide(
    version_id: UUID,
    *,
    verdict: str,
    comment: str,
    password: str,
    at: datetime,
    function: str = "",
    limits: Limits = EVERYTHING,
) -> Approval:
    """Sign a verdict over a version in review, in one function of the reviewer's own company.

    Writes the signature and the approval; the database releases the version when the last
    party has approved these bytes, for what all of them approve, and sends it back on any other
    verdict. It refuses authors, second accounts of the same person, whoever holds no seat for
    the function that day, and organisations that are no party.

    Parameters
    ----------
    function : str
        Of the reviewer's seats; by default the first that has not answered.
    limits : Limits
        Countries, audiences, channels and last day that the approval is kept to.

    Raises
    ------
    UserError
        If a verdict other than approval has no comment, the version is not in review, or the
        parties would have nothing left in common.
    OutOfScope
        If the reviewer is an author or holds no seat for this version.
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
    duty = _duty(version, function, on=at.date())
    try:
        with transaction.atomic():
            approval = _sign(
                version, Verdict(verdict), comment, duty, limits, password=password, at=at
            )
    except IntegrityError as refused:
        raise UserError(_why(refused)) from None
    version.refresh_from_db()
    if version.status == Status.APPROVED:
        issue_certificate(version, at=at)
        _tell("content.version.approved", version, at)
    return approval


def _duty(version: Version, function: str, *, on: date) -> Duty:
    """Give what the reviewer answers for, or say why there is nothing to answer."""
    open_ones = duties(version, on=on)
    chosen = [each for each in open_ones if function in ("", each.function)]
    if chosen:
        return chosen[0]
    scope = current_scope()
    mine = Approval.objects.filter(
        version=version, org_id=scope.org_id, person_key=scope.person_key
    )
    if scope.person_key and mine.exists():
        raise UserError("you have already signed a verdict on this version")
    raise OutOfScope("you hold no seat that has to answer for this version today")


def _sign(
    version: Version,
    verdict: Verdict,
    comment: str,
    duty: Duty,
    limits: Limits,
    *,
    password: str,
    at: datetime,
) -> Approval:
    scope = current_scope()
    partners = list(version.item.sides.values_list("org_id", flat=True))
    other = next((p for p in [*partners, version.org_id] if p != scope.org_id), None)
    signature = signatures.sign(
        password=password,
        meaning=meaning_of(verdict, duty.function),
        object_kind="content.version",
        object_id=version.id,
        content_hash=version.content_hash,
        at=at,
        counterparty=other,
    )
    markets = duty.countries if limits.markets is None else limits.markets
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
        function=duty.function,
        answers=duty.countries,
        markets=sorted(set(markets) & set(duty.countries)),
        audiences=None if limits.audiences is None else sorted(limits.audiences),
        channels=None if limits.channels is None else sorted(limits.channels),
        until=limits.until,
        deputy_for=duty.deputy_for,
    )
    details = {
        "verdict": verdict,
        "function": duty.function,
        "markets": approval.markets,
        "content_hash": version.content_hash,
        "signature": signature.id,
    }
    ledger.append(
        ledger.Entry(
            "content.version.decided",
            "content.version",
            version.id,
            details,
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


def _tell(topic: str, version: Version, at: datetime) -> None:
    """Let higher rooms hear of it, once."""
    outbox.post(
        OutboxMessage.Kind.EVENT, topic, object_kind="content.version", object_id=version.id, at=at
    )
