"""Choose a campaign's audience by a stated rule, and send to it in parts that can be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from entente.alliances import reads as alliances
from entente.directory.reads.selection import hcp_ids_matching
from entente.engagement.actions import SendRequest, request_sends
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.domain.canonical import sha256_hex
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id
from entente.planning.domain.audience_rule import AudienceRule
from entente.planning.models import Audience, AudienceMember

PART = 500


def choose_audience(
    campaign_id: UUID, rule: Mapping[str, Sequence[str]], *, at: datetime
) -> Audience:
    """Choose whom a campaign is for; a later choice replaces one that was not sent to.

    Writes the audience with its members and one ledger entry.

    Raises
    ------
    UserError
        If the rule cannot be read, means nobody, or the campaign has been sent.
    """
    scope = current_scope()
    scope.require("audience.choose")
    campaign = alliances.campaign(campaign_id)
    try:
        stated = AudienceRule.of(rule)
    except ValueError as trouble:
        raise UserError(str(trouble), field="rule") from None
    lock(f"audience:{campaign_id}")
    if Audience.objects.filter(campaign_id=campaign_id, launched_at__isnull=False).exists():
        raise UserError("this campaign has been sent; its audience cannot be chosen again")
    chosen = hcp_ids_matching(
        countries=stated.countries,
        states=stated.states,
        professions=stated.professions,
        specialties=stated.specialties,
    )
    if not chosen:
        raise UserError("this rule means nobody in the directory; widen it", field="rule")
    audience = Audience.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        campaign_id=campaign.id,
        rule=stated.as_dict(),
        sentence=stated.sentence()[:1000],
        chosen_at=at,
        n_members=len(chosen),
        members_hash=sha256_hex("\n".join(str(one) for one in chosen)),
    )
    AudienceMember.objects.bulk_create(
        [
            AudienceMember(id=new_id(), org_id=scope.org_id, audience=audience, hcp_id=hcp_id)
            for hcp_id in chosen
        ],
        batch_size=5_000,
    )
    ledger.append(
        ledger.Entry(
            verb="planning.audience.chosen",
            kind="alliances.campaign",
            object_id=campaign.id,
            details={
                "audience": audience.id,
                "rule": audience.rule,
                "members": audience.n_members,
                "members_hash": audience.members_hash,
            },
        ),
        at=at,
    )
    return audience


def launch_audience(audience_id: UUID, *, at: datetime) -> Audience:
    """Start sending a campaign to its audience; the worker does it, part by part.

    Writes the launch, one ledger entry and the job, which commit together.

    Raises
    ------
    UserError
        If the campaign is not live, has no content, or was launched before.
    """
    from entente.planning.jobs import send_audience

    scope = current_scope()
    scope.require("send.request")
    lock(f"launch:{audience_id}")
    audience = Audience.objects.get(id=audience_id)
    campaign = alliances.campaign(audience.campaign_id)
    if audience.launched_at is not None:
        raise UserError("this audience is already being sent to")
    if campaign.status != "live":
        raise UserError("a campaign is sent once it is live; move it there first")
    if campaign.version_id is None:
        raise UserError("the campaign has no content yet; choose a released item first")
    audience.launched_at = at
    audience.save(update_fields=["launched_at"])
    ledger.append(
        ledger.Entry(
            verb="planning.audience.launched",
            kind="alliances.campaign",
            object_id=campaign.id,
            details={"audience": audience.id, "members": audience.n_members},
        ),
        at=at,
    )
    send_audience.defer(
        audience_id=str(audience.id),
        org_id=str(scope.org_id),
        actor_id=str(scope.actor_id) if scope.actor_id else None,
    )
    return audience


def send_part(audience_id: UUID, after: UUID | None, *, at: datetime) -> UUID | None:
    """Request the sends of one part of an audience; give where the next part begins.

    May be repeated: a send that exists is not made again.

    Returns
    -------
    UUID or None
        The last HCP of this part; None when the audience is through.
    """
    audience = Audience.objects.get(id=audience_id)
    campaign = alliances.campaign(audience.campaign_id)
    if campaign.version_id is None:
        raise UserError("the campaign has lost its content; nothing was sent")
    members = AudienceMember.objects.filter(audience=audience).order_by("hcp_id")
    if after is not None:
        members = members.filter(hcp_id__gt=after)
    part = list(members.values_list("hcp_id", flat=True)[:PART])
    request_sends(
        [
            SendRequest(
                hcp_id=hcp_id,
                version_id=campaign.version_id,
                controller_id=campaign.controller_id,
                purpose=campaign.purpose,
                campaign_id=campaign.id,
            )
            for hcp_id in part
        ],
        at=at,
    )
    if len(part) < PART:
        Audience.objects.filter(id=audience.id, finished_at__isnull=True).update(finished_at=at)
        return None
    return part[-1]
