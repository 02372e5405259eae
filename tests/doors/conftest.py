"""Two partners with secrets of their own, and every door of the platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from config.api import api
from entente.alliances import actions as alliances
from entente.alliances.actions import CampaignPlan, CharterTerms
from entente.consent.actions import capture_consent
from entente.content import actions as content
from entente.content.actions import Authorship, StudyPlan, Words
from entente.deals.actions import Registration, register_deal
from entente.deals.domain.criteria import CRITERIA
from entente.directory.actions import add_contact_point, add_hcp, add_legal_entity
from entente.directory.models import Hco, Product
from entente.engagement.actions import plan_placement
from entente.engagement.domain.placements import PlacementPlan
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.models import new_id
from tests.sharing import OPENING, Parties, npis

UUID_PART = re.compile(r"<uuid:\w+>|\{uuid:\w+\}|\{\w+\}")
OTHER_PART = re.compile(r"<(?:\w+:)?\w+>")


@dataclass
class Secrets:
    """What one partner owns: a word that stands in all its texts, and the ids of its rows."""

    word: str
    ids: dict[str, UUID] = field(default_factory=dict)


def doors() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give every page and operation: name, address with marks for ids, methods."""
    for route, view in _patterns(get_resolver()):
        if not route.startswith(("api/", "account/")):
            yield "page", "/" + route, tuple(getattr(view, "methods", ("GET",)))
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for one in view.operations:
                address = re.sub(r"/+", "/", f"/api/{bound.prefix}/{path}")
                yield "operation", address, tuple(one.methods)


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each.callback
        else:
            yield from _patterns(each, route)


def addresses(route: str, ids: dict[str, UUID]) -> list[str]:
    """Fill an address with each id in turn; one without a place for ids stands for itself."""
    if not UUID_PART.search(route):
        return [OTHER_PART.sub("x", route)]
    filled = [UUID_PART.sub(str(each), route) for each in ids.values()]
    return [OTHER_PART.sub("x", each) for each in filled]


def view_of(scope) -> dict[str, str]:
    """Give a hash of all that an organisation sees, table by table."""
    with act_as(scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1"
        )
        seen = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} t"
            )
            seen[table] = cursor.fetchone()[0]
        return seen


@pytest.fixture
def secrets(cast, noon) -> dict[str, Secrets]:
    """Give each of two partners a charter, campaign, item, permission and deal of its own."""
    with act_as(cast.system()):
        product = Product.objects.create(
            id=new_id(), org=cast.host, name="Examplivo", kind="medicine"
        )
        account = Hco.objects.create(
            id=new_id(), org=cast.host, system="test", value=new_id().hex, name="Shore Clinic",
            country="US", name_key="shore clinic", search_text="shore clinic",
        )  # fmt: skip
        entity = add_legal_entity(
            name="Halden Inc", country="US", postal_address="1 Halden Way", at=noon
        )
        hcp = add_hcp(
            family_name="Person", given_name="Test", country="US", profession="physician",
            at=noon, us_state="MA", city="Testford", identity_status="verified",
            licence_active=True,
        )  # fmt: skip
    shared = {"hcp": hcp.id, "product": product.id, "account": account.id}
    made = {}
    for partner, word in ((cast.partner, "Quokkamarine"), (cast.society, "Zebrafinchwood")):
        made[word] = Secrets(word, {"organisation": partner.id, **shared, "unknown": uuid4()})
        _own(cast, partner, made[word], noon)
        _joint(cast, partner, made[word], entity.id, noon)
        _shared(cast, partner, made[word], noon)
    return made


def _own(cast, partner, secret, noon) -> None:
    """Write what belongs to the partner alone."""
    with act_as(cast.system(partner)):
        entity = add_legal_entity(
            name=f"{secret.word} Trust", country="US", postal_address="2 Shore Road", at=noon
        )
        point = add_contact_point(
            secret.ids["hcp"], channel="email", value=f"{secret.word.lower()}@private.test",
            from_on=noon.date() - timedelta(days=90), at=noon,
        )  # fmt: skip
        capture = capture_consent(
            hcp_id=secret.ids["hcp"], controller_id=entity.id, channel="email",
            purpose="education", wording_version="1", source=secret.word, method="form",
            proof_ref=f"form of {secret.word}", captured_at=noon - timedelta(days=30), at=noon,
        )  # fmt: skip
    secret.ids |= {"point": point.id, "capture": capture.id}
    with act_as(cast.scope(Role.PARTNER_SELLER, partner)):
        deal = register_deal(
            Registration(
                account_id=secret.ids["account"], solution_id=secret.ids["product"], kind="new",
                confirmed=tuple(CRITERIA["new"]), value_minor=7_654_321, currency="USD",
                buyer=f"Buyer {secret.word}", site=f"Ward {secret.word}",
            ),
            at=noon,
        )  # fmt: skip
    secret.ids |= {"deal": deal.id, "seller": cast.user(Role.PARTNER_SELLER, partner).id}


