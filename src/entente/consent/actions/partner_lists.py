"""Load an organisation's own lists, or take them from the directory; each version is final."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from entente.consent.actions.joint_record import who_acts
from entente.consent.adapters.accounts import ACCOUNTS, read_accounts
from entente.consent.domain.shares import FIELDS
from entente.consent.models import PartnerList
from entente.directory.actions.loading import FileKind, ImportCounts, Load, Progress, run_load
from entente.directory.adapters.chunks import Refusal
from entente.foundation import ledger
from entente.foundation.access.scope import current_scope
from entente.foundation.errors import UserError
from entente.foundation.locks import lock
from entente.foundation.models import new_id

# Registry fields that anybody may pass on.
PUBLIC_FIELDS = ("npi", "name", "specialty", "city", "state")
MOST_ROWS_BY_PROGRAM = 10_000
_TWICE = "This row's key stands more than once in the file; its first row was taken."
_FATE = """
CREATE TEMP TABLE stage_account_fate ON COMMIT DROP AS
SELECT s.*, row_number() OVER (
           PARTITION BY coalesce(s.npi, s.org_system || ':' || s.org_value, s.domain)
           ORDER BY s.line) > 1 AS is_double
FROM stage_accounts s
"""
# A row with both an id and a domain is known by its id. Digest and groups are the database's.
_COLUMNS = (
    "id, org_id, list_id, npi, org_system, org_value, domain, name, specialty, city, us_state,"
    " affiliation, email, phone, label_specialty, label_state"
)
_ENTRIES = f"""
INSERT INTO consent_partnerlistentry ({_COLUMNS})
SELECT f.id, %(org)s, %(list)s, coalesce(f.npi, ''), coalesce(f.org_system, ''),
       coalesce(f.org_value, ''),
       CASE WHEN f.org_value IS NULL THEN coalesce(f.domain, '') ELSE '' END,
       coalesce(f.name, ''), coalesce(f.specialty, ''), coalesce(f.city, ''),
       coalesce(f.state, ''), coalesce(f.affiliation, ''), coalesce(f.email, ''),
       coalesce(f.phone, ''), '', ''
FROM stage_account_fate f WHERE NOT f.is_double
"""  # noqa: S608 - the columns are named above
# Licensed data of one's own directory go into a list only as far as partners may see them.
_FROM_DIRECTORY = f"""
WITH chosen AS (
    SELECT h.* FROM directory_hcp h
    WHERE h.npi IS NOT NULL AND h.identity_status NOT IN ('merged', 'deceased', 'inactive')
      AND (%(specialty)s = '' OR h.specialty = %(specialty)s)
      AND (%(state)s = '' OR h.us_state = %(state)s)
), withheld AS (
    SELECT hcp_id, array_agg(field) AS fields FROM app.directory_withheld(
        ARRAY(SELECT id FROM chosen), ARRAY['family_name', 'given_name', 'specialty', 'city',
                                            'us_state'])
    GROUP BY hcp_id
)
INSERT INTO consent_partnerlistentry ({_COLUMNS})
SELECT gen_random_uuid(), %(org)s, %(list)s, c.npi, '', '', '',
       CASE WHEN w.fields && ARRAY['family_name', 'given_name'] THEN ''
            ELSE left(concat_ws(' ', nullif(c.given_name, ''), c.family_name), 300) END,
       CASE WHEN 'specialty' = ANY (w.fields) THEN '' ELSE c.specialty END,
       CASE WHEN 'city' = ANY (w.fields) THEN '' ELSE c.city END,
       CASE WHEN 'us_state' = ANY (w.fields) THEN '' ELSE c.us_state END,
       '', '', '', '', ''
