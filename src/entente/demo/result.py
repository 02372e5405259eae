"""What the main job came to, counted from the database and from the mail that was caught."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from uuid import UUID

from entente.alliances import reads as alliances
from entente.demo import mailbox
from entente.demo.people import Cast
from entente.engagement.reads.sends import addresses_by_status
from entente.foundation.access.scope import act_as
from entente.foundation.ledger.trust import own_trust, reading_connection
from entente.foundation.ledger.verify import verify
from entente.policy.reads import decisions

NOT_SENT = ("forbidden", "referred", "withheld")


@dataclass
class Result:
    """Counts of the campaign, and what does not add up."""

    audience: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    sent: int = 0
    withheld: int = 0
    caught: int = 0
    ledger_entries: int = 0
    troubles: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Give the result as plain values."""
        return asdict(self)


def result_of(cast: Cast, campaign_id: UUID) -> Result:
    """Count and check: deliveries equal permits, nobody refused got mail, the ledger is sound."""
    found = Result()
    with act_as(cast.system()):
        alliances.campaign(campaign_id)
        asked = decisions(campaign_id=campaign_id).filter(stage="request", act_type="email")
        for outcome, rule_ids in asked.values_list("outcome", "rule_ids").iterator(
            chunk_size=5_000
        ):
            found.audience += 1
            found.outcomes[outcome] = found.outcomes.get(outcome, 0) + 1
            for rule_id in rule_ids:
                found.rules[rule_id] = found.rules.get(rule_id, 0) + 1
        by_status = addresses_by_status(campaign_id)
    found.sent = len(by_status.get("sent", []))
    found.withheld = len(by_status.get("withheld", []))
    _check_mail(found, by_status)
    with reading_connection() as connection:
        report = verify(connection, own_trust())
    found.ledger_entries = report.n_entries
    found.troubles += [f"ledger: {fault.where}" for fault in report.faults]
    return found


def _check_mail(found: Result, by_status: dict[str, list[tuple[str, UUID]]]) -> None:
    mails = Counter(to for to, _ in mailbox.every_recipient())
    found.caught = sum(mails.values())
    permitted = found.outcomes.get("PERMIT", 0)
    settled = sum(len(by_status.get(s, [])) for s in ("sent", "withheld", "refused", "parked"))
    if settled != permitted:
        found.troubles.append(f"{permitted} were permitted and {settled} are settled")
    sent = {address for address, _ in by_status.get("sent", [])}
    if set(mails) - sent - {address for address, _ in by_status.get("parked", [])}:
        found.troubles.append("somebody got mail without a send that says so")
    if sent - set(mails):
        found.troubles.append(f"{len(sent - set(mails))} sends are marked sent and were not caught")
    if any(n > 1 for n in mails.values()):
        found.troubles.append(f"{sum(n > 1 for n in mails.values())} recipients got mail twice")
    refused = {a for s in NOT_SENT for a, _ in by_status.get(s, []) if a}
    if refused & set(mails):
        found.troubles.append(f"{len(refused & set(mails))} refused recipients got mail")
