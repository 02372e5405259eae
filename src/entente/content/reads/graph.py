"""The evidence graph around something: studies, sources, claims, modules, items, copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from entente.content.domain.graph import Column, Node
from entente.content.domain.states import WORDS, Status
from entente.content.domain.studies import FALLEN
from entente.content.models import (
    Claim,
    ClaimGround,
    ClaimUse,
    HostedPage,
    Item,
    Label,
    PrintRun,
    Reference,
    Study,
    Version,
    VersionPart,
)
from entente.content.reads.labels import standings
from entente.content.uses import Window, columns, counted

MOST_CLAIMS = 200
YEAR = 365
# What is settled for good says nothing of today; the list of versions has it.
_LIVE = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN)


@dataclass
class Graph:
    """Boxes and lines, from the evidence to its use."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: set[tuple[str, str]] = field(default_factory=set)

    def add(self, node: Node) -> str:
        """Add a box once and give its key."""
        self.nodes.setdefault(node.key, node)
        return node.key


def graph_around(kind: str, object_id: UUID, *, at: datetime) -> tuple[str, Graph]:
    """Give the name of a claim, an item, a label or a study, and the graph around it.

    Parameters
    ----------
    kind : str
        One of ``AROUND``.

    Raises
    ------
    KeyError
        If the kind is none of them.
    Claim.DoesNotExist, Item.DoesNotExist, Label.DoesNotExist, Study.DoesNotExist
    """
    name, claims = AROUND[kind](object_id)
    return name, _around(claims, at=at)


def _of_one_claim(claim_id: UUID) -> tuple[str, list[UUID]]:
    claim = Claim.objects.get(id=claim_id)
    return claim.text, [claim.id]


def _of_item(item_id: UUID) -> tuple[str, list[UUID]]:
    item = Item.objects.get(id=item_id)
    made = ClaimUse.objects.filter(
        Q(item=item) | Q(version__built_in__version__item=item), version__status__in=_LIVE
    )
    return item.title, list(made.values_list("claim_id", flat=True).distinct()[:MOST_CLAIMS])


def _of_label(label_id: UUID) -> tuple[str, list[UUID]]:
    label = Label.objects.get(id=label_id)
    grounds = ClaimGround.objects.filter(section__version__label=label)
    return str(label), list(grounds.values_list("claim_id", flat=True).distinct()[:MOST_CLAIMS])


def _of_study(study_id: UUID) -> tuple[str, list[UUID]]:
    study = Study.objects.get(id=study_id)
    resting = Reference.objects.filter(study=study).values_list("claim_id", flat=True)
    return str(study), list(resting.distinct()[:MOST_CLAIMS])


AROUND: dict[str, Callable[[UUID], tuple[str, list[UUID]]]] = {
    "claim": _of_one_claim,
    "item": _of_item,
    "label": _of_label,
    "study": _of_study,
}
"""Around what a graph may be drawn, with how its claims are found."""


def _around(claim_ids: Collection[UUID], *, at: datetime) -> Graph:
    """Draw both ways from some claims, in one question per kind of box."""
    on = at.date()
    graph, claims = Graph(), list(Claim.objects.filter(id__in=list(claim_ids)).order_by("text"))
    for claim in claims:
        graph.add(_of_claim(claim, on=on))
    wanted = [claim.id for claim in claims]
    _sources(graph, wanted, on=on)
    versions = _uses(graph, wanted, on=on)
    _copies(graph, versions)
    _what_became_of_it(graph, versions, at=at)
    return graph


def _of_claim(claim: Claim, *, on: date) -> Node:
    if claim.withdrawn_at:
        note, tone = "withdrawn", "bad"
    elif claim.expires_on and claim.expires_on < on:
        note, tone = f"expired on {claim.expires_on}", "bad"
    else:
        note = f"{claim.market} · " + ("in the label" if claim.in_label else "not in the label")
        tone = "" if claim.in_label else "warn"
    return Node(
        f"claim-{claim.id}", Column.CLAIM, "Claim", claim.text, note,
        ("claim", claim.id), tone=tone,
    )  # fmt: skip