def _joint(cast, partner, secret, entity_id, noon) -> None:
    """Write what belongs to the host and the partner together."""
    day = noon.date()
    with act_as(cast.scope(Role.ALLIANCE_MANAGER)):
        charter = alliances.draft_charter(
            CharterTerms(
                name=f"Charter {secret.word}", purpose=f"Purpose {secret.word}",
                from_on=day - timedelta(days=10), to_on=day + timedelta(days=300),
                emails_30d=4, shared_fields=["npi"], measures="Reach", way_out="By share",
            ),
            partner_ids=[partner.id], at=noon,
        )  # fmt: skip
    with act_as(cast.scope(Role.BRAND_LEAD)):
        item = content.draft_item(
            title=f"Item {secret.word}", kind="educational", at=noon, partner_ids=[partner.id]
        )
        version = content.save_version(
            item.id,
            Words(
                subject=f"Subject {secret.word}", html=f"<p>{secret.word}</p>", text=secret.word,
                markets=["US"], audiences=["hcp"], channels=["email", "social"],
                expires_on=day + timedelta(days=300), support_statement="",
            ),
            at=noon,
        )  # fmt: skip
        campaign = alliances.draft_campaign(
            CampaignPlan(
                name=f"Campaign {secret.word}", kind="launch", purpose="promotion",
                controller_id=entity_id, country="US", launch_on=day + timedelta(days=90),
                ends_on=day + timedelta(days=150), currency="USD", ceiling_minor=5_000_000,
                charter_id=charter.id, product_id=secret.ids["product"],
            ),
            shares={cast.host.id: Decimal("0.6"), partner.id: Decimal("0.4")},
            at=noon, version_id=version.id,
        )  # fmt: skip
        line = alliances.add_budget_line(
            campaign.id, payer_id=cast.host.id, category="content", rule="equal",
            estimate_minor=1_200_000, at=noon,
        )  # fmt: skip
        study, co_author = _evidence(item, partner, secret.word, noon)
        placement = _placed(version, campaign, entity_id, secret.word, noon)
    secret.ids |= {
        "study": study.id, "co_author": co_author.id, "placement": placement.id,
        "charter": charter.id, "item": item.id, "version": version.id,
        "campaign": campaign.id, "line": line.id,
    }  # fmt: skip


def _placed(version, campaign, entity_id, word, noon):
    """Plan a publication of the campaign that the partner sees too."""
    return plan_placement(
        PlacementPlan(
            version_id=version.id, controller_id=entity_id, channel="social", markets=("US",),
            audience="hcp", outlet=f"Outlet {word}", from_on=noon.date(),
            campaign_id=campaign.id, media_line=f"Line {word}", planned_minor=5_000, currency="USD",
        ),
        at=noon,
    )  # fmt: skip


def _evidence(item, partner, word, noon):
    """Write a study that the partner does too, and a co-author of the item."""
    day = noon.date()
    study = content.record_study(
        StudyPlan(f"Study {word}", f"P-{word}", partner_ids=[partner.id]), at=noon
    )
    content.add_milestone(study.id, title=f"Step {word}", due_on=day, org_id=partner.id, at=noon)
    co_author = content.add_co_author(
        item.id,
        Authorship(
            f"Author {word}", "The cases", "Web", "AGR-1", day + timedelta(days=300),
            f"Interests {word}",
        ),
        at=noon,
    )  # fmt: skip
    return study, co_author


def _shared(cast, partner, secret, noon) -> None:
    """Write a share contract of the host and the partner, and compare their lists."""
    parties = Parties(cast, noon, partner)
    contract = parties.contract(replace(OPENING, name=f"Share {secret.word}"))
    theirs = parties.load(1, npis(20, 90), name=f"List {secret.word}")
    found = parties.compare(contract.id, parties.load(0, npis(1, 60)), theirs)
    assert found.total == 40
    secret.ids |= {"share": contract.id, "list": theirs, "overlap": found.id}
