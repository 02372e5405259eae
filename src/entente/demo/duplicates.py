"""People who stand in the demo's directory twice: entered by hand beside their registry entry."""

from __future__ import annotations

from datetime import datetime

from entente.demo.people import Cast
from entente.directory import actions, reads
from entente.directory.reads.selection import hcp_ids_matching
from entente.foundation.access.scope import act_as

N_TWICE = 6
SAME = ("us_state", "city", "credential", "address_line", "postal_code", "phone")


def _misspelt(name: str) -> str:
    """Change two letters of a name, as a hurried hand does."""
    return name[:-2] + name[-1] + name[-2] if len(name) > 3 else name + "e"


def enter_some_twice(cast: Cast, at: datetime) -> int:
    """Enter people a second time, misspelt and without an identifier, and search for pairs.

    Returns
    -------
    int
        Pairs that wait for a steward.
    """
    with act_as(cast.system()):
        known = reads.hcps(hcp_ids_matching()[::37])
        people = [known[i] for i in sorted(known) if known[i].npi and known[i].address_line]
        for person in people[:N_TWICE]:
            same = {name: getattr(person, name) for name in SAME}
            actions.add_hcp(
                family_name=_misspelt(person.family_name), given_name=person.given_name,
                country=person.country, at=at, **same,
            )  # fmt: skip
    with act_as(cast.system()):
        return actions.find_suspects(at=at).n_queued
