"""What tests of a congress stand on: two companies, a stand, words that name both."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from uuid import UUID, uuid4

from entente.consent import actions as consent
from entente.consent.actions import Shown
from entente.directory.actions import add_legal_entity
from entente.engagement.actions.events import (
    agree_event,
    open_event,
    record_need,
    set_up_event,
)
from entente.engagement.actions.leads import capture_lead
from entente.engagement.actions.meeting_bookings import book_meeting
from entente.engagement.actions.meetings import add_meeting_place, open_slots
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.domain.leads import NewLead, Tick
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from tests.cast import PASSWORD

TEXT = "May {names} write to you about what you are interested in?"


class Stand:
    """A congress of the host and a partner, open, a day ahead."""

    def __init__(self, cast, world, at, *, joint=True) -> None:
        self.cast, self.world, self.at = cast, world, at
        self.begins = at + timedelta(days=1)
        _ = self.rep, self.partner
        with act_as(cast.system(cast.partner)):
            self.partner_entity = add_legal_entity(
                name="Northlake Trust", country="US", postal_address="2 Shore Road", at=at
            )
        shares = {cast.partner.id: Decimal("0.5")} if joint else {}
        plan = EventPlan(
            "congress", "Heart days", "Heart failure", world.entity, "US", "UTC", self.begins,
            self.begins + timedelta(days=2), "conference", 500, venue="Testford Halls",
        )  # fmt: skip
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            event = set_up_event(plan, partner_shares=shares, at=at)
            record_need(event.id, "Guideline changed", "Published on the topic", at=at)
            agree_event(event.id, password=PASSWORD, at=at)
        if joint:
            with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
                agree_event(event.id, password=PASSWORD, at=at)
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            self.event = open_event(event.id, at=at)
            self.place = add_meeting_place(event.id, "Stand A12", 2, at=at)

    @cached_property
    def rep(self):
        return self.cast.scope(Role.REPRESENTATIVE)

    @cached_property
    def partner(self):
        return self.cast.scope(Role.PARTNER_SELLER, self.cast.partner)

    def hours(self, scope=None, *, hour=1, minutes=30, n=1, place=None):
        """Open hours of whoever's scope it is, so many hours after the congress begins."""
        scope = scope or self.rep
        with act_as(scope):
            return open_slots(
                place or self.place.id, host_id=scope.actor_id,
                first_at=self.begins + timedelta(hours=hour), minutes=minutes, n_slots=n,
                at=self.at,
            )  # fmt: skip

    def book(self, slot, hcp_id, scope=None):
        with act_as(scope or self.rep):
            return book_meeting(slot.id, hcp_id, at=self.at)

    def words(self, *, both=True, version="US-9"):
        """Put words in use that name both companies, or the host's alone."""
        names = ["Halden Inc", "Northlake Trust"] if both else ["Halden Inc"]
        ids = [self.world.entity, self.partner_entity.id] if both else [self.world.entity]
        shown = Shown(
            controllers=ids, channels=["email", "in_person"], purposes=["education", "event"],
        )  # fmt: skip
        with act_as(self.cast.scope(Role.PRIVACY)):
            made = consent.stage_wording(
                version=version, controller_id=self.world.entity, country="US", language="en",
                text=TEXT.format(names=" and ".join(names)), shown=shown, at=self.at,
            )  # fmt: skip
        with act_as(self.cast.scope(Role.STEWARD)):
            consent.activate_wording(made.id, at=self.at)
        return version

    def tick(self, entity_id: UUID, purpose="education", version="US-9") -> Tick:
        return Tick(entity_id, purpose, version)

    def lead(self, *, scope=None, at=None, **changed):
        facts = {
            "client_id": uuid4(), "event_id": self.event.id, "origin": "joint",
            "name": "W. Willing", "interest": "Heart failure", "hcp_id": self.world.willing,
        } | changed  # fmt: skip
        with act_as(scope or self.rep):
            return capture_lead(NewLead(**facts), at=at or self.begins + timedelta(hours=2))
