"""Challenges: representatives ask, managers answer, and what is accepted holds at once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from entente.directory.actions.alignment import put_in, take_out
from entente.directory.actions.territories import WRITE, lock_of, territory_of, write_exception
from entente.directory.models import (
    Hcp,
    Territory,
    TerritoryAssignment,
    TerritoryChallenge,
    TerritoryMember,
)
from entente.directory.reads.periods import in_force
from entente.foundation import ledger
from entente.foundation.access.scope import OutOfScope, current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import User, new_id

_BY_RULE = "Accepted by rule: nobody of this field force looked after this person."


def raise_challenge(
    territory_id: UUID, hcp_id: UUID, *, wanted: str, reason: str, at: datetime
) -> TerritoryChallenge:
    """Ask that a person be put into a territory or taken out of it.

    Writes the challenge and one ledger entry. Where the territory takes people whom nobody
    of its field force looks after, such a person is put in at once.

    Raises
    ------
    UserError
        If there is no reason, nothing to change, or an open challenge about this person.
    OutOfScope
        If the one who asks looks after another territory.
    """
    scope = current_scope()
    scope.require("territory.challenge")
    lock(lock_of(scope.org_id))
    today = at.date()
    territory = territory_of(territory_id, today)
    hcp = Hcp.objects.get(id=hcp_id)
    raised_by = _may_raise(territory, today)
    _makes_sense(territory, hcp, wanted, reason)
    made = TerritoryChallenge.objects.create(
        id=new_id(), org_id=scope.org_id, territory=territory, hcp=hcp, wanted=wanted,
        reason=reason.strip(), raised_by_id=raised_by, raised_at=at,
    )  # fmt: skip
    _record("raised", made, at)
    if territory.takes_uncovered and wanted == "add" and not _is_covered(territory, hcp.id, today):
        _settle(made, "accepted", _BY_RULE, None, at)
    return made


def _may_raise(territory: Territory, today: date) -> UUID:
    scope = current_scope()
    if scope.actor_id is None:
        raise OutOfScope("a challenge is raised by a person, not by a job")
    mine = TerritoryAssignment.objects.filter(
        in_force(today), territory=territory, user_id=scope.actor_id
    )
    if WRITE not in scope.may and not mine.exists():
        raise OutOfScope(f"{territory.name} is looked after by others; ask one of them")
    return scope.actor_id


def _makes_sense(territory: Territory, hcp: Hcp, wanted: str, reason: str) -> None:
    if wanted not in TerritoryChallenge.Wanted.values:
        raise UserError(
            f"Choose one of {', '.join(TerritoryChallenge.Wanted.values)}.", field="wanted"
        )
    if not reason.strip():
        raise UserError("Give the reason; whoever decides needs it.", field="reason")
    is_in = TerritoryMember.objects.filter(
        territory=territory, hcp=hcp, to_on__isnull=True
    ).exists()
    if is_in == (wanted == "add"):
        where = "in this territory already" if is_in else "not in this territory"
        raise UserError(f"{hcp.display_name} is {where}.", field="wanted")
    if TerritoryChallenge.objects.filter(territory=territory, hcp=hcp, status="open").exists():
        raise UserError("There is an open challenge about this person; wait for its answer.")


def _is_covered(territory: Territory, hcp_id: UUID, today: date) -> bool:
    return TerritoryMember.objects.filter(
        in_force(today), hcp_id=hcp_id, territory__force=territory.force
    ).exists()


def decide_challenge(
    challenge_id: UUID, *, accept: bool, answer: str, at: datetime
) -> TerritoryChallenge:
    """Accept or reject a challenge; what is accepted holds from this day on.

    Writes the answer, an exception of the territory and the person's change if accepted, and
    one ledger entry. Nobody decides about his own challenge.

    Raises
    ------
    UserError
        If it is decided already, or is rejected without a reason.
    OutOfScope
        If the one who decides raised it.
    """
    scope = current_scope()
    scope.require(WRITE)
    lock(lock_of(scope.org_id))
    challenge = TerritoryChallenge.objects.select_related("territory", "raised_by").get(
        id=challenge_id
    )
    if challenge.status != TerritoryChallenge.Status.OPEN:
        raise UserError(f"This challenge is {challenge.get_status_display().lower()} already.")
    is_own = scope.actor_id == challenge.raised_by_id
    if is_own or (scope.person_key and scope.person_key == challenge.raised_by.person_key):
        raise OutOfScope("you raised this challenge, so somebody else has to decide about it")
    if not accept and not answer.strip():
        raise UserError("Say why not, so that the colleague knows.", field="answer")
    user = User.objects.filter(id=scope.actor_id).first() if scope.actor_id else None
    return _settle(challenge, "accepted" if accept else "rejected", answer.strip(), user, at)


def withdraw_challenge(challenge_id: UUID, *, at: datetime) -> TerritoryChallenge:
    """Withdraw one's own open challenge; writes the state and one ledger entry.

    Raises
    ------
    OutOfScope
        If somebody else raised it.
    """
    scope = current_scope()
    scope.require("territory.challenge")
    lock(lock_of(scope.org_id))
    challenge = TerritoryChallenge.objects.get(id=challenge_id)
    if challenge.raised_by_id != scope.actor_id:
        raise OutOfScope("a colleague raised this challenge")
    if challenge.status != TerritoryChallenge.Status.OPEN:
        raise UserError(f"This challenge is {challenge.get_status_display().lower()} already.")
    return _settle(challenge, "withdrawn", "", None, at)


def _settle(
    challenge: TerritoryChallenge, status: str, answer: str, user: User | None, at: datetime
) -> TerritoryChallenge:
    challenge.status, challenge.answer = status, answer
    challenge.decided_by, challenge.decided_at = user, at
    challenge.save(update_fields=["status", "answer", "decided_by", "decided_at"])
    if status == TerritoryChallenge.Status.ACCEPTED:
        territory, on = territory_of(challenge.territory_id, at.date()), at.date()
        is_added = challenge.wanted == TerritoryChallenge.Wanted.ADD
        write_exception(
            territory, challenge.hcp_id, None,
            reason=challenge.reason[:300], from_on=on, is_added=is_added,
        )  # fmt: skip
        take_out(territory.id, challenge.hcp_id, on=on)
        if is_added:
            put_in(territory.id, challenge.hcp_id, on=on)
    _record(status, challenge, at)
    return challenge


def _record(verb: str, challenge: TerritoryChallenge, at: datetime) -> None:
    details = {"challenge": challenge.id, "hcp": challenge.hcp_id, "wanted": challenge.wanted}
    ledger.append(
        ledger.Entry(f"directory.challenge.{verb}", "territory", challenge.territory_id, details),
        at=at,
    )
