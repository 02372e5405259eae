"""Search the directory for records that may be one person, and queue them for a steward."""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import duckdb
import pyarrow.csv as pa_csv
from django.db import connection

from entente.directory.actions.merging import MAY, merge_hcps
from entente.directory.domain.generations import are_two_generations
from entente.directory.domain.matching.engine import Matched, match
from entente.directory.domain.matching.explaining import reasons
from entente.directory.domain.matching.model import Model, model_of
from entente.directory.domain.matching.records import Side
from entente.directory.domain.survivorship import survivor_first
from entente.directory.models import Hcp, MatchWeights, Merge, Suspect, SuspectSearch
from entente.directory.reads.sources import trust_by_source
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.locks import lock
from entente.foundation.models import new_id

# Fewer records teach nothing; weights learned from more are kept.
LEAST_TO_LEARN_FROM = 200
# What a suffix says against one person, in the unit of the other reasons; odds of 1 to 1,000.
AGAINST = -10.0
# A search that has not ended by then was lost; another may be asked for.
GIVEN_UP = timedelta(hours=6)
# A licence is numbered by its state: the same number of two states is two licences.
_LICENCE = (
    "CASE WHEN h.licence_number <> ''"
    " THEN concat(h.licence_state, ' ', ltrim(h.licence_number, '0 ')) END"
)
_COLUMNS = {
    "NPI": "h.npi", "family name": "h.family_name", "given name": "h.given_name",
    "middle name": "h.middle_name", "credential": "h.credential", "licence": _LICENCE,
    "address": "h.address_line", "city": "h.city", "state": "h.us_state", "zip": "h.postal_code",
    "phone": "h.phone",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: records looked at, pairs queued anew, joined, and left as decided."""

    n_records: int
    n_queued: int
    n_joined: int
    n_known: int
    weights_version: int


def ask_search(*, at: datetime) -> SuspectSearch:
    """Ask for a search; a worker does it, since a large directory takes minutes.

    Writes what was asked, one ledger entry and the job, which commit together. While a search
    waits or runs, asking again gives the same one.
    """
    from entente.directory.jobs import search_suspects

    scope = current_scope()
    scope.require(MAY)
    lock("directory:suspects:asked")
    waiting = SuspectSearch.objects.filter(done_at=None).order_by("-asked_at").first()
    if waiting is not None and at - waiting.asked_at < GIVEN_UP:
        return waiting
    asked = SuspectSearch.objects.create(id=new_id(), org_id=scope.org_id, asked_at=at)
    ledger.append(
        ledger.Entry("directory.suspects.asked", "directory.suspect_search", asked.id, {}), at=at
    )
    search_suspects.defer(search_id=str(asked.id), org_id=str(scope.org_id))
    return asked


def do_search(search_id: UUID, *, at: datetime) -> None:
    """Do a search that was asked for, and write what it came to; a second time does nothing."""
    asked = SuspectSearch.objects.select_for_update().get(id=search_id)
    if asked.done_at is not None:
        return
    from entente.directory.actions.suspect_hcos import find_hco_suspects

    people, places = find_suspects(at=at), find_hco_suspects(at=at)
    asked.done_at, asked.n_records = at, people.n_records + places.n_records
    asked.n_queued, asked.n_joined = people.n_queued + places.n_queued, people.n_joined
    asked.save()


def find_suspects(*, at: datetime, join_equal_keys: bool = False) -> Found:
    """Compare all records of the organisation and queue the pairs that may be one person.

    Weights are learned once and used again. Pairs that were decided before are left alone. Writes
    the pairs, the weights where they are new, and one ledger entry; with ``join_equal_keys`` also
    joins pairs of which a key agrees and nothing contradicts, never two with an NPI each.
    """
    scope = current_scope()
    scope.require(MAY)
    lock("directory:suspects")
    duck = duckdb.connect()
    n_records = _copy_hcps(duck, scope.org_id)
    kept = MatchWeights.objects.filter(subject="people").order_by("-version").first()
    model = model_of(json.dumps(kept.model)) if kept else None
    if n_records < (2 if kept else LEAST_TO_LEARN_FROM):
        return Found(n_records, 0, 0, 0, 0)
    matched = match(duck, Side("hcps", "id"), model=model)
    version = kept.version if kept else _keep(matched.model, n_records, at)
    made = _queue(matched, duck, at)
    joined = _join(made, at) if join_equal_keys else 0
    found = Found(n_records, len(made), joined, matched.pairs.num_rows - len(made), version)
    details = {"records": n_records, "queued": len(made), "joined": joined, "weights": version}
    ledger.append(
        ledger.Entry("directory.suspects.found", "directory.matchweights", new_id(), details), at=at
    )
    return found


def _copy_hcps(duck: duckdb.DuckDBPyConnection, org_id: UUID) -> int:
    """Copy the records that are nobody else's loser into DuckDB, as text."""
    columns = ", ".join(f'({ours})::text AS "{name}"' for name, ours in _COLUMNS.items())
    buffer = io.BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT h.id::text AS id, {columns} FROM directory_hcp h"  # noqa: S608
            f" WHERE h.org_id = '{org_id}' AND h.identity_status NOT IN ('merged', 'deceased'))"
            " TO STDOUT (FORMAT csv, HEADER)"
        ) as copy,
    ):
        for part in copy:
            buffer.write(part)
    buffer.seek(0)
    names = ["id", *_COLUMNS]
    texts = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, "string"), strings_can_be_null=True
    )
    rows = pa_csv.read_csv(
        buffer, convert_options=texts, parse_options=pa_csv.ParseOptions(newlines_in_values=True)
    )
    duck.register("rows", rows)
    duck.execute("CREATE OR REPLACE TABLE hcps AS SELECT * FROM rows")
    duck.unregister("rows")
    return int(rows.num_rows)


