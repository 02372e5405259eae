"""Write people and organisations that FHIR resources are about, and their identifiers."""

from __future__ import annotations

from entente.directory.actions.import_hcps import search_of
from entente.directory.actions.loading import Load
from entente.directory.adapters.fhir_schemas import ORGANISATION, PERSON, PLACE
from entente.directory.domain.sources import PROVEN

_TEXTS = tuple(name for name in (*PERSON, *PLACE) if name != "taxonomy_code")
_HCO_TEXTS = (*ORGANISATION, *PLACE)
_HCO_SEARCH = (
    "lower(concat_ws(' ', '', {0}.name_key, {0}.value,"
    " regexp_replace(concat_ws(' ', {0}.city, {0}.us_state, {0}.country, {0}.kind),"
    " '[^[:alnum:]]+', ' ', 'g')))"
)


# Whom a resource changes, and what it tells of each field; its specialty is drawn from a code.
_CHANGED = (
    "FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id"
    " WHERE f.type = 'Practitioner' AND f.target IS NOT NULL AND f.fate = 'changed'"
    " AND NOT f.is_foreign"
)
KNOWN_PEOPLE = f"SELECT f.target AS hcp_id {_CHANGED}"
_TELLS = ", ".join(
    f"coalesce(s.{name}, '') AS {name}" if name in _TEXTS else f"NULL::text AS {name}"
    for name in PROVEN
)
TOLD_OF_PEOPLE = f"SELECT f.target AS hcp_id, NULL::date AS told_on, {_TELLS} {_CHANGED}"


def _sets(names: tuple[str, ...]) -> str:
    """Take what the resource says where FHIR is the source, else only fill gaps."""
    return ", ".join(
        f"{name} = CASE WHEN h.source = 'fhir' OR h.{name} = '' THEN coalesce(s.{name}, '')"
        f" ELSE h.{name} END"
        for name in (*names, "time_zone")
    )


def write_people(load: Load) -> None:
    """Insert people not known yet, unverified; change those known by FHIR; fill other gaps."""
    names = ", ".join(_TEXTS)
    load.cursor.execute(
        f"""
        INSERT INTO directory_hcp (id, org_id, npi, {names}, taxonomy_code, specialty, profession,
            can_prescribe, covered_recipient_type, time_zone, licence_number, licence_state,
            licence_states, identity_status, bona_fide_employee, source, source_load_id, row_hashes,
            name_key, search_text)
        SELECT r.id, r.org_id, r.npi, {", ".join("r." + name for name in _TEXTS)}, r.taxonomy_code,
               r.specialty, r.profession, r.can_prescribe, r.covered, r.time_zone, '', '', '{{}}',
               r.status, false, 'fhir', r.load_id, '{{}}', r.name_key, {search_of("r")}
        FROM (SELECT s.*, %s::uuid AS org_id, %s::uuid AS load_id,
                     coalesce(t.display_name, '') AS specialty,
                     CASE WHEN s.is_active IS FALSE THEN 'inactive' ELSE 'unverified' END AS status
              FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id
              LEFT JOIN directory_taxonomy t ON t.code = s.taxonomy_code
              WHERE f.type = 'Practitioner' AND f.target IS NULL AND f.fate IN ('new', 'changed')) r
        """,  # noqa: S608
        [load.org_id, load.id],
    )
    _change_people(load)
    load.cursor.execute(
        """
        INSERT INTO directory_hcpidentifier (id, org_id, hcp_id, system, value)
        SELECT gen_random_uuid(), %s, f.subject, i.system, i.value
        FROM stage_fhir_identifiers i JOIN stage_fhir_fate f ON f.line = i.line
        WHERE f.type = 'Practitioner' AND f.fate IN ('new', 'changed') AND i.system <> 'npi'
        ORDER BY i.line, i.position
        ON CONFLICT (org_id, system, value) DO NOTHING
        """,
        [load.org_id],
    )


def _change_people(load: Load) -> None:
    load.cursor.execute(
        f"""
        UPDATE directory_hcp h SET {_sets(_TEXTS)},
            npi = coalesce(h.npi, s.npi),
            name_key = CASE WHEN h.source = 'fhir' THEN s.name_key ELSE h.name_key END,
            taxonomy_code = CASE WHEN h.source = 'fhir' OR h.taxonomy_code = ''
                THEN coalesce(nullif(s.taxonomy_code, ''), h.taxonomy_code)
                ELSE h.taxonomy_code END,
            identity_status = CASE
                WHEN h.source = 'fhir' AND s.is_active IS FALSE AND h.identity_status = 'unverified'
                    THEN 'inactive'
                WHEN h.source = 'fhir' AND s.is_active AND h.identity_status = 'inactive'
                    THEN 'unverified'
                ELSE h.identity_status END,
            source_load_id = %s
        FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id
        WHERE h.id = f.target AND f.type = 'Practitioner' AND f.fate = 'changed'
          AND NOT f.is_foreign
        """,  # noqa: S608
        [load.id],
    )
    name_specialties(
        load,
        "SELECT f.subject AS hcp_id, s.taxonomy_code, s.profession, s.can_prescribe, s.covered"
        " FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id"
        " WHERE f.type = 'Practitioner' AND f.fate = 'changed' AND NOT f.is_foreign",
    )


