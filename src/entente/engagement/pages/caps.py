"""Caps near their limit: whom one should not plan to write to, and from when one may again."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from entente.engagement.reads import caps as reads
from entente.foundation.web.asked import one_of
from entente.foundation.web.doors import page
from entente.foundation.web.naming import Named, names_of

LEFT = [("0", "Cap reached")]


@page("send.read")
def caps(request: HttpRequest) -> HttpResponse:
    """List people at their frequency cap or near it."""
    at = datetime.now(UTC)
    left = int(one_of(request, "left", ["0"]) or 1)
    found, n_people = reads.near_limit(at=at, left=left)
    named = names_of([("hcp", each.hcp_id) for each in found])
    context = {
        "rows": [
            (named.get(("hcp", each.hcp_id), Named("A person")), each,
             each.next_at is not None and each.next_at <= at)
            for each in found
        ],
        "n_people": n_people,
        "left": LEFT,
        "trail": [{"label": "Sends", "url": reverse("engagement:sends")}],
    }  # fmt: skip
    return render(request, "engagement/caps.html", context)