def _keep(model: Model, n_records: int, at: datetime) -> int:
    version = 1
    MatchWeights.objects.create(
        id=new_id(), org_id=current_scope().org_id, version=version,
        model=json.loads(model.as_json()), learned_at=at, n_records=n_records,
    )  # fmt: skip
    return version


def _queue(matched: Matched, duck: duckdb.DuckDBPyConnection, at: datetime) -> list[Suspect]:
    """Write the pairs that are not known yet; what was decided stays decided."""
    pairs = matched.pairs.to_pylist()
    keyed = [(*sorted((UUID(p["left_id"]), UUID(p["right_id"]))), p) for p in pairs]
    ids = {one for one, _, _ in keyed}
    known = set(Suspect.objects.filter(one_id__in=ids).values_list("one_id", "other_id"))
    fresh = [(one, other, p) for one, other, p in keyed if (one, other) not in known]
    why = reasons_of(matched, duck, [p for _, _, p in fresh])
    namesakes = _namesakes({i for one, other, _ in fresh for i in (one, other)})
    return Suspect.objects.bulk_create(
        [
            Suspect(
                id=new_id(), org_id=current_scope().org_id, one_id=one, other_id=other,
                score_bp=round(p["score"] * 10_000), found_at=at,
                key_agrees=p["decision"] == "auto"
                and not are_two_generations(namesakes.get(one), namesakes.get(other)),
                reasons=_of_generations(namesakes.get(one), namesakes.get(other))
                + why.get((p["left_id"], p["right_id"]), []),
            )
            for one, other, p in fresh
        ],
        batch_size=2_000,
    )  # fmt: skip


def _namesakes(ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the suffixes of people who have one."""
    rows = Hcp.objects.filter(id__in=ids).exclude(suffix="")
    return dict(rows.values_list("id", "suffix"))


def _of_generations(one: str | None, other: str | None) -> list[dict[str, Any]]:
    if not are_two_generations(one, other):
        return []
    words = f"{one} and {other}: of one name, two generations"
    return [{"field": "suffix", "words": words, "weight": AGAINST}]


def reasons_of(
    matched: Matched, duck: duckdb.DuckDBPyConnection, pairs: list[dict[str, Any]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Give what each compared field says for or against one, by pair of ids."""
    names = list(matched.model.u)
    if not pairs or not matched.scored:
        return {}
    levels = ", ".join(f"s.gamma_{name}" for name in names)
    rows = duck.execute(
        f"SELECT l.id, r.id, {levels} FROM {matched.scored} s"  # noqa: S608
        " JOIN keyed l ON l.record = s.record_l JOIN keyed r ON r.record = s.record_r"
        " WHERE s.match_probability > 0.01"
    ).fetchall()
    wanted = {(p["left_id"], p["right_id"]) for p in pairs}
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for left, right, *found in rows:
        pair = (left, right) if (left, right) in wanted else (right, left)
        if pair in wanted:
            said = reasons(matched.model, dict(zip(names, found, strict=True)))
            told[pair] = [
                {"field": r.field, "words": r.words, "weight": round(r.weight, 1)} for r in said
            ]
    return told


def _join(suspects: list[Suspect], at: datetime) -> int:
    """Join pairs of which a key agrees; a record is joined at most once in a run."""
    sure = [suspect for suspect in suspects if suspect.key_agrees]
    ids = {i for suspect in sure for i in (suspect.one_id, suspect.other_id)}
    records = {r["id"]: r for r in Hcp.objects.filter(id__in=ids).values("id", "npi", "source")}
    trust = trust_by_source()
    done: set[UUID] = set()
    n_joined = 0
    for suspect in sure:
        one, other = records[suspect.one_id], records[suspect.other_id]
        if done & {one["id"], other["id"]} or (one["npi"] and other["npi"]):
            continue
        survivor, loser = (one, other) if survivor_first(one, other, trust) else (other, one)
        merge_hcps(
            survivor["id"], loser["id"], reason="A key agrees and nothing contradicts.", at=at,
            basis=Merge.Basis.KEY,
        )  # fmt: skip
        done |= {one["id"], other["id"]}
        n_joined += 1
    return n_joined
