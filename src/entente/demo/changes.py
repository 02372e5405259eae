"""Two change requests in the demo: one that a steward has decided in part, one that waits."""

from __future__ import annotations

from datetime import datetime

from entente.demo.people import Cast
from entente.directory import actions, reads
from entente.directory.actions import Verdict
from entente.directory.reads.selection import hcp_ids_matching
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as

PROOF = b"%PDF-1.4\n% An invented letter of a practice.\n%%EOF\n"


def ask_for_changes(cast: Cast, at: datetime) -> int:
    """Let a representative ask for changes of two people, and a steward decide about one.

    Returns
    -------
    int
        Requests that wait for a steward.
    """
    with act_as(cast.system()):
        known = reads.hcps(hcp_ids_matching()[::53])
        people = [known[i] for i in sorted(known) if known[i].npi and known[i].phone]
    if len(people) < 2:
        return 0
    first, second = people[:2]
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        moved = actions.draft_change(
            first.id, {"address_line": "12 Harbor Street", "suffix": "Jr."},
            reason="The practice wrote that it has moved.", at=at,
        )  # fmt: skip
        actions.add_evidence(moved.id, name="letter of the practice.pdf", content=PROOF, at=at)
        actions.submit_change(moved.id, at=at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        waits = actions.draft_change(
            second.id, {"phone": "2035550144", "city": "Northford"},
            reason="Told me at the visit on Tuesday.", at=at,
        )  # fmt: skip
        actions.submit_change(waits.id, at=at)
    with act_as(cast.scope(Role.STEWARD)):
        no = Verdict(accept=False, answer="The state board lists no suffix.")
        actions.decide_change(moved.id, {"address_line": Verdict(accept=True), "suffix": no}, at=at)
    return 1