def name_specialties(load: Load, told: str) -> None:
    """Draw specialty and profession from what FHIR tells, where no other registry has.

    Parameters
    ----------
    told : str
        A query with ``hcp_id, taxonomy_code, profession, can_prescribe, covered``.
    """
    load.cursor.execute(
        f"""
        UPDATE directory_hcp h SET
            taxonomy_code = CASE WHEN h.taxonomy_code = '' THEN coalesce(r.taxonomy_code, '')
                ELSE h.taxonomy_code END,
            specialty = CASE WHEN h.specialty = '' THEN coalesce(t.display_name, '')
                ELSE h.specialty END,
            profession = CASE WHEN h.profession = 'other' THEN r.profession
                ELSE h.profession END,
            can_prescribe = CASE WHEN h.profession = 'other' THEN r.can_prescribe
                ELSE h.can_prescribe END,
            covered_recipient_type = CASE WHEN h.profession = 'other' THEN r.covered
                ELSE h.covered_recipient_type END
        FROM ({told}) r LEFT JOIN directory_taxonomy t ON t.code = r.taxonomy_code
        WHERE h.id = r.hcp_id AND h.org_id = %s
        """,  # noqa: S608
        [load.org_id],
    )
    load.cursor.execute(
        f"UPDATE directory_hcp h SET search_text = {search_of('h')}"  # noqa: S608
        f" FROM ({told}) r WHERE h.id = r.hcp_id AND h.org_id = %s",
        [load.org_id],
    )


def write_organisations(load: Load) -> None:
    """Insert organisations not known yet; change those known by FHIR; fill other gaps."""
    names = ", ".join(_HCO_TEXTS)
    load.cursor.execute(
        f"""
        INSERT INTO directory_hco (id, org_id, system, value, {names}, ownership, parent_name,
            taxonomy_code, time_zone, is_active, source, source_load_id, name_key, search_text)
        SELECT r.id, r.org_id, r.key_system, r.key_value,
               {", ".join(f"coalesce(r.{name}, '')" for name in _HCO_TEXTS)}, '', '', '',
               coalesce(r.time_zone, ''), coalesce(r.is_active, true), 'fhir', r.load_id,
               r.name_key, {_HCO_SEARCH.format("r")}
        FROM (SELECT s.*, s.key_value AS value, %s::uuid AS org_id, %s::uuid AS load_id
              FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id
              WHERE f.type = 'Organization' AND f.target IS NULL
                AND f.fate IN ('new', 'changed')) r
        """,  # noqa: S608
        [load.org_id, load.id],
    )
    load.cursor.execute(
        f"""
        UPDATE directory_hco h SET {_sets(_HCO_TEXTS)},
            name_key = CASE WHEN h.source = 'fhir' THEN s.name_key ELSE h.name_key END,
            is_active = CASE WHEN h.source = 'fhir' THEN coalesce(s.is_active, true)
                ELSE h.is_active END,
            source_load_id = %s
        FROM stage_fhir s JOIN stage_fhir_fate f ON f.staged_id = s.id
        WHERE h.id = f.target AND f.type = 'Organization' AND f.fate = 'changed'
          AND NOT f.is_foreign
        """,  # noqa: S608
        [load.id],
    )
    load.cursor.execute(
        f"""
        UPDATE directory_hco h SET search_text = {_HCO_SEARCH.format("h")}
        FROM stage_fhir_fate f
        WHERE f.target = h.id AND f.type = 'Organization' AND f.fate = 'changed'
          AND NOT f.is_foreign
        """  # noqa: S608
    )
    load.cursor.execute(
        """
        INSERT INTO directory_hcoidentifier (id, org_id, hco_id, system, value)
        SELECT gen_random_uuid(), %s, f.subject, i.system, i.value
        FROM stage_fhir_identifiers i JOIN stage_fhir_fate f ON f.line = i.line
        WHERE f.type = 'Organization' AND f.fate IN ('new', 'changed')
        ORDER BY i.line, i.position
        ON CONFLICT (hco_id, system, value) DO NOTHING
        """,
        [load.org_id],
    )
