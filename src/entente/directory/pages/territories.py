"""Territories: the map, one territory with its people, its rule and who looks after it."""

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
from entente.directory.actions import Ground
from entente.directory.domain.territories import TILES, band, split_lines, split_words
from entente.directory.models import Hco, Hcp, Territory
from entente.directory.pages import drawings
from entente.directory.pages.hierarchy import parse_day
from entente.directory.reads import territories as reads
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import day_of, one_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

BANDS = ("Nobody covered", "Up to a quarter", "Up to a half", "Up to three quarters", "More")
TRAIL = "Territories"


def today() -> date:
    """Give the present day; the pages' door to the clock."""
    return datetime.now(UTC).date()


def trail(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Give the way to a page below the list of territories."""
    first = {"label": TRAIL, "url": reverse("directory:territories")}
    return [first, *({"label": label, "url": url} for label, url in more)]


@page("territory.read")
def territories(request: HttpRequest) -> HttpResponse:
    """Show how well each state is covered, and every territory with its people."""
    on = today()
    forces = reads.forces()
    force = one_of(request, "force", forces)
    found = list(reads.territories(force=force, open_on=on)[:1000])
    last = reads.last_alignment()
    cover = reads.cover_by_state(last) if last else []
    keepers = reads.assignments(on)
    context = {
        "rows": [
            (each, (last.by_territory if last else {}).get(str(each.id), 0),
             [a.user.name for a in keepers.get(each.id, [])])
            for each in found
        ],
        "forces": [(each, each) for each in forces],
        "force": force,
        "last": last,
        "waiting": reads.waiting_alignment(),
        "cover": [c for c in cover if c.n_all],
        "map": _map(cover) if any(c.state in TILES for c in cover) else "",
        "n_all": sum(c.n_all for c in cover),
        "n_white": sum(c.n_white for c in cover),
        "n_double": sum(c.n_double for c in cover),
        "n_open": reads.n_open_challenges(),
        "today": on,
    }  # fmt: skip
    return render(request, "directory/territories.html", context)


def _map(cover: list[reads.StateCover]) -> Any:
    known = {each.state: each for each in cover}
    tiles = []
    for code, (column, row) in TILES.items():
        each = known.get(code)
        words = (
            f"{code}: {each.n_covered:,} of {each.n_all:,} covered" if each else f"{code}: nobody"
        )
        href = f"{reverse('directory:cover')}?view=white&state={code}" if each else ""
        shade = band(each.n_covered, each.n_all) if each else 0
        tiles.append(drawings.Tile(code, column, row, shade, words, href))
    return drawings.tile_map("How much of each state is covered", tiles, BANDS)


@page("territory.write", methods=("POST",))
def align(request: HttpRequest) -> HttpResponse:
    """Ask for an alignment as of a day; a worker computes it."""
    as_of = parse_day(request.POST.get("as_of")) or today()
    try:
        actions.ask_alignment(as_of=as_of, at=datetime.now(UTC))
    except UserError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"The alignment as of {as_of:%Y-%m-%d} is being computed.")
    return redirect("directory:territories")


class GroundForm(forms.Form):
    """What belongs to a territory, and from when."""

    country = forms.CharField(label="Country", min_length=2, max_length=2, initial="US")
    states = forms.CharField(
        label="States", required=False, max_length=400, help_text="Two capitals each: CT MA RI"
    )
    zip_prefixes = forms.CharField(
        label="ZIP codes beginning with", required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One to five digits each, parted by blanks: 060 0611. The longest match wins.",
    )  # fmt: skip
    specialties = forms.CharField(
        label="Specialties", required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, as the directory writes them; empty means all.",
    )  # fmt: skip
    from_on = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))

    def ground(self) -> Ground:
        """Give the ground as it was typed."""
        given = self.cleaned_data
        return Ground(
            given["country"].upper(),
            [word.upper() for word in split_words(given["states"])],
            split_words(given["zip_prefixes"]),
            split_lines(given["specialties"]),
        )


class TerritoryForm(GroundForm):
    """A territory and its first rule."""

    name = forms.CharField(label="Name", max_length=120)
    force = forms.CharField(
        label="Field force", max_length=80,
        help_text="A person is in one territory of a field force at most.",
    )  # fmt: skip
    kind = forms.ChoiceField(label="Made of", choices=Territory.Kind.choices)
    takes_uncovered = forms.BooleanField(
        label="Take in people whom nobody of the force covers as soon as a representative asks",
        required=False,
    )
    field_order = ("name", "force", "kind")


@page("territory.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Make a territory."""
    form = TerritoryForm(
        request.POST if request.method == "POST" else None, initial={"from_on": today()}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.add_territory(
                given["name"], given["force"], given["kind"], form.ground(),
                from_on=given["from_on"], takes_uncovered=given["takes_uncovered"],
                at=datetime.now(UTC),
            )  # fmt: skip
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, f"{made.name} is made; an alignment says who is in it.")
            return redirect("directory:territory", made.id)
    context = {"form": form, "trail": trail(), "title": "Add territory", "submit": "Add territory"}
    return render(
        request, "directory/territory_form.html", context, status=422 if form.errors else 200
    )


@page("territory.read")
def territory(request: HttpRequest, territory_id: UUID) -> HttpResponse:
    """Show one territory on a day: people, rule, exceptions, representatives."""
    found = get_object_or_404(Territory, id=territory_id)
    on = day_of(request, "on") or today()
    part = part_of(reads.people_in(found.id, on), reads.PEOPLE_ORDER, request.GET)
    bases = reads.bases_of(found.id, [person.id for person in part.rows], on)
    scope = current_scope()
    may_write = "territory.write" in scope.may
    may_ask = "territory.challenge" in scope.may and scope.actor_id is not None and (
        may_write or reads.is_looked_after_by(scope.actor_id, found.id, today())
    )  # fmt: skip
    context = {
        "territory": found,
        "on": on,
        "part": part,
        "people": [(person, bases.get(person.id, "")) for person in part.rows],
        "versions": reads.versions_of(found.id),
        "exceptions": reads.exceptions_of(found.id, on),
        "keepers": reads.assignments(on, [found.id]).get(found.id, []),
        "colleagues": [(u.id, f"{u.name} · {u.title}") for u in reads.colleagues()]
        if may_write
        else [],
        "challenges": list(reads.challenges("open").filter(territory=found)[:20]),
        "may_ask": may_ask,
        "wants": [("add", "Into this territory"), ("remove", "Out of it")],
        "trail": trail(),
        "last": reads.last_alignment(),
    }
    return render(request, "directory/territory.html", context)


@page("territory.write", methods=("GET", "POST"))
def change(request: HttpRequest, territory_id: UUID) -> HttpResponse:
    """Give a territory another rule from a day on."""
    found = get_object_or_404(Territory, id=territory_id)
    held = reads.versions_of(found.id)[0]
    initial = {
        "country": held.country,
        "states": " ".join(held.states),
        "zip_prefixes": " ".join(held.zip_prefixes),
        "specialties": "\n".join(held.specialties),
        "from_on": today(),
    }
    form = GroundForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.change_territory(
                found.id, form.ground(), from_on=form.cleaned_data["from_on"], at=datetime.now(UTC)
            )
        except UserError as wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        else:
            messages.success(request, f"Version {made.number} holds from {made.from_on:%Y-%m-%d}.")
            return redirect("directory:territory", found.id)
    context = {
        "form": form,
        "trail": trail((found.name, reverse("directory:territory", args=[found.id]))),
        "title": f"Change the rule of {found.name}",
        "submit": "Make a new version",
    }
    return render(
        request, "directory/territory_form.html", context, status=422 if form.errors else 200
    )


def _done(request: HttpRequest, territory_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("directory:territory", territory_id)


def _refused(request: HttpRequest, territory_id: UUID, wrong: UserError) -> HttpResponse:
    messages.error(request, str(wrong))
    return redirect("directory:territory", territory_id)


@page("territory.write", methods=("POST",))
def assign(request: HttpRequest, territory_id: UUID) -> HttpResponse:
    """Let a colleague look after a territory, or end that."""
    found = get_object_or_404(Territory, id=territory_id)
    user_id = parse_id(request.POST.get("user"))
    ended = parse_id(request.POST.get("assignment"))
    at = datetime.now(UTC)
    try:
        if ended is not None:
            actions.end_assignment(ended, on=at.date(), at=at)
            return _done(request, found.id, "The assignment has ended.")
        if user_id is None:
            raise UserError("Choose a colleague.", field="user")
        actions.assign_representative(found.id, user_id, from_on=at.date(), at=at)
    except UserError as wrong:
        return _refused(request, found.id, wrong)
    return _done(request, found.id, "The colleague looks after this territory from today.")


@page("territory.write", methods=("POST",))
def exception(request: HttpRequest, territory_id: UUID) -> HttpResponse:
    """Put a person or account into a territory, take a person out, or end an exception."""
    found = get_object_or_404(Territory, id=territory_id)
    at = datetime.now(UTC)
    ended = parse_id(request.POST.get("exception"))
    try:
        if ended is not None:
            actions.end_exception(ended, on=at.date(), at=at)
            return _done(request, found.id, "The exception has ended; the rule decides again.")
        actions.add_exception(
            found.id,
            hcp_id=_person(request.POST.get("npi")),
            is_added=request.POST.get("wanted") != "remove",
            reason=request.POST.get("reason") or "",
            from_on=at.date(),
            at=at,
        )
    except UserError as wrong:
        return _refused(request, found.id, wrong)
    return _done(request, found.id, "The exception holds from the next alignment on.")


@page("territory.write", methods=("POST",))
def add_account(request: HttpRequest, hco_id: UUID) -> HttpResponse:
    """Put an account with all its people into a territory."""
    account = get_object_or_404(Hco, id=hco_id)
    at, territory_id = datetime.now(UTC), parse_id(request.POST.get("territory"))
    try:
        if territory_id is None:
            raise UserError("Choose a territory.", field="territory")
        actions.add_exception(
            territory_id, hco_id=account.id, from_on=at.date(), at=at,
            reason=request.POST.get("reason") or "",
        )  # fmt: skip
    except UserError as wrong:
        messages.error(request, str(wrong))
        return redirect("directory:hco", account.id)
    return _done(request, territory_id, f"{account.display_name} comes in with the next alignment.")


def _person(npi: str | None) -> UUID | None:
    from entente.directory.reads import hcps_by_npi

    if not (npi or "").strip():
        return None
    found = hcps_by_npi([(npi or "").strip()])
    if not found:
        raise UserError("Nobody in the directory has this NPI.", field="npi")
    return next(iter(found.values())).id


def parse_id(text: str | None) -> UUID | None:
    """Read an id as a form gives it; None where there is none."""
    try:
        return UUID((text or "").strip())
    except ValueError:
        return None


def hcp_panel(request: HttpRequest, hcp: Hcp) -> dict[str, Any]:
    """Give the territories in which a person is, and those for which the reader may ask."""
    scope, on = current_scope(), today()
    mine = reads.looked_after(scope.actor_id, on) if scope.actor_id else []
    held = reads.territories_of(hcp.id, on)
    inside = {row.territory_id for row in held}
    may_ask = "territory.challenge" in scope.may
    return {
        "hcp": hcp,
        "held": held,
        "mine": [(t.id, f"{t.name} ({t.force})") for t in mine if t.id not in inside],
        "mine_ids": {t.id for t in mine},
        "may_ask": may_ask,
    }


def hco_panel(request: HttpRequest, hco: Hco) -> dict[str, Any] | None:
    """Let a manager put an account into a territory."""
    found = reads.territories(open_on=today())[:500]
    choices = [(t.id, f"{t.name} ({t.force})") for t in found]
    return {"hco": hco, "choices": choices} if choices else None
