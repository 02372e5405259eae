"""What tests of remote details stand on: items for the web, a plan, both browsers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.test import Client

from entente.content import actions as content
from entente.content.actions import Words
from entente.engagement.actions.detail_plan import DetailPlan, plan_detail
from entente.engagement.reads import details as reads
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.cast import PASSWORD

BOTH = "Written by Halden Pharma and Northlake Health System."


def for_web(cast, at, title, *, kind="educational", partners=()):
    """Write an item for the web and have the host approve it."""
    support = BOTH if partners else ""
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(title=title, kind=kind, at=at, partner_ids=partners)
        made = content.save_version(
            item.id,
            Words(
                subject=title,
                html=f"<h2>{title}</h2><p>Dear {{{{family_name}}}}, words of {title}.</p><p>{support}</p>",
                text=f"{title} {support}", markets=["US"], audiences=["hcp"], channels=["web"],
                expires_on=date(2027, 11, 20), support_statement=support,
            ),
            at=at,
        )  # fmt: skip
        content.submit_for_review(made.id, at=at)
    with act_as(cast.scope(Role.REVIEWER)):
        content.decide(made.id, verdict="approve", comment="", password=PASSWORD, at=at)
    return made.id


@dataclass
class Hcp:
    """The HCP's browser at the link of a remote detail."""

    link: str
    client: Client

    @classmethod
    def at(cls, link):
        """Open nothing yet."""
        return cls(re.sub(r"^https?://[^/]+", "", link), Client())

    def look(self):
        """Open the page."""
        return self.client.get(self.link)

    def begin(self):
        """Press the button."""
        return self.client.post(f"{self.link}begin/")

    def now(self, mark=""):
        """Ask what is on show, as the page does by itself."""
        return self.client.post(f"{self.link}now/", {"mark": mark}, headers={"HX-Request": "true"})

    def says(self, position, reaction):
        """React to an item."""
        return self.client.post(f"{self.link}react/", {"position": position, "reaction": reaction})

    def asks(self, words, wish="medical"):
        """Ask a question."""
        return self.client.post(f"{self.link}ask/", {"wish": wish, "words": words})


def planned(cast, world, at, versions, *, role=Role.REPRESENTATIVE, **changed):
    """Plan a remote detail; give it with its link."""
    with act_as(cast.scope(role)):
        made = plan_detail(
            DetailPlan(
                **{
                    "client_id": uuid4(), "hcp_id": world.willing, "controller_id": world.entity,
                    "happened_at": at + timedelta(minutes=5), "version_ids": tuple(versions),
                    "was_requested": True,
                } | changed
            ),
            at=at,
        )  # fmt: skip
        return made, reads.link_of(made, at)
