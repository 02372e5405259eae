"""The roles of the people who work here, and which side of the wall each stands on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Wall(StrEnum):
    """The sides of the medical/commercial wall."""

    MEDICAL = "medical"
    COMMERCIAL = "commercial"
    BOTH = "both"


class Role(StrEnum):
    """What a person does, in the words of the field."""

    REPRESENTATIVE = "representative"
    MSL = "msl"
    BRAND_LEAD = "brand_lead"
    ALLIANCE_MANAGER = "alliance_manager"
    REVIEWER = "reviewer"
    COMPLIANCE = "compliance"
    STEWARD = "steward"
    FINANCE = "finance"
    PRIVACY = "privacy"
    EVENT_MANAGER = "event_manager"
    ACCESS_MANAGER = "access_manager"
    SAFETY = "safety"
    ADMINISTRATOR = "administrator"
    PARTNER_ADMINISTRATOR = "partner_administrator"
    PARTNER_MARKETER = "partner_marketer"
    PARTNER_SELLER = "partner_seller"


@dataclass(frozen=True)
class RoleFacts:
    """A role's name for people, its side of the wall, and the capabilities it brings."""

    title: str
    wall: Wall
    may: frozenset[str]


def _may(*capabilities: str) -> frozenset[str]:
    return frozenset(capabilities)


_READ = ("directory.read", "organisation.read", "search")
_CAMPAIGN_READ = ("campaign.read", "content.read", "result.read")