FROM chosen c LEFT JOIN withheld w ON w.hcp_id = c.id
"""  # noqa: S608 - the columns are named above


@dataclass(frozen=True)
class ListTerms:
    """What an organisation says of a list that it loads.

    Parameters
    ----------
    name : str
        A list of the same name gets a new version.
    data_licence : str
        Under what licence the data is held, for example ``"own records"``.
    licensed_fields : sequence of str
        Fields that this licence lets others see; the NPI is among them.
    """

    name: str
    data_licence: str
    licensed_fields: Sequence[str] = ("npi",)


def _begin(terms: ListTerms, *, kind: str, source: str, at: datetime) -> PartnerList:
    """Write the head of the next version; nothing can be compared before it is sealed."""
    scope = current_scope()
    if not terms.name.strip():
        raise UserError("give the list a name", field="name")
    if not terms.data_licence.strip():
        raise UserError("name the licence under which you hold this data", field="data_licence")
    unknown = sorted(set(terms.licensed_fields) - FIELDS.keys())
    if unknown:
        raise UserError(
            f"no field is called {unknown[0]}; choose among {', '.join(FIELDS)}",
            field="licensed_fields",
        )
    name = terms.name.strip()[:200]
    lock(f"consent.list:{scope.org_id}:{name}")
    latest = PartnerList.objects.filter(org_id=scope.org_id, name=name).aggregate(
        last=Max("version")
    )["last"]
    return PartnerList.objects.create(
        id=new_id(),
        org_id=scope.org_id,
        name=name,
        version=(latest or 0) + 1,
        kind=kind,
        source=source[:255],
        data_licence=terms.data_licence.strip()[:300],
        licensed_fields=sorted(set(terms.licensed_fields)),
        loaded_at=at,
        loaded_by_name=who_acts(),
    )


def _seal(made: PartnerList, n_entries: int, *, at: datetime) -> None:
    made.n_entries, made.sealed_at = n_entries, at
    made.save(update_fields=["n_entries", "sealed_at"])
    ledger.append(
        ledger.Entry(
            "consent.list.loaded",
            "consent.partner_list",
            made.id,
            {"version": made.version, "kind": made.kind, "entries": n_entries,
             "licensed_fields": made.licensed_fields},
        ),
        at=at,
    )  # fmt: skip


def _merge(load: Load, terms: ListTerms, source: str, made: list[UUID]) -> None:
    cursor = load.cursor
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_account_fate")
    cursor.execute(_FATE)
    cursor.execute(
        "SELECT line, coalesce(npi, org_value, domain) FROM stage_account_fate"
        " WHERE is_double ORDER BY line"
    )
    load.refused.refuse(Refusal(line, "row", key, _TWICE) for line, key in cursor.fetchall())
    cursor.execute(
        "SELECT count(*) FILTER (WHERE NOT is_double), coalesce(bool_or(npi IS NOT NULL), false)"
        " FROM stage_account_fate"
    )
    n_entries, has_people = cursor.fetchone()
    load.counts.add({"new": n_entries})
    if load.dry_run:
        return
    if not n_entries:
        raise UserError("the file holds no row that can be compared", field="file")
    kind = "people" if has_people else "organisations"
    head = _begin(terms, kind=kind, source=source, at=load.at)
    cursor.execute(_ENTRIES, {"org": load.org_id, "list": head.id})
    _seal(head, n_entries, at=load.at)
    made.append(head.id)


def import_accounts(
    path: Path,
    terms: ListTerms,
    *,
    at: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    refused_path: Path | None = None,
    source: str = "",
) -> tuple[ImportCounts, UUID | None]:
    """Load a list of one's own accounts as the next version of that name.

    Writes the list with its entries, one ``SourceLoad`` and two ledger entries. Nobody but
    the organisation that loads it can read it. See ``directory.actions.loading.run_load`` for
    the other arguments.

    Returns
    -------
    ImportCounts, UUID or None
        The counts, and the id of the new version; None in a dry run.

    Raises
    ------
    RegistryFileError
        If the file cannot be read at all.
    UserError
        If no row is left, or the list has no name or licence.
    """
    made: list[UUID] = []
    kind = FileKind(
        "accounts",
        "share.load",
        {"accounts": ACCOUNTS},
        read_accounts,
        lambda load: _merge(load, terms, source or path.name, made),
    )
    counts = run_load(
        kind, path, at=at, dry_run=dry_run, progress=progress, refused_path=refused_path
    )
    return counts, made[0] if made else None


def load_accounts(
    rows: Sequence[Mapping[str, Any]], terms: ListTerms, *, at: datetime
) -> tuple[ImportCounts, UUID | None]:
    """Load a list that a program gives row by row; the same checks as for a file.

    Raises
    ------
    UserError
        If there are more than 10,000 rows; load a file instead.
    """
    if len(rows) > MOST_ROWS_BY_PROGRAM:
        raise UserError(
            f"at most {MOST_ROWS_BY_PROGRAM:,} rows at once; load a file instead", field="entries"
        )
    names = sorted({name for row in rows for name in row})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "entries.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, names, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return import_accounts(path, terms, at=at, source="API")


def list_from_directory(
    name: str, *, at: datetime, specialty: str = "", state: str = ""
) -> PartnerList:
    """Take the people of the directory, or those of a specialty or state, as a list.

    Writes the list with its entries and one ledger entry. Its fields may all be passed on:
    what the licence of its source keeps from partners is left empty.

    Raises
    ------
    UserError
        If nobody is found.
    """
    scope = current_scope()
    scope.require("share.load")
    chosen = ", ".join(part for part in (specialty, state) if part) or "everybody"
    terms = ListTerms(name, "public registry", PUBLIC_FIELDS)
    made = _begin(terms, kind="people", source=f"directory: {chosen}", at=at)
    named: dict[str, Any] = {
        "org": scope.org_id,
        "list": made.id,
        "specialty": specialty,
        "state": state,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FROM_DIRECTORY, named)
        n_entries = cursor.rowcount
    if not n_entries:
        raise UserError("nobody in the directory fits this choice", field="specialty")
    _seal(made, n_entries, at=at)
    return made
