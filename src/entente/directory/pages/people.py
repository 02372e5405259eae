"""People: the list, and all that one may know of one person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from entente.directory.models import Hcp, HcpSpecialty, Taxonomy
from entente.directory.reads import lists
from entente.directory.reads.hierarchy import affiliations_of
from entente.directory.reads.identity import same_person, survivor_of
from entente.directory.reads.people import contact_points_of, identifiers_of
from entente.directory.reads.people import hcps as hcps_by_id
from entente.directory.reads.provenance import as_licensed, load_of
from entente.foundation.access.scope import current_scope
from entente.foundation.web import shelf
from entente.foundation.web.asked import one_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.exports import MOST_ROWS, csv_file
from entente.foundation.web.lists import part_of
from entente.foundation.web.moments import moment_of

HEAD = ("npi", "family_name", "given_name", "credential", "profession", "specialty",
        "city", "us_state", "country", "identity_status", "licence_active")  # fmt: skip
# What a row of the list shows, is ordered by, and is licensed by.
LISTED = (
    "id", "org_id", "family_name", "given_name", "middle_name", "suffix", "credential", "npi",
    "specialty", "city", "us_state", "country", "identity_status", "name_key",
)  # fmt: skip
TONES = {"verified": "ok", "unverified": "warn", "candidate": "warn"}


def _asked(request: HttpRequest) -> dict[str, str]:
    names = ("q", "specialty", "state", "country", "status")
    return {name: text_of(request, name) for name in names}


@page("directory.read")
def hcps(request: HttpRequest) -> HttpResponse:
    """List people by words, specialty, state and country."""
    asked = _asked(request)
    rows = lists.narrowed_hcps(asked)
    order = lists.HCP_ORDERS[one_of(request, "sort", lists.HCP_ORDERS) or "name"]
    if request.GET.get("export") == "csv":
        people = as_licensed(rows.order_by(*order)[: MOST_ROWS + 1])
        found = [[getattr(person, name) for name in HEAD] for person in people]
        return csv_file("hcps", HEAD, found, kind="directory.hcp", at=datetime.now(UTC))
    part = part_of(rows.only(*LISTED), order, request.GET)
    as_licensed(part.rows)
    specialties, states, countries = lists.choices(
        "directory_hcp", "specialty", "us_state", "country"
    )
    context: dict[str, Any] = {
        "asked": asked,
        "part": part,
        "specialties": specialties,
        "states": states,
        "countries": countries,
        "statuses": Hcp.IdentityStatus.choices,
        "found_limit": lists.MOST_FOUND if asked["q"] else None,
    }
    return render(request, "directory/hcps.html", context)


@page("directory.read")
def hcp(request: HttpRequest, hcp_id: UUID) -> HttpResponse:
    """Show one person: identity, affiliations, addresses, and what other rooms know."""
    person, at = as_licensed([get_object_or_404(Hcp, id=hcp_id)])[0], moment_of(request)
    records = same_person(person.id, at)
    specialties = list(HcpSpecialty.objects.filter(hcp=person).order_by("-is_primary", "slot"))
    named = dict(
        Taxonomy.objects.filter(code__in=[s.taxonomy_code for s in specialties]).values_list(
            "code", "display_name"
        )
    )
    context = {
        "hcp": person,
        "is_own": person.org_id == current_scope().org_id,
        "tone": TONES.get(person.identity_status, "bad"),
        "specialties": [(s, named.get(s.taxonomy_code, s.taxonomy_code)) for s in specialties],
        "affiliations": affiliations_of(*records),
        "contact_points": contact_points_of(*records),
        "identifiers": identifiers_of(*records),
        "load": load_of(person.source_load_id),
        "confidence": confidence(person),
        "panels": shelf.render_panels("directory.hcp", request, person),
        "joined": joined_records(person, records, at),
    }
    return render(request, "directory/hcp.html", context)


def joined_records(person: Hcp, ids: list[UUID], at: datetime) -> dict[str, Any]:
    """Give what else this person is known as: the record it leads to, or those joined to it."""
    if len(ids) == 1:
        return {}
    known = {each.id: each for each in as_licensed(hcps_by_id(ids).values())}
    stands = survivor_of(person.id, at)
    others = [known[i] for i in ids if i not in (person.id, stands)]
    return {"stands": known[stands] if stands != person.id else None, "others": others}


def confidence(person: Hcp) -> list[tuple[bool, str]]:
    """Say what the identity rests on, each point with whether it holds."""
    registry = {"nppes": "the NPPES registry", "clinicians": "Medicare's list of clinicians"}
    source = {**registry, "fhir": "a FHIR file"}.get(person.source, "an entry by hand")
    points = [
        (person.npi is not None, "National Provider Identifier with a valid check digit"),
        (person.source in registry, f"Known from {source}"),
        (bool(person.licence_active), "Licence to practise is active"),
    ]
    if person.licence_number:
        words = f"Licence {person.licence_number} of {person.licence_state or 'an unknown state'}"
        points.append((True, words))
    if person.deactivated_on and not person.licence_active:
        points.append((False, f"Identifier off since {person.deactivated_on:%Y-%m-%d}"))
    return points
