"""The evidence graph by program."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema

from entente.content.api.shapes import now, router
from entente.content.domain.graph import Node
from entente.content.reads.graph import graph_around
from entente.foundation.web.doors import operation


class NodeOut(Schema):
    """A box: what it is, its words, and the object that it stands for."""

    key: str
    kind: str
    title: str
    note: str
    object_kind: str
    object_id: UUID | None
    url: str


class GraphOut(Schema):
    """Boxes, and lines from the evidence to what rests on it, by the keys of the boxes."""

    name: str
    nodes: list[NodeOut]
    edges: list[tuple[str, str]]


def _told(node: Node) -> NodeOut:
    kind, object_id = node.opens or ("", None)
    return NodeOut(
        key=node.key,
        kind=node.kind,
        title=node.title,
        note=node.note,
        object_kind=kind,
        object_id=object_id,
        url=node.url,
    )


@router.get("/graph/{kind}/{object_id}", response=GraphOut, summary="The evidence graph")
@operation("content.read")
def graph(
    request: HttpRequest, kind: Literal["claim", "item", "label", "study"], object_id: UUID
) -> Any:
    """Give what a claim, an item, a label or a study rests on, and what rests on it."""
    name, found = graph_around(kind, object_id, at=now())
    edges = sorted(each for each in found.edges if set(each) <= found.nodes.keys())
    return GraphOut(name=name, nodes=[_told(n) for n in found.nodes.values()], edges=edges)