def _sources(graph: Graph, claims: list[UUID], *, on: date) -> None:
    references = Reference.objects.filter(claim_id__in=claims).exclude(
        checks__replaced_by__isnull=False
    )
    for each in references.select_related("study").order_by("title", "id"):
        # The same page of the same source supports several claims: one box.
        key = graph.add(
            Node(
                f"reference-{each.title}|{each.source}|{each.anchor}", Column.SOURCE, "Reference",
                each.title, f"{each.source}, {each.anchor}", url=each.url,
                tone="bad" if each.valid_until and each.valid_until < on else "",
            )
        )  # fmt: skip
        graph.edges.add((key, f"claim-{each.claim_id}"))
        if each.study:
            graph.edges.add((graph.add(_study_box(each.study)), key))
    for claim_id, standing in standings(claims, on=on).items():
        section = standing.ground.section
        label = section.version.label
        origin = graph.add(
            Node(
                f"label-{label.id}", Column.ORIGIN, "Label", str(label),
                f"version {standing.current.number}" if standing.current else "",
                ("label", label.id),
            )
        )  # fmt: skip
        key = graph.add(
            Node(
                f"section-{label.id}|{section.key}", Column.SOURCE, "Label section", str(section),
                "to be checked again" if standing.is_stale else "as quoted",
                ("label", label.id), tone="warn" if standing.is_stale else "",
            )
        )  # fmt: skip
        graph.edges |= {(origin, key), (key, f"claim-{claim_id}")}


def _study_box(study: Study) -> Node:
    fallen = study.status in FALLEN
    return Node(
        f"study-{study.id}", Column.ORIGIN, "Study", study.title, study.status,
        ("study", study.id), tone="bad" if fallen else "",
    )  # fmt: skip


def _of_version(version: Version, *, on: date) -> Node:
    is_module = version.item.form == Item.Form.MODULE
    words, tone = WORDS[version.status]
    if version.status == Status.APPROVED and version.expires_on < on:
        words, tone = f"expired on {version.expires_on}", "bad"
    return Node(
        f"version-{version.id}", Column.MODULE if is_module else Column.ITEM,
        "Module" if is_module else "Item", version.item.title,
        f"version {version.number} · {words.lower()}",
        ("version", version.id), tone=tone,
    )  # fmt: skip


def _uses(graph: Graph, claims: list[UUID], *, on: date) -> list[UUID]:
    made: dict[UUID, set[UUID]] = defaultdict(set)
    versions: dict[UUID, Version] = {}
    uses = ClaimUse.objects.filter(claim_id__in=claims, version__status__in=_LIVE)
    for use in uses.select_related("version__item"):
        versions[use.version_id] = use.version
        made[use.version_id].add(use.claim_id)
    modules = [each.id for each in versions.values() if each.item.form == Item.Form.MODULE]
    held = VersionPart.objects.filter(module_version_id__in=modules, version__status__in=_LIVE)
    for part in held.select_related("version__item"):
        versions[part.version_id] = part.version
        graph.edges.add((f"version-{part.module_version_id}", f"version-{part.version_id}"))
        # A claim that an item makes through a module is shown through the module.
        made[part.version_id] -= made[part.module_version_id]
    for version in sorted(versions.values(), key=lambda v: (v.item.title, v.number)):
        graph.add(_of_version(version, on=on))
    graph.edges |= {
        (f"claim-{claim}", f"version-{version}") for version in made for claim in made[version]
    }
    return list(versions)


def _copies(graph: Graph, versions: Sequence[UUID]) -> None:
    pages = HostedPage.objects.filter(version_id__in=versions, ended_at__isnull=True)
    for page in pages.order_by("published_at"):
        key = graph.add(
            Node(
                f"page-{page.id}", Column.COPIES, "Hosted page", str(page), page.country,
                ("hosted page", page.id),
            )
        )  # fmt: skip
        graph.edges.add((f"version-{page.version_id}", key))
    for run in PrintRun.objects.filter(version_id__in=versions).order_by("printed_on", "id"):
        key = graph.add(
            Node(
                f"print-{run.id}", Column.COPIES, "Printed copies", run.holder,
                f"{run.n_copies} on {run.printed_on}", ("version", run.version_id),
            )
        )  # fmt: skip
        graph.edges.add((f"version-{run.version_id}", key))


def _what_became_of_it(graph: Graph, versions: Sequence[UUID], *, at: datetime) -> None:
    """Add what was counted of each version in a year; what points at people is left out."""
    shown = {code: each for code, each in columns().items() if each.on_page and not each.of_people}
    for version_id, counts in counted(versions, Window.of(YEAR, at)).items():
        told = [f"{each.words}: {counts[code]}" for code, each in shown.items() if counts.get(code)]
        if told:
            key = graph.add(
                Node(
                    f"use-{version_id}", Column.COPIES, "Use in a year", told[0],
                    " · ".join(told[1:]), ("version", version_id),
                )
            )  # fmt: skip
            graph.edges.add((f"version-{version_id}", key))
