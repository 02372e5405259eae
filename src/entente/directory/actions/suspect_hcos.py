"""Search the directory for records that may be one organisation, and queue them for a steward."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import duckdb
import pyarrow.csv as pa_csv
from django.db import connection

from entente.directory.actions.merging_hcos import MAY
from entente.directory.actions.suspects import LEAST_TO_LEARN_FROM, Found, reasons_of
from entente.directory.domain.matching.engine import Matched, match
from entente.directory.domain.matching.model import Model, model_of
from entente.directory.domain.matching.records import Side
from entente.directory.models import HcoSuspect, MatchWeights
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.locks import lock
from entente.foundation.models import new_id

SUBJECT = "organisations"
_KEY = (
    "coalesce((SELECT min(i.value) FROM directory_hcoidentifier i"
    " WHERE i.hco_id = h.id AND i.system = '{0}'), CASE WHEN h.system = '{0}' THEN h.value END)"
)
_COLUMNS = {
    "CCN": _KEY.format("ccn"), "NPI": _KEY.format("npi"), "organisation": "h.name",
    "address": "h.address_line", "city": "h.city", "state": "h.us_state", "zip": "h.postal_code",
    "phone": "h.phone",
}  # fmt: skip


def find_hco_suspects(*, at: datetime) -> Found:
    """Compare all organisations and queue the pairs that may be one; none joins by itself.

    Weights are learned once and used again. Pairs that were decided before are left alone. Writes
    the pairs, the weights where they are new, and one ledger entry.
    """
    scope = current_scope()
    scope.require(MAY)
    lock("directory:hco-suspects")
    duck = duckdb.connect()
    n_records = _copy_hcos(duck, scope.org_id)
    kept = MatchWeights.objects.filter(subject=SUBJECT).order_by("-version").first()
    model = model_of(json.dumps(kept.model)) if kept else None
    if n_records < (2 if kept else LEAST_TO_LEARN_FROM):
        return Found(n_records, 0, 0, 0, 0)
    matched = match(duck, Side("hcos", "id"), model=model)
    version = kept.version if kept else _keep(matched.model, n_records, at)
    n_queued = _queue(matched, duck, at)
    details = {"records": n_records, "queued": n_queued, "joined": 0, "weights": version}
    ledger.append(
        ledger.Entry("directory.hco_suspects.found", "directory.matchweights", new_id(), details),
        at=at,
    )
    return Found(n_records, n_queued, 0, matched.pairs.num_rows - n_queued, version)


def _copy_hcos(duck: duckdb.DuckDBPyConnection, org_id: UUID) -> int:
    """Copy the records that are joined to no other into DuckDB, as text."""
    columns = ", ".join(f'({ours})::text AS "{name}"' for name, ours in _COLUMNS.items())
    buffer = io.BytesIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT h.id::text AS id, {columns} FROM directory_hco h"  # noqa: S608
            f" WHERE h.org_id = '{org_id}' AND NOT EXISTS ("
            "SELECT FROM directory_hcoidentitylink j WHERE j.loser_id = h.id AND j.to_at IS NULL))"
            " TO STDOUT (FORMAT csv, HEADER)"
        ) as copy,
    ):
        for part in copy:
            buffer.write(part)
    buffer.seek(0)
    names = ["id", *_COLUMNS]
    rows = pa_csv.read_csv(
        buffer,
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, "string"), strings_can_be_null=True
        ),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True),
    )
    duck.register("rows", rows)
    duck.execute("CREATE OR REPLACE TABLE hcos AS SELECT * FROM rows")
    duck.unregister("rows")
    return int(rows.num_rows)


def _keep(model: Model, n_records: int, at: datetime) -> int:
    MatchWeights.objects.create(
        id=new_id(), org_id=current_scope().org_id, subject=SUBJECT, version=1,
        model=json.loads(model.as_json()), learned_at=at, n_records=n_records,
    )  # fmt: skip
    return 1


def _queue(matched: Matched, duck: duckdb.DuckDBPyConnection, at: datetime) -> int:
    """Write the pairs that are not known yet; what was decided stays decided."""
    pairs: list[dict[str, Any]] = matched.pairs.to_pylist()
    keyed = [(UUID(p["left_id"]), UUID(p["right_id"]), p) for p in pairs]
    keyed = [(min(one, other), max(one, other), p) for one, other, p in keyed]
    ids = {one for one, _, _ in keyed}
    known = set(HcoSuspect.objects.filter(one_id__in=ids).values_list("one_id", "other_id"))
    fresh = [(one, other, p) for one, other, p in keyed if (one, other) not in known]
    why = reasons_of(matched, duck, [p for _, _, p in fresh])
    made = HcoSuspect.objects.bulk_create(
        [
            HcoSuspect(
                id=new_id(), org_id=current_scope().org_id, one_id=one, other_id=other,
                score_bp=round(p["score"] * 10_000), key_agrees=p["decision"] == "auto",
                reasons=why.get((p["left_id"], p["right_id"]), []), found_at=at,
            )
            for one, other, p in fresh
        ],
        batch_size=2_000,
    )  # fmt: skip
    return len(made)
