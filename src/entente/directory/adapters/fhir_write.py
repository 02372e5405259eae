"""FHIR resources of what the directory holds, laid over what was received.

Elements that the directory does not know stay as they came. Of those it knows, one is written
anew only where it says something else than the received one; then the narrative goes, since it
would no longer say what the elements say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any
from uuid import UUID

from entente.directory.adapters import fhir_read as read
from entente.directory.adapters.fhir_schemas import PLACE
from entente.directory.domain.fhir_json import Resource

Pairs = Iterable[tuple[str, str]]
Held = Mapping[str, Any]
_NAME = ("family_name", "given_name", "middle_name", "prefix", "suffix", "credential")
_ADDRESS = tuple(name for name in PLACE if name != "phone")
_GONE = frozenset({"inactive", "deceased", "merged"})


def _differs(held: Held, received: Held, names: Iterable[str]) -> bool:
    """Tell whether the directory knows something else; where it knows nothing it adds nothing."""
    return any(held[name] and held[name] != received.get(name, "") for name in names)


def _start(kind: str, own_id: UUID, kept: Resource | None) -> Resource:
    made = deepcopy(kept) if kept else {}
    made.pop("resourceType", None)
    made.pop("id", None)
    return {"resourceType": kind, "id": str(own_id), **made}


def practitioner(held: Held, others: Pairs, kept: Resource | None = None) -> Resource:
    """Write a Practitioner.

    Parameters
    ----------
    held : mapping
        Values of ``directory_hcp``, by column.
    others : iterable of tuple of str
        Its further identifiers: system and value.
    kept : dict, optional
        What was received of this person.

    Returns
    -------
    dict
    """
    made = _start("Practitioner", held["id"], kept)
    received = read.person(kept) if kept else {}
    touched = _identify(made, [("npi", held["npi"])] if held["npi"] else [], others)
    if _differs(held, received, _NAME):
        _write_name(made, held)
        touched = True
    touched |= _write_place(made, held, received)
    if _differs(held, received, ("taxonomy_code",)):
        coding = {"system": read.NUCC_SYSTEM, "code": held["taxonomy_code"]}
        if held["specialty"]:
            coding["display"] = held["specialty"]
        made.setdefault("qualification", []).insert(0, {"code": {"coding": [coding]}})
        touched = True
    touched |= _activate(made, held["identity_status"] not in _GONE)
    return _without_narrative(made, touched and kept is not None)


def _write_name(made: Resource, held: Held) -> None:
    element = read.chosen_name(made)
    if element is None:
        element = {}
        made.setdefault("name", []).append(element)
    element.pop("text", None)
    given = [each for each in (held["given_name"], *held["middle_name"].split()) if each]
    values: dict[str, Any] = {
        "family": held["family_name"],
        "given": given,
        "prefix": [held["prefix"]] if held["prefix"] else [],
        "suffix": [each for each in (held["suffix"], held["credential"]) if each],
    }
    for name, value in values.items():
        element.pop(f"_{name}", None)
        if value:
            element[name] = value


def _write_place(made: Resource, held: Held, received: Held) -> bool:
    touched = False
    if _differs(held, received, _ADDRESS):
        element = read.chosen_address(made)
        if element is None:
            element = {"use": "work"}
            made.setdefault("address", []).append(element)
        element.pop("text", None)
        lines = [each for each in (held["address_line"], held["address_line2"]) if each]
        values = {
            "line": lines, "city": held["city"], "state": held["us_state"],
            "postalCode": held["postal_code"], "country": held["country"],
        }  # fmt: skip
        element.update({name: value for name, value in values.items() if value})
        touched = True
    if _differs(held, received, ("phone",)):
        phone = read.chosen_phone(made)
        if phone is None:
            phone = {"system": "phone", "use": "work"}
            made.setdefault("telecom", []).append(phone)
        phone["value"] = held["phone"]
        touched = True
    return touched


def _identify(made: Resource, keys: Pairs, others: Pairs) -> bool:
    there = {
        (each.get("system"), " ".join((each.get("value") or "").split()))
        for each in made.get("identifier") or []
        if each
    }
    touched = False
    for system, value in [*keys, *others]:
        pair = (read.long_system(system), value)
        if system in (read.LOGICAL_ID, "entente") or pair in there:
            continue
        made.setdefault("identifier", []).append({"system": pair[0], "value": value})
        there.add(pair)
        touched = True
    return touched


def _activate(made: Resource, is_active: bool) -> bool:
    if made.get("active", True) == is_active:
        return False
    made["active"] = is_active
    return True


def _without_narrative(made: Resource, touched: bool) -> Resource:
    if touched:
        made.pop("text", None)
    return made


def organisation(held: Held, others: Pairs, kept: Resource | None = None) -> Resource:
    """Write an Organization; ``held`` are values of ``directory_hco``, see ``practitioner``."""
    made = _start("Organization", held["id"], kept)
    received = read.organisation(kept) if kept else {}
    touched = _identify(made, [(held["system"], held["value"])], others)
    if _differs(held, received, ("name",)):
        made["name"] = held["name"]
        touched = True
    if _differs(held, received, ("other_name",)):
        made["alias"] = [held["other_name"], *(made.get("alias") or [])]
        touched = True
    if _differs(held, received, ("kind",)):
        made["type"] = [{"text": held["kind"]}, *(made.get("type") or [])]
        touched = True
    touched |= _write_place(made, held, received)
    touched |= _activate(made, held["is_active"])
    return _without_narrative(made, touched and kept is not None)


def practitioner_role(held: Held, kept: Resource | None = None) -> Resource:
    """Write a PractitionerRole; ``held`` are values of ``directory_affiliation`` and two names."""
    made = _start("PractitionerRole", held["id"], kept)
    received = read.role(kept) if kept else {}
    _point(made, "practitioner", f"Practitioner/{held['hcp_id']}", held["hcp_name"])
    _point(made, "organization", f"Organization/{held['hco_id']}", held["hco_name"])
    if _differs(held, received, ("role",)):
        made["code"] = [{"text": held["role"]}, *(made.get("code") or [])]
    for name, part in (("from_on", "start"), ("to_on", "end")):
        day = held[name]
        if isinstance(day, date) and day != received.get(name):
            made["period"] = {**(made.get("period") or {}), part: day.isoformat()}
    return made


def kept_only(kind: str, own_id: UUID, hco_id: UUID | None, kept: Resource) -> Resource:
    """Write a resource that is only kept, its link to an organisation as ours."""
    made = _start(kind, own_id, kept)
    element = "managingOrganization" if kind == "Location" else "participatingOrganization"
    if hco_id is not None:
        _point(made, element, f"Organization/{hco_id}", "")
    return made


def _point(made: Resource, element: str, reference: str, name: str) -> None:
    pointed = {**(made.get(element) or {}), "reference": reference}
    if name and not pointed.get("display"):
        pointed["display"] = name
    made[element] = pointed
