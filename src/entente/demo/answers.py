"""What comes back: medical questions, opt-outs through the links in the mail, a meal."""

from __future__ import annotations

import json
import urllib.request
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from entente.demo import mailbox
from entente.demo.people import Cast, entity_of
from entente.directory import reads as directory
from entente.directory.reads.selection import all_npis
from entente.engagement.actions import Meal, close_case, open_case, record_expense
from entente.engagement.reads.sends import hcp_ids_with_status
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

if TYPE_CHECKING:
    from entente.engagement.models import Expense


# Invented questions of invented people; while one is open, commercial colleagues wait.
QUESTIONS = (
    "Is there anything published on use together with a strong enzyme inhibitor?",
    "A colleague asks about storage after the pack was out of the fridge for a night.",
    "Which kidney function did the main study require at its start?",
)
ANSWER = "The section of the label was read out and sent; nothing beyond the label was discussed."


def ask_the_msl(cast: Cast, *, at: datetime) -> int:
    """Have three HCPs ask a medical question, one of which is answered; give how many are open."""
    with act_as(cast.scope(Role.MSL)):
        npis = sorted(all_npis())[: len(QUESTIONS)]
        people = directory.hcps_by_npi(npis)
        cases = [
            open_case(people[npi].id, question, at=at - timedelta(hours=3 * n))
            for n, (npi, question) in enumerate(zip(npis, QUESTIONS, strict=True), start=1)
        ]
        close_case(cases[-1].id, ANSWER, at=at)
    return len(cases) - 1


def opt_out_by_link(n_people: int, *, site: str) -> int:
    """Have the last recipients use one-click unsubscribe, as their mail program would.

    Returns
    -------
    int
        How many the site accepted.
    """
    accepted = 0
    for caught in mailbox.latest(n_people):
        _, mail = mailbox.open_message(caught.id)
        link = str(mail["List-Unsubscribe"]).strip("<> \r\n")
        address = site + urlsplit("".join(link.split())).path
        request = urllib.request.Request(  # noqa: S310 - an address of our own site
            address,
            data=b"List-Unsubscribe=One-Click",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            accepted += answer.status == 200
    return accepted


def record_a_meal(cast: Cast, campaign_id: UUID, *, on: date, at: datetime) -> Expense:
    """Record a lunch in a practice with two HCPs who got the campaign's message."""
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        guests = hcp_ids_with_status(campaign_id, "sent", most=2)
        return record_expense(
            Meal(
                hcp_ids=tuple(guests),
                payer_id=entity_of(cast.host).id,
                kind="lunch",
                setting="office",
                spent_on=on,
                country="US",
                currency="USD",
                total_minor=5_445,
                headcount=3,
                with_discussion=True,
                campaign_id=campaign_id,
            ),
            at=at,
        )


def as_json(values: object) -> str:
    """Write values for people who script the demo."""
    return json.dumps(values, default=str, indent=2)
