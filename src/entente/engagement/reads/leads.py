"""Leads: found, one whole, counted by stand; the words with which people are asked there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from entente.consent import reads as consent
from entente.directory import reads as directory
from entente.engagement.domain.leads import PURPOSES
from entente.engagement.models import Attendee, Lead, LeadConsent
from entente.foundation.access.scope import current_scope

ORDER = ("-captured_at", "-id")
OPEN = "open"
STATES = ((OPEN, "Open"), ("taken", "Taken"), ("done", "Followed up"), ("rejected", "Rejected"))


def leads(
    *,
    event_id: UUID | None = None,
    state: str = "",
    origin: str = "",
    owner_id: UUID | None = None,
    hcp_id: UUID | None = None,
    text: str = "",
) -> QuerySet[Any]:
    """Give the leads that one may see with their ``state``, narrowed as asked."""
    found = Lead.objects.select_related("event", "follow_up", "hcp").annotate(
        state=Coalesce("follow_up__status", Value(OPEN)),
        due=Coalesce("follow_up__due_on", F("due_on")),
    )
    for name, value in (
        ("event_id", event_id),
        ("state", state),
        ("origin", origin),
        ("follow_up__owner_id", owner_id),
        ("hcp_id", hcp_id),
    ):
        if value:
            found = found.filter(**{name: value})
    return found.filter(Q(name__icontains=text) | Q(interest__icontains=text)) if text else found


def lead(lead_id: UUID) -> Any:
    """Give one lead.

    Raises
    ------
    Lead.DoesNotExist
        Also where the person permitted nothing to one's own company.
    """
    return leads().get(id=lead_id)


def consents_of(lead_id: UUID) -> list[LeadConsent]:
    """Give what a lead ticked, by company."""
    found = LeadConsent.objects.filter(lead_id=lead_id).select_related("controller")
    return list(found.order_by("controller__name", "purpose", "id"))


@dataclass(frozen=True)
class OriginCount:
    """Leads of one stand and one company: how many, and what became of them."""

    event_id: UUID
    org_id: UUID
    origin: str
    n_leads: int
    n_consented: int
    n_taken: int
    n_done: int
    n_rejected: int


def counts_by_origin(event_id: UUID | None = None) -> list[OriginCount]:
    """Count leads by congress, company that wrote them down, and joint or own stand.

    The own stands are the baseline with which the joint one is compared.
    """
    consented = Q(consents__withdrawn_at=None, consents__id__isnull=False)
    found = leads(event_id=event_id).order_by().values("event_id", "org_id", "origin")
    rows = found.annotate(
        n_leads=Count("id", distinct=True),
        n_consented=Count("id", distinct=True, filter=consented),
        n_taken=Count("id", distinct=True, filter=Q(state="taken")),
        n_done=Count("id", distinct=True, filter=Q(state="done")),
        n_rejected=Count("id", distinct=True, filter=Q(state="rejected")),
    )
    return [OriginCount(**row) for row in rows.order_by("event_id", "origin", "org_id")]


def words_for(country: str) -> dict[str, Any]:
    """Give the words in use in a country, by version: those with which people may be asked."""
    active = consent.wordings(status="active", country=country)
    return {words.version: words for words in active.order_by("version")}


@dataclass(frozen=True)
class Ask:
    """One permission that can be asked for at a stand."""

    controller_id: UUID
    company: str
    org_id: UUID
    purpose: str
    wording_version: str
    text: str

    @property
    def code(self) -> str:
        """Give it as a form sends it."""
        return f"{self.controller_id}|{self.purpose}|{self.wording_version}"


def asks(country: str, parties: Collection[UUID], language: str = "en") -> list[Ask]:
    """Give each permission that can be asked for: per company and purpose, by words that show it.

    Of one company's words in several languages those of the language asked for are taken, else
    the first; a company that no words name cannot be asked for.
    """
    words = list(words_for(country).values())
    named = {each for one in words for each in one.controllers}
    entities = directory.legal_entities_named(named)
    found: dict[tuple[UUID, str], Ask] = {}
    for one in sorted(words, key=lambda each: (each.language != language, each.version)):
        for controller_id in one.controllers:
            entity = entities.get(controller_id)
            if entity is None or entity.org_id not in parties:
                continue
            for purpose in (p for p in PURPOSES if p in one.purposes):
                ask = Ask(entity.id, entity.name, entity.org_id, purpose, one.version, one.text)
                found.setdefault((entity.id, purpose), ask)
    mine = current_scope().org_id
    return sorted(found.values(), key=lambda a: (a.org_id != mine, a.company, a.purpose))


def by_badge(event_id: UUID, code: str) -> Any:
    """Give the HCP that a badge means, or None: an NPI, a ticket's number, or its square.

    Only of a registration that one's own company may see.
    """
    code = code.strip()
    if not code:
        return None
    if len(code) == 10 and code.isdigit():
        found = directory.hcps_by_npi([code])
        if code in found:
            return found[code]
    there = Attendee.objects.filter(event_id=event_id, hcp__isnull=False).select_related("hcp")
    # A square holds an address that ends with the registration.
    last = code.rstrip("/").rsplit("/", 1)[-1]
    try:
        attendee = there.filter(id=UUID(last)).first()
    except ValueError:
        number = code.removeprefix("No.").strip()
        fits = number.isdigit() and len(number) < 9
        attendee = there.filter(ticket=int(number)).first() if fits else None
    return attendee.hcp if attendee else None


def countries_asked() -> list[str]:
    """Give the countries for which words are in use."""
    return sorted({words.country for words in consent.wordings(status="active")})


def expected(event_id: UUID, *, limit: int) -> list[Any]:
    """Give the HCPs of the directory who registered, as far as one may see them."""
    there = Attendee.objects.filter(event_id=event_id, hcp__isnull=False).exclude(
        status=Attendee.Status.CANCELLED
    )
    return [each.hcp for each in there.select_related("hcp").order_by("ticket", "id")[:limit]]


def mine_to_follow(user_id: UUID, *, limit: int) -> list[Any]:
    """Give the leads a colleague took and has not settled, the most urgent first."""
    found = leads(owner_id=user_id).filter(state="taken")
    return list(found.order_by("due", "id")[:limit])


def waiting(*, limit: int) -> list[Any]:
    """Give the leads that one's own company follows up and nobody took, the most urgent first."""
    found = leads(state=OPEN).filter(side_id=current_scope().org_id)
    return list(found.order_by("due_on", "id")[:limit])


def held_leads(hcp_id: UUID, at: datetime) -> Sequence[dict[str, Any]]:
    """Give what was written down about a person at stands, for the person's export."""
    rows = leads(hcp_id=hcp_id).prefetch_related("consents__controller")
    return [
        {
            "event": row.event.title,
            "at": row.captured_at,
            "interest": row.interest,
            "note": row.note,
            "address": row.email,
            "state": row.state,
            "permitted": [
                f"{tick.controller.name}: {tick.purpose} by {tick.channel}, "
                f"words {tick.wording_version}" + (" (ended)" if tick.withdrawn_at else "")
                for tick in row.consents.all()
            ],
        }
        for row in rows.order_by("captured_at", "id")
    ]


def is_late(row: Any, on: date) -> bool:
    """Tell whether the day by which a lead was to be followed up has passed."""
    return row.state in {OPEN, "taken"} and row.due < on
