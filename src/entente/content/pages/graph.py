"""The evidence graph: from study and label to claim, item and copies, in both directions."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from entente.content.domain.graph import Node, lay_out
from entente.content.pages.graph_drawing import draw
from entente.content.reads.graph import AROUND, graph_around
from entente.foundation.web.doors import page

_PAGES = {
    "claim": "content:claim",
    "item": "content:item",
    "label": "content:label",
    "study": "content:study",
    "version": "content:version",
    "hosted page": "content:hosted_page",
}


def _address_of(node: Node) -> str:
    return reverse(_PAGES[node.opens[0]], args=[node.opens[1]]) if node.opens else node.url


@page("content.read")
def graph(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Show what something rests on and what rests on it."""
    if kind not in AROUND:
        raise Http404
    name, found = graph_around(kind, object_id, at=datetime.now(UTC))
    picture = lay_out(found.nodes.values(), found.edges)
    lines = [
        (found.nodes[a], _address_of(found.nodes[a]), found.nodes[b], _address_of(found.nodes[b]))
        for a, b in found.edges
        if a in found.nodes and b in found.nodes
    ]
    lines.sort(key=lambda line: (line[0].column, line[0].title, line[2].column, line[2].title))
    context = {
        "name": name,
        "back": reverse(_PAGES[kind], args=[object_id]),
        "drawing": draw("Evidence graph", picture, address_of=_address_of) if lines else "",
        "lines": lines,
    }
    return render(request, "content/graph.html", context)
