"""Labels: the list, one label with its versions and sections, two versions compared, a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from entente.content import actions
from entente.content.actions import LabelLoad
from entente.content.domain.labels import BOXED, INDICATIONS, Change
from entente.content.models import LabelSection, LabelVersion
from entente.content.pages.forms import blame
from entente.content.reads import claim as claim_of
from entente.content.reads import labels as reads
from entente.directory import reads as directory
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.web.asked import text_of
from entente.foundation.web.doors import page
from entente.foundation.web.lists import part_of

MOST_BYTES = 30_000_000
_TONES = {
    Change.ADDED: ("Added", "ok"),
    Change.REMOVED: ("Removed", "bad"),
    Change.CHANGED: ("Changed", "warn"),
}


class LabelForm(forms.Form):
    """A label file and the product it is of."""

    product = forms.ChoiceField()
    file = forms.FileField(
        label="SPL file", help_text="The label's XML as published, plain or packed as .gz."
    )
    other_name = forms.BooleanField(
        required=False,
        label="The label calls the product otherwise",
        help_text="Only where you know that it is this product: the same substance under another"
        " name has another label.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(p.id), p.name) for p in directory.products()]
        self.fields["product"].choices = [("", "Choose"), *found]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is read."""
        given: UploadedFile[bytes] = self.cleaned_data["file"]
        if given.size and given.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 30 MB.")
        return given


class GroundForm(forms.Form):
    """The section of a label on which a claim stands."""

    section = forms.ChoiceField(label="Section")
    quote = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Words that carry it",
        help_text="As they stand in the section.",
    )

    def __init__(self, *args: Any, sections: list[LabelSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (str(s.id), f"{'· ' * (s.level - 1)}{s.title or s.code}")
            for s in sections
            if s.text or s.title
        ]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]


@page("content.read")
def labels(request: HttpRequest) -> HttpResponse:
    """List the labels that are loaded, with the claims that wait for a look."""
    text = text_of(request, "q")
    part = part_of(reads.label_rows(text=text), ["-id"], request.GET)
    stale = reads.claims_to_recheck(on=datetime.now(UTC).date(), org_id=current_scope().org_id)
    return render(
        request, "content/labels.html", {"part": part, "asked": {"q": text}, "stale": stale}
    )


@page("content.write", methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Load a label file."""
    form = LabelForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = actions.load_label(
                given["file"].read(),
                product_id=UUID(given["product"]),
                other_name=given["other_name"],
                at=datetime.now(UTC),
            )
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, _told(done))
            return redirect("content:label", done.version.label_id)
    status = 422 if form.errors else 200
    return render(request, "content/label_add.html", {"form": form}, status=status)


def _told(done: LabelLoad) -> str:
    if not done.is_new:
        return f"Version {done.version.number} was here already; nothing changed."
    touched = f" {done.n_flagged} claims have to be reviewed again." if done.n_flagged else ""
    return f"Version {done.version.number} is loaded with {done.n_sections} sections.{touched}"


@page("content.read")
def label(request: HttpRequest, label_id: UUID) -> HttpResponse:
    """Show a label: its versions, and the sections of one of them."""
    found = reads.label(label_id)
    versions = reads.versions_of_label(found.id)
    current = reads.in_force(versions, on=datetime.now(UTC).date())
    shown = _asked(request, versions) or current or versions[0]
    sections = reads.sections_of(shown)
    context = {
        "label": found,
        "versions": versions,
        "current": current,
        "shown": shown,
        "boxed": [s for s in sections if s.code == BOXED],
        "indications": _with_parts(sections, INDICATIONS),
        "sections": sections,
        "before": next((v for v in versions if v.number < shown.number), None),
    }
    return render(request, "content/label.html", context)


def _asked(request: HttpRequest, versions: list[LabelVersion]) -> LabelVersion | None:
    number = text_of(request, "version")
    if not number:
        return None
    found = next((v for v in versions if str(v.number) == number), None)
    if found is None:
        raise Http404
    return found


def _with_parts(sections: list[LabelSection], code: str) -> list[LabelSection]:
    inside: set[int] = set()
    for each in sections:
        if (each.code == code and each.parent not in inside) or each.parent in inside:
            inside.add(each.position)
    return [s for s in sections if s.position in inside and s.text]


@page("content.read")
def compare(request: HttpRequest, label_id: UUID, before: int, after: int) -> HttpResponse:
    """Compare two versions of a label."""
    found = reads.label(label_id)
    versions = {v.number: v for v in reads.versions_of_label(found.id)}
    if before not in versions or after not in versions:
        raise Http404
    changes = reads.compare_versions(versions[before], versions[after])
    context = {
        "label": found,
        "before": versions[before],
        "after": versions[after],
        "changes": [(c, *_TONES[c.change]) for c in changes if c.change != Change.SAME],
        "n_same": sum(c.change == Change.SAME for c in changes),
    }
    return render(request, "content/label_compare.html", context)


@page("content.read", methods=("GET", "POST"))
def ground(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """Say, or confirm after a newer label, on which section a claim stands."""
    claim, at = claim_of(claim_id), datetime.now(UTC)
    if claim.org_id != current_scope().org_id:
        raise Http404
    standing = reads.standing_of(claim.id, on=at.date())
    version = reads.label_version_for(
        claim.product_id, org_ids=[claim.org_id], markets=[claim.market], on=at.date()
    )
    sections = reads.sections_of(version) if version else []
    initial = {"section": str(standing.now.id), "quote": standing.ground.quote} if (
        standing and standing.now
    ) else {}  # fmt: skip
    form = GroundForm(request.POST or None, sections=sections, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.ground_claim(claim.id, UUID(given["section"]), quote=given["quote"], at=at)
        except UserError as wrong:
            blame(form, wrong)
        else:
            messages.success(request, "The claim stands on this section of the label.")
            return redirect("content:claim", claim.id)
    context = {"claim": claim, "form": form, "version": version, "standing": standing}
    needed = "content.write" if standing is None else "content.review"
    context["may_ground"] = needed in current_scope().may
    return render(request, "content/claim_ground.html", context, status=422 if form.errors else 200)
