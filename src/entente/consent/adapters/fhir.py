"""FHIR R4 Consents of a file: those of health professionals as rows, those of patients refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from entente.consent.domain.fhir_consent import (
    OPT_IN,
    OPT_OUT,
    Question,
    decide,
    same_reference,
)
from entente.consent.domain.fhir_record import (
    ADDRESS_EXTENSION,
    CHANNEL_SYSTEM,
    PRODUCT_EXTENSION,
    PURPOSE_SYSTEM,
    RECORD_SYSTEM,
    WORDING_PREFIX,
)
from entente.directory.adapters.chunks import Refusal
from entente.directory.adapters.consents import CHANNELS
from entente.directory.adapters.fhir import Taken
from entente.directory.adapters.fhir_files import Entry
from entente.directory.adapters.fhir_read import (
    NPI_SYSTEM,
    Pointer,
    is_uuid,
    last_day,
    pointer,
    short_system,
)
from entente.directory.adapters.values import email_of, moment_of

Resource = dict[str, Any]
_TEXT = pa.string()
_MOMENT = pa.timestamp("us", tz="UTC")
# One row per channel and purpose of a Consent; `status` is granted, withdrawn, or none where it was
# not given yet. `own_id` is the id under which we exported it.
FHIR_CONSENTS = pa.schema(
    [
        pa.field("line", pa.int64(), nullable=False),
        *[pa.field(name, _TEXT, nullable=False) for name in ("status", "channel", "purpose")],
        *[pa.field(name, _TEXT) for name in (
            "address", "product", "wording_version", "proof_ref", "own_id", "controller_id",
            "controller_name",
        )],
        pa.field("captured_at", _MOMENT),
        pa.field("expires_on", pa.date32()),
        pa.field("withdrawn_at", _MOMENT),
    ]
)  # fmt: skip
PATIENT_REMEDY = (
    "This consent is a patient's. It was read and decided, and left out: patients are never kept "
    "here. Take such consents to the system that holds the record."
)
_ENDED = ("inactive", "rejected", "entered-in-error")
_NOT_YET = ("draft", "proposed")
_LIMITS = ("class", "code", "securityLabel", "data", "dataPeriod", "provision")
_REMEDIES = {
    "status": "Write active, inactive, rejected, entered-in-error, draft or proposed.",
    "performer": "Name the Practitioner who gave it, by reference or identifier.",
    "organization": "Name the legal entity that holds it: its id or, as display, its name.",
    "policyRule": "Write OPTIN or OPTOUT, or a type of the provision; nothing else says which.",
    "dateTime": "Give the moment at which it was given, in ISO 8601.",
    "provision.action": f"Name channels by codes of {CHANNEL_SYSTEM}: {', '.join(CHANNELS)}.",
    "provision.purpose": f"Name purposes by codes of {PURPOSE_SYSTEM}.",
    "provision.actor": "A permission for others than its organisation is not kept here.",
    "provision.period": "Write the last day in ISO 8601.",
    "provision": "A permission with limits besides channel, purpose and period is not kept here.",
    "extension": "Write one address such as name@clinic.example, or leave it out.",
}


class _NotTaken(ValueError):
    """A Consent that is refused; carries the element."""


@dataclass
class ConsentTaker:
    """Makes rows of Consents, and counts what those of patients say.

    Parameters
    ----------
    at : datetime
        The moment at which patients' consents are decided.
    """

    at: datetime

    def __post_init__(self) -> None:
        self.of_patients: Counter[str] = Counter()

    def rows(self, entry: Entry) -> Taken:
        """Make rows of one Consent, or say why there are none."""
        resource = entry.resource
        person = _person(resource)
        if person is None and resource.get("patient"):
            self._read(resource)
            return [Refusal(entry.line, "Consent.patient", "", PATIENT_REMEDY)]
        try:
            if person is None:
                raise _NotTaken("performer")
            rows = list(_rows(resource, entry.line))
        except _NotTaken as wrong:
            field = str(wrong)
            return [Refusal(entry.line, f"Consent.{field}", "", _REMEDIES[field])]
        except (TypeError, AttributeError, KeyError):
            remedy = "Write the provision as FHIR R4 gives it: an object, with lists of codes."
            return [Refusal(entry.line, "Consent.provision", "", remedy)]
        pointed = {
            "line": entry.line,
            "target": "hcp",
            "type": "Practitioner",
            "logical_id": person.id,
            "own_id": person.id if is_uuid(person.id) else None,
            "url": person.url,
            "system": short_system(person.system),
            "value": person.value,
        }
        return {"fhir_consents": rows, "fhir_pointers": [pointed]}

    def _read(self, resource: Resource) -> None:
        held = (resource.get("organization") or [{}])[0] or {}
        verdict = decide(resource, Question(held.get("reference") or "", "access", self.at))
        self.of_patients[verdict.outcome.value] += 1


def _person(resource: Resource) -> Pointer | None:
    """Give the health professional whom a Consent is about, or None."""
    named = [resource["patient"]] if resource.get("patient") else resource.get("performer") or []
    for reference in named:
        found = pointer(reference)
        kinds = {found.type, (reference or {}).get("type") or ""}
        if "Practitioner" in kinds or (not kinds - {""} and _is_npi(found, resource)):
            return found
    return None


def _is_npi(found: Pointer, resource: Resource) -> bool:
    return found.system == NPI_SYSTEM or (bool(found.url) and not resource.get("patient"))


def _rows(resource: Resource, line: int) -> Iterator[dict[str, Any]]:
    rule = resource.get("provision") or {}
    given = _moment(resource.get("dateTime"), "dateTime")
    start = _moment((rule.get("period") or {}).get("start"), "provision.period")
    permits = _permits(resource, rule)
    if permits:
        if given is None:
            raise _NotTaken("dateTime")
        _check_limits(resource, rule)
    elif resource["status"] in _ENDED:
        # When it ended is not in a Consent; its last change is, else the load says when.
        meta = resource.get("meta") or {}
        given = _moment(meta.get("lastUpdated"), "dateTime")
    channels = _codes(rule.get("action"), CHANNEL_SYSTEM) or ([] if permits else ["any"])
    purposes = _purposes(rule) or ([] if permits else [""])
    if not channels or not set(channels) <= {*CHANNELS, "any"}:
        raise _NotTaken("provision.action")
    if not purposes:
        raise _NotTaken("provision.purpose")
    held = "none" if resource["status"] in _NOT_YET else "granted"
    shared = {
        "line": line,
        "status": held if permits else "withdrawn",
        "captured_at": max(given, start) if permits and given and start else given,
        "expires_on": _expiry(rule) if permits else None,
        "withdrawn_at": None if permits else given,
        **_texts(resource),
    }
    for channel in channels:
        for purpose in purposes:
            yield shared | {
                "channel": channel,
                "purpose": purpose,
                "address": _address(shared["address"], channel),
            }


def _permits(resource: Resource, rule: Resource) -> bool:
    status = resource.get("status")
    if status in _ENDED:
        return False
    if status not in ("active", *_NOT_YET):
        raise _NotTaken("status")
    kind = rule.get("type")
    if kind is None:
        codes = {
            each.get("code") for each in (resource.get("policyRule") or {}).get("coding") or []
        }
        if codes & OPT_OUT:
            return False
        if codes & OPT_IN:
            return True
    if kind not in ("permit", "deny"):
        raise _NotTaken("policyRule")
    return bool(kind == "permit")


def _check_limits(resource: Resource, rule: Resource) -> None:
    """Refuse a permission that is narrower than what can be kept of it."""
    if any(rule.get(name) for name in _LIMITS):
        raise _NotTaken("provision")
    actors = [
        (each.get("reference") or {}).get("reference") or "" for each in rule.get("actor") or []
    ]
    holder = ((resource.get("organization") or [{}])[0] or {}).get("reference") or ""
    if actors and not any(each and same_reference(each, holder) for each in actors):
        raise _NotTaken("provision.actor")


def _moment(text: Any, field: str) -> datetime | None:
    if text is None:
        return None
    found = moment_of(text) if isinstance(text, str) else None
    if found is None:
        raise _NotTaken(field)
    return found


def _expiry(rule: Resource) -> Any:
    end = (rule.get("period") or {}).get("end")
    found = last_day(end)
    if end and found is None:
        raise _NotTaken("provision.period")
    return found


def _codes(concepts: Any, system: str) -> list[str]:
    return [
        coding["code"]
        for concept in concepts or []
        for coding in concept.get("coding") or []
        if coding.get("system") == system and coding.get("code")
    ]


def _purposes(rule: Resource) -> list[str]:
    named = [each for each in rule.get("purpose") or [] if each.get("system") == PURPOSE_SYSTEM]
    if rule.get("purpose") and not named:
        raise _NotTaken("provision.purpose")
    return [str(each["code"]) for each in named]


def _texts(resource: Resource) -> dict[str, Any]:
    holder = (resource.get("organization") or [None])[0]
    if not holder:
        raise _NotTaken("organization")
    held = pointer(holder)
    policies = [each.get("uri") or "" for each in resource.get("policy") or []]
    wording = next((uri for uri in policies if uri.startswith(WORDING_PREFIX)), "")
    own = [
        each.get("value") or ""
        for each in resource.get("identifier") or []
        if each.get("system") == RECORD_SYSTEM
    ]
    extensions = {
        each.get("url"): each.get("valueString") for each in resource.get("extension") or []
    }
    return {
        "controller_id": held.id if is_uuid(held.id) else None,
        "controller_name": holder.get("display"),
        "wording_version": unquote(wording.removeprefix(WORDING_PREFIX))[:64],
        "proof_ref": _proof(resource, policies)[:200],
        "own_id": next((each for each in own if is_uuid(each)), None),
        "product": extensions.get(PRODUCT_EXTENSION),
        "address": extensions.get(ADDRESS_EXTENSION),
    }


def _proof(resource: Resource, policies: list[str]) -> str:
    """Give where the proof lies; a title alone says what it is called, not where it is."""
    source = resource.get("sourceReference") or {}
    ways = (
        (source.get("identifier") or {}).get("value"),
        source.get("reference"),
        (resource.get("sourceAttachment") or {}).get("url"),
        *[uri for uri in policies if not uri.startswith(WORDING_PREFIX)],
    )
    return next((str(each) for each in ways if each), "")


def _address(text: Any, channel: str) -> str:
    if not text:
        return ""
    found = email_of(str(text)) if channel == "email" else str(text)[:300]
    if not found:
        raise _NotTaken("extension")
    return found
