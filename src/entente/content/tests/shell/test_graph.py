"""The evidence graph: what rests on what, as a page and by program."""

from __future__ import annotations

from datetime import date

import pytest

from entente.content import actions
from entente.content.models import Claim, Version, VersionPart
from entente.content.reads.graph import graph_around
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as


def lines_of(graph):
    """Give the lines with the kinds of their ends, sorted."""
    return sorted(
        (graph.nodes[a].kind, graph.nodes[b].kind)
        for a, b in graph.edges
        if a in graph.nodes and b in graph.nodes
    )


@pytest.mark.feature("content/evidence-graph")
@pytest.mark.parametrize("kind", ["claim", "item"])
def test_a_claim_and_its_item_are_in_one_graph_from_the_source_to_the_page(
    cast, on_web, noon, kind
):
    version, page = made(cast, on_web, noon)
    with act_as(cast.scope(Role.BRAND_LEAD)):
        start = Claim.objects.get().id if kind == "claim" else version.item_id
        name, graph = graph_around(kind, start, at=noon)
    assert name
    assert lines_of(graph) == [
        ("Claim", "Item"),
        ("Item", "Hosted page"),
        ("Item", "Printed copies"),
        ("Item", "Use in a year"),
        ("Reference", "Claim"),
    ]
    assert graph.nodes[f"page-{page.id}"].title == page.slug


def made(cast, on_web, noon):
    """Give a released version with a hosted page and printed copies."""
    version, sender = on_web()
    with act_as(cast.scope(Role.BRAND_LEAD)):
        actions.record_print(
            version.id, holder="East", n_copies=30, printed_on=noon.date(), at=noon
        )
        page = actions.publish_version(
            actions.Publication(version.id, sender.id, "US", slug="lipids"), at=noon
        )
    return version, page


@pytest.mark.feature("content/evidence-graph")
def test_a_claim_that_is_said_through_a_module_is_joined_to_the_module_alone(
    cast, item, words, noon
):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        module = actions.draft_item(
            title="Efficacy", kind="promo", product_id=claim.product_id, module_kind="body",
            at=noon,
        )  # fmt: skip
        said = actions.save_version(module.id, words(claim_ids=[claim.id]), at=noon)
        held = Version.objects.get(item=item)
        VersionPart.objects.create(
            org_id=cast.host.id, item=item, version=held, module_version=said, position=0
        )
        _, graph = graph_around("claim", claim.id, at=noon)
    assert lines_of(graph) == [("Claim", "Module"), ("Module", "Item"), ("Reference", "Claim")]


def test_an_expired_claim_says_so_on_its_box(cast, item, noon):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        claim = Claim.objects.get()
        claim.expires_on = date(2020, 1, 1)
        claim.save()
        _, graph = graph_around("claim", claim.id, at=noon)
    box = graph.nodes[f"claim-{claim.id}"]
    assert (box.tone, box.note) == ("bad", "expired on 2020-01-01")


def test_the_page_draws_boxes_as_links_and_the_same_as_a_list(cast, item, browse):
    client = browse(Role.BRAND_LEAD)
    claim_id = item_claim(cast)
    shown = client.get(f"/content/graph/claim/{claim_id}/")
    said = shown.content.decode()
    assert shown.status_code == 200
    assert f'href="/content/claims/{claim_id}/"' in said
    assert '<div class="graph"' in said
    assert said.count("Carries this") > 1
    assert client.get(f"/content/graph/planet/{claim_id}/").status_code == 404
    assert client.get(f"/content/graph/item/{claim_id}/").status_code == 404


def item_claim(cast):
    with act_as(cast.scope(Role.BRAND_LEAD)):
        return Claim.objects.get().id


def test_another_organisations_claim_has_no_graph(cast, item, noon):
    claim_id = item_claim(cast)
    stranger = cast.scope(Role.PARTNER_MARKETER, cast.stranger)
    with act_as(stranger), pytest.raises(Claim.DoesNotExist):
        graph_around("claim", claim_id, at=noon)


def test_a_program_reads_the_same_graph(cast, item, browse):
    client = browse(Role.BRAND_LEAD)
    told = client.get(f"/api/content/graph/claim/{item_claim(cast)}").json()
    kinds = {each["kind"] for each in told["nodes"]}
    assert {"Claim", "Reference", "Item"} <= kinds
    keys = {each["key"] for each in told["nodes"]}
    assert all(set(edge) <= keys for edge in told["edges"])