ROLES: dict[Role, RoleFacts] = {
    Role.REPRESENTATIVE: RoleFacts(
        "Representative",
        Wall.COMMERCIAL,
        _may(*_READ, *_CAMPAIGN_READ, "send.request", "send.read", "consent.capture", "consent.read",
             "expense.record", "expense.read", "decision.read", "deal.read",
             "touch.read", "touch.write", "event.read", "event.invite", "event.check",
             "territory.read", "territory.challenge", "change.request",
             "contact.read",
             "inquiry.capture", "inquiry.work", "support.read",
             "sample.hand", "stock.read",
             "lead.read", "lead.write", "meeting.read", "meeting.write"),
    ),
    Role.MSL: RoleFacts(
        "Medical science liaison",
        Wall.MEDICAL,
        _may(*_READ, *_CAMPAIGN_READ, "consent.capture", "consent.read", "decision.read",
             "send.request", "send.read", "case.read", "case.write",
             "touch.read", "touch.write",
             "event.read", "event.write", "event.invite", "event.check",
             "territory.read", "territory.challenge", "change.request",
             "contact.read",
             "cohort.read", "cohort.write",
             "survey.read", "survey.write",
             "advisory.read", "advisory.write", "inquiry.capture", "inquiry.work",
             "insight.read", "insight.write", "support.read",
             "lead.read", "lead.write", "meeting.read", "meeting.write"),
    ),
    Role.BRAND_LEAD: RoleFacts(
        "Brand lead",
        Wall.COMMERCIAL,
        _may(*_READ, *_CAMPAIGN_READ, "campaign.write", "content.write", "content.publish",
             "send.request", "send.read",
             "audience.choose", "decision.read", "referral.answer", "consent.read", "deal.read", "expense.read",
             "touch.read", "event.read", "event.write", "event.invite", "event.check",
             "territory.read", "territory.write", "territory.challenge",
             "contact.read", "contact.write",
             "cohort.read", "cohort.write",
             "survey.read", "survey.write",
             "support.read",
             "stock.read", "stock.write",
             "lead.read", "meeting.read",
             "placement.read", "placement.write", "placement.results"),
    ),
    Role.ALLIANCE_MANAGER: RoleFacts(
        "Alliance manager",
        Wall.COMMERCIAL,
        _may(*_READ, *_CAMPAIGN_READ, "charter.read", "charter.write", "charter.agree", "campaign.write",
             "campaign.agree", "deal.read", "deal.write", "decision.read", "referral.answer",
             "event.read", "event.agree",
             "territory.read",
             "contact.read", "contact.write", "share.read",
             "survey.read", "survey.write",
             "lead.read", "meeting.read",
             "placement.read"),
    ),
    Role.REVIEWER: RoleFacts(
        "Medical, legal, regulatory reviewer",
        Wall.BOTH,
        _may("search", "content.read", "content.review", "campaign.read", "organisation.read",
             "decision.read", "referral.answer", "waiver.write", "pack.activate"),
    ),
    Role.COMPLIANCE: RoleFacts(
        "Compliance officer",
        Wall.BOTH,
        _may(*_READ, *_CAMPAIGN_READ, "charter.read", "decision.read", "decision.replay",
             "evidence.read", "ledger.verify", "user.read", "send.read", "touch.read", "event.read",
             "pack.write", "pack.activate", "panel.write", "waiver.write", "referral.answer", "consent.read",
             "training.read", "training.write", "audit.read", "audit.write",
             "expense.read",
             "disclosure.read", "deal.read", "outbox.read", "person.values", "territory.read",
             "contact.read",
             "cohort.read", "wording.read", "subject.read", "retention.read", "share.read",
             "survey.read",
             "access.read", "advisory.read", "inquiry.route", "insight.read",
             "safety.read", "support.read",
             "stock.judge", "stock.read", "stock.write",
             "lead.read", "meeting.read",
             "placement.read"),
    ),
    Role.STEWARD: RoleFacts(
        "Data steward",
        Wall.COMMERCIAL,
        _may(*_READ, "directory.import", "consent.import", "consent.read", "product.write",
             "identity.decide", "source.write", "change.request", "change.decide",
             "territory.read", "territory.write",
             "contact.read", "contact.write",
             "cohort.read", "cohort.write",
             "wording.read", "wording.write", "share.read", "share.load",
             "lead.read"),
    ),
    Role.FINANCE: RoleFacts(
        "Finance",
        Wall.COMMERCIAL,
        _may("search", "organisation.read", "campaign.read", "result.read", "expense.read",
             "event.read", "placement.read",
             "disclosure.read", "deal.read", "decision.read", "referral.answer", "waiver.write"),
    ),
    Role.PRIVACY: RoleFacts(
        "Privacy officer",
        Wall.BOTH,
        _may(*_READ, "campaign.read", "campaign.privacy", "consent.read", "consent.capture",
             "evidence.read", "decision.read", "person.erase", "person.values", "referral.answer",
             "waiver.write", "pack.activate",
             "contact.read",
             "cohort.read", "cohort.sign",
             "wording.read", "wording.write", "subject.read", "subject.write", "retention.read", "retention.write",
             "share.read", "share.write", "share.sign", "share.load",
             "share.compare", "share.people",
             "support.read"),
    ),
    Role.EVENT_MANAGER: RoleFacts(
        "Event manager",
        Wall.COMMERCIAL,
        _may(*_READ, *_CAMPAIGN_READ, "decision.read", "consent.read", "expense.record",
             "expense.read", "event.read", "event.write", "event.invite", "event.check",
             "consent.capture", "lead.read", "lead.write", "meeting.read", "meeting.write"),
    ),
    Role.ACCESS_MANAGER: RoleFacts(
        "Access manager",
        Wall.COMMERCIAL,
        _may(*_READ, *_CAMPAIGN_READ, "decision.read", "consent.read",
             "touch.read", "touch.write", "event.read",
             "access.read", "access.write", "contact.read", "content.read",
             "inquiry.capture", "inquiry.work", "support.read", "support.write"),
    ),
    Role.SAFETY: RoleFacts(
        "Drug safety officer",
        Wall.MEDICAL,
        _may(*_READ, "content.read",
             "case.read", "case.write", "decision.read", "inquiry.capture",
             "inquiry.route", "inquiry.work", "safety.read", "safety.write"),
    ),
    Role.ADMINISTRATOR: RoleFacts(
        "Administrator",
        Wall.COMMERCIAL,
        _may("search", "organisation.read", "organisation.write", "legal_entity.write",
             "user.read", "user.write", "outbox.read", "outbox.write", "response.record",
             "training.read"),
    ),
    Role.PARTNER_ADMINISTRATOR: RoleFacts(
        "Partner administrator",
        Wall.COMMERCIAL,
        _may("search", "organisation.read", "legal_entity.write", "user.read", "user.write",
             "training.read", "content.read", "panel.write", "decision.read", "referral.answer", "waiver.write", "share.read", "share.sign",
             "share.load", "share.compare", "share.people"),
    ),
    Role.PARTNER_MARKETER: RoleFacts(
        "Partner marketer",
        Wall.COMMERCIAL,
        _may(*_READ, *_CAMPAIGN_READ, "charter.read", "charter.agree", "campaign.agree",
             "content.review", "decision.read", "consent.read", "evidence.read",
             "referral.answer", "event.read", "event.agree", "event.invite", "event.check",
             "territory.read", "territory.write",
             "contact.read", "contact.write", "share.read",
             "survey.read",
             "consent.capture", "lead.read", "lead.write", "meeting.read", "meeting.write",
             "placement.read", "placement.write", "placement.results"),
    ),
    Role.PARTNER_SELLER: RoleFacts(
        "Partner seller",
        Wall.COMMERCIAL,
        _may(*_READ, "campaign.read", "result.read", "charter.read", "deal.read", "deal.write",
             "decision.read", "evidence.read", "content.read", "touch.read", "touch.write",
             "territory.read", "territory.challenge",
             "contact.read", "contact.write",
             "consent.capture", "lead.read", "lead.write", "meeting.read", "meeting.write"),
    ),
}  # fmt: skip

HOST_ROLES = tuple(role for role in Role if not role.value.startswith("partner_"))
PARTNER_ROLES = tuple(role for role in Role if role.value.startswith("partner_"))

# Rules hold nothing about anybody, and both sides stand under the same ones. Everybody takes
# courses, and does what an audit asks of him.
ALWAYS = frozenset({"home.read", "account.read", "policy.read", "training.take", "audit.act"})


def capabilities(roles: frozenset[Role]) -> frozenset[str]:
    """Give all that a person with these roles may do.

    Examples
    --------
    >>> "content.review" in capabilities(frozenset({Role.REVIEWER}))
    True
    """
    return ALWAYS.union(*(ROLES[role].may for role in roles))


def wall_of(roles: frozenset[Role]) -> Wall:
    """Give the side of the wall on which a person with these roles stands.

    A person who holds roles on both sides sees both; one with no role sees neither
    medical nor more than commercial users see.

    Examples
    --------
    >>> wall_of(frozenset({Role.MSL}))
    <Wall.MEDICAL: 'medical'>
    """
    sides = {ROLES[role].wall for role in roles}
    if Wall.BOTH in sides or len(sides) > 1:
        return Wall.BOTH
    return sides.pop() if sides else Wall.COMMERCIAL
