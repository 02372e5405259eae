"""Hierarchies: the panels of organisations and people, and the forms that change a link."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entente.directory import actions
from entente.directory.models import Hco, HcoLink, Hcp
from entente.directory.pages import drawings
from entente.directory.reads import hierarchy as reads
from entente.directory.reads import same_person, search_hcos
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import day_of, text_of
from entente.foundation.web.doors import page
from entente.foundation.web.moments import moment_of

ACQUIRED = "acquired"
KINDS = [
    (ACQUIRED, "was acquired by (ends the former owner's link)"),
    *[(kind.value, f"is {kind.label.lower()}") for kind in HcoLink.Kind],
]


def _day(request: HttpRequest) -> date:
    return day_of(request, "on") or datetime.now(UTC).date()


def hco_panel(request: HttpRequest, hco: Hco) -> dict[str, Any]:
    """Give the tree in which an organisation stands on the chosen day."""
    on = _day(request)
    line = reads.line_as_of(hco.id, on)
    tree = reads.family_as_of(line[-1].id, on, limit=reads.MOST_SHOWN)
    n_hcos, n_people = reads.n_in_family(hco.id, on)
    return {
        "hco": hco,
        "on": on,
        "tree": tree,
        "line": list(reversed(line[1:])),
        "n_hcos": n_hcos,
        "n_people": n_people,
        "is_cut": len(tree) == reads.MOST_SHOWN,
        "links": reads.parents_as_of(hco.id, on),
        "may_write": "directory.import" in current_scope().may,
        "own": current_scope().org_id,
    }


def changes_panel(request: HttpRequest, hco: Hco) -> dict[str, Any] | None:
    """Give what changed above and below an organisation; nothing where nothing ever did."""
    changes = reads.changes_of(hco.id)
    return {"changes": changes} if changes else None


def hcp_panel(request: HttpRequest, hcp: Hcp) -> dict[str, Any] | None:
    """Give a person's affiliations on a line of years, and as a graph up to the chains."""
    now = moment_of(request)
    found = reads.affiliations_of(*same_person(hcp.id, now))
    if not found:
        return None
    today = now.date()
    current = {a.hco_id: a for a in found if _is_current(a, today)}
    links, known = reads.links_above(list(current), today)
    nodes = {"hcp": drawings.Node("hcp", hcp.display_name, hcp.profession_words)}
    for hco in [*(a.hco for a in current.values()), *known.values()]:
        nodes[str(hco.id)] = drawings.Node(
            str(hco.id), hco.display_name, hco.kind or hco.place, _url(hco.id)
        )
    edges = [("hcp", str(hco_id)) for hco_id in current]
    edges += [(str(child), str(parent)) for child, parent, _ in links]
    spans = [
        drawings.Span(a.hco.display_name, a.from_on, a.to_on, _words(a), _url(a.hco_id))
        for a in found
    ]
    return {
        "timeline": drawings.spans("Affiliations by year", spans, today=today),
        "graph": drawings.graph("Affiliations today", nodes, "hcp", edges) if edges else "",
        "rows": [(nodes[str(c)].label, HcoLink.Kind(k).label, nodes[str(p)].label)
                 for c, p, k in links],
    }  # fmt: skip


def _is_current(affiliation: Any, day: date) -> bool:
    begun = affiliation.from_on is None or affiliation.from_on <= day
    return begun and (affiliation.to_on is None or affiliation.to_on > day)


def _words(affiliation: Any) -> str:
    since = f"{affiliation.from_on:%Y-%m-%d}" if affiliation.from_on else "not known since when"
    return f"{since} to {affiliation.to_on:%Y-%m-%d}" if affiliation.to_on else f"{since}, still"


def _url(hco_id: UUID) -> str:
    return reverse("directory:hco", args=[hco_id])


class LinkForm(forms.Form):
    """To whom an organisation belongs, how, and from when."""

    parent = forms.ChoiceField(label="Organisation above")
    kind = forms.ChoiceField(label="How", choices=KINDS)
    from_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label="Where this is known from", required=False, max_length=300,
        help_text="For example a press release and its day.",
    )  # fmt: skip

    def __init__(self, data: Any, *, found: list[Hco]) -> None:
        super().__init__(data)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(h.id), f"{h.display_name} · {h.place or h.value}") for h in found]


@page("directory.import", methods=("GET", "POST"))
def link(request: HttpRequest, hco_id: UUID) -> HttpResponse:
    """Find the organisation above, then say how and from when this one belongs to it."""
    hco = get_object_or_404(Hco, id=hco_id)
    asked = text_of(request, "q")
    found = [each for each in search_hcos(asked, 30) if each.id != hco.id] if asked else []
    form = LinkForm(request.POST if request.method == "POST" else None, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            _write(hco, form.cleaned_data)
        except UserError as wrong:
            field = {"on": "from_on"}.get(wrong.field or "", wrong.field)
            form.add_error(field if field in form.fields else None, str(wrong))
        else:
            messages.success(request, f"{hco.display_name}: the change is recorded.")
            return redirect("directory:hco", hco.id)
    trail = [
        {"label": "Health-care organisations", "url": reverse("directory:hcos")},
        {"label": hco.display_name, "url": _url(hco.id)},
    ]
    context = {"hco": hco, "form": form, "found": found, "asked": asked, "trail": trail}
    return render(request, "directory/hco_link.html", context, status=422 if form.errors else 200)


def _write(hco: Hco, given: dict[str, Any]) -> None:
    at, parent = datetime.now(UTC), UUID(given["parent"])
    if given["kind"] == ACQUIRED:
        actions.acquire_hco(hco.id, parent, on=given["from_on"], note=given["note"], at=at)
    else:
        actions.link_hcos(
            hco.id, parent, kind=given["kind"], from_on=given["from_on"], note=given["note"], at=at
        )


@page("directory.import", methods=("POST",))
def end_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """End a link on the day given in the form."""
    found = reads.link(link_id)
    on = parse_day(request.POST.get("on"))
    if on is None:
        messages.error(request, "Give the day as YYYY-MM-DD.")
        return redirect("directory:hco", found.child_id)
    try:
        actions.end_hco_link(link_id, on=on, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"The link ends on {on:%Y-%m-%d}.")
    return redirect("directory:hco", found.child_id)


def parse_day(text: str | None) -> date | None:
    """Read a day as a form gives it; None where there is none."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
