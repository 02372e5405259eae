"""What people do beside the campaign: an event of both, calls, a question, a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from entente.demo.campaign import product_of
from entente.demo.people import PASSWORD, Cast, entity_of
from entente.directory import reads as directory
from entente.engagement.actions import Call, log_touch, plan_touch
from entente.engagement.actions.attend import register
from entente.engagement.actions.events import (
    agree_event,
    open_event,
    record_need,
    set_cost,
    set_up_event,
)
from entente.engagement.actions.inquiry_capture import Question, capture_inquiry
from entente.engagement.actions.survey_life import open_survey
from entente.engagement.actions.survey_write import (
    QuestionPlan,
    SurveyPlan,
    draft_survey,
    save_question,
)
from entente.engagement.domain.gathering import EventPlan
from entente.engagement.reads.sends import hcp_ids_with_status
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id

N_LOOKED_AT, N_GUESTS, N_SEEN_BY_BOTH = 60, 6, 4
ASKS_FOR_A_LICENCE = "CT"


def meet_and_ask(cast: Cast, campaign_id: UUID, at: datetime) -> int:
    """Open an event, log and plan calls, take a question, open a survey; give the guests."""
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        reached = directory.hcps(hcp_ids_with_status(campaign_id, "sent", most=N_LOOKED_AT))
    # One state asks for a licence of whoever calls; the demo shows one call with it, one without.
    states = sorted(reached.values(), key=lambda hcp: hcp.us_state == ASKS_FOR_A_LICENCE)
    called, *between, planned = [hcp.id for hcp in states]
    guests, asker = between[:N_GUESTS], between[N_GUESTS]
    _hold_an_event(cast, campaign_id, guests, at)
    _call(cast, campaign_id, called, planned, at)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        capture_inquiry(
            Question(
                asker,
                "Are there data on use in moderate kidney disease beyond the label? (invented)",
                source="visit",
                signed_by="signed on the tablet (invented)",
            ),
            at=at,
        )
    _ask_for_opinions(cast, campaign_id, at)
    return len(guests)


def _hold_an_event(cast: Cast, campaign_id: UUID, guests: Sequence[UUID], at: datetime) -> None:
    begins = (at + timedelta(days=35)).replace(hour=22, minute=0, second=0, microsecond=0)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        plan = EventPlan(
            "symposium", "Heart failure: the first 90 days, live", "Early titration",
            entity_of(cast.host).id, "US", "America/New_York", begins,
            begins + timedelta(hours=2), "hospital", 40, venue="Sampleton General (invented)",
            campaign_id=campaign_id,
        )  # fmt: skip
        event = set_up_event(plan, partner_shares={cast.partner.id: Decimal("0.4")}, at=at)
        record_need(
            event.id,
            "A guideline changed in June; 4 of 10 practices asked how to titrate early (invented).",
            "Published on the topic in the last three years; practises in the country.",
            at=at,
        )
        agree_event(event.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.PARTNER_MARKETER, cast.partner)):
        agree_event(event.id, password=PASSWORD, at=at)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        open_event(event.id, at=at)
        set_cost(event.id, "venue", "USD", estimate=180_000, committed=165_000, actual=0, at=at)
        for n, hcp_id in enumerate(guests):
            register(
                event.id,
                hcp_id=hcp_id,
                name=directory.hcp(hcp_id).display_name,
                email="",
                seen_by=[cast.host.id, cast.partner.id] if n < N_SEEN_BY_BOTH else [cast.host.id],
                at=at,
            )


def _call(cast: Cast, campaign_id: UUID, called: UUID, planned: UUID, at: datetime) -> None:
    tomorrow = (at + timedelta(days=1)).replace(hour=15, minute=0, second=0, microsecond=0)
    with act_as(cast.scope(Role.REPRESENTATIVE)):
        visit = Call(
            client_id=new_id(), hcp_id=called, controller_id=entity_of(cast.host).id,
            kind="visit", happened_at=at - timedelta(minutes=40), product_id=product_of().id,
            campaign_id=campaign_id, minutes=12, reaction="positive", note="Wants the one-pager.",
        )  # fmt: skip
        log_touch(visit, at=at)
        plan_touch(
            replace(
                visit, client_id=new_id(), hcp_id=planned, kind="phone", happened_at=tomorrow,
                minutes=None, reaction="", note="",
            ),
            at=at,
        )  # fmt: skip


def _ask_for_opinions(cast: Cast, campaign_id: UUID, at: datetime) -> None:
    with act_as(cast.scope(Role.BRAND_LEAD)):
        survey = draft_survey(
            SurveyPlan(
                title="Was it of use to you?", audience="hcp", promise="anonymous",
                opens_on=at.date(), closes_on=at.date() + timedelta(days=30), takes_open=True,
                intro={"en": "Three minutes. Nobody learns who answered what."},
                campaign_id=campaign_id,
            ),
            at=at,
        )  # fmt: skip
        for code, kind, text in (
            ("useful", "useful", "How useful was what you were sent?"),
            ("missing", "text", "What would have helped you more?"),
        ):
            save_question(survey.id, QuestionPlan(code, kind, {"en": text}), at=at)
        open_survey(survey.id, at=at)
