"""What shape the elements that are read must have; elements that are not read may have any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from entente.directory.domain.fhir_json import Resource

# A type, an object with the elements named, or a list of what stands in it. Elements that are
# missing or null are fine, and so are elements that are not named here.
Shape = Any

_CODING: Shape = {"system": str, "code": str, "display": str}
_CONCEPT: Shape = {"coding": [_CODING], "text": str}
_PERIOD: Shape = {"start": str, "end": str}
_IDENTIFIER: Shape = {"system": str, "value": str, "type": _CONCEPT, "use": str, "period": _PERIOD}
_REFERENCE: Shape = {"reference": str, "identifier": _IDENTIFIER, "display": str, "type": str}
_NAME: Shape = {
    "use": str, "text": str, "family": str, "given": [str], "prefix": [str], "suffix": [str],
    "period": _PERIOD,
}  # fmt: skip
_TELECOM: Shape = {"system": str, "value": str, "use": str}
_ADDRESS: Shape = {
    "use": str, "line": [str], "city": str, "state": str, "postalCode": str, "country": str,
    "text": str,
}  # fmt: skip
_BASE: Shape = {
    "resourceType": str, "id": str, "meta": {"source": str}, "implicitRules": str,
    "contained": [{"resourceType": str}], "identifier": [_IDENTIFIER], "modifierExtension": [dict],
}  # fmt: skip
SHAPES: dict[str, Shape] = {
    "Practitioner": _BASE | {
        "active": bool, "name": [_NAME], "telecom": [_TELECOM], "address": [_ADDRESS],
        "qualification": [{"code": _CONCEPT}],
    },
    "PractitionerRole": _BASE | {
        "active": bool, "period": _PERIOD, "practitioner": _REFERENCE, "organization": _REFERENCE,
        "code": [_CONCEPT], "specialty": [_CONCEPT],
    },
    "Organization": _BASE | {
        "active": bool, "name": str, "alias": [str], "type": [_CONCEPT], "telecom": [_TELECOM],
        "address": [_ADDRESS], "partOf": _REFERENCE,
    },
    "OrganizationAffiliation": _BASE | {
        "active": bool, "organization": _REFERENCE, "participatingOrganization": _REFERENCE,
    },
    "Location": _BASE | {"status": str, "name": str, "managingOrganization": _REFERENCE},
    "Consent": _BASE | {
        "status": str, "scope": _CONCEPT, "patient": _REFERENCE, "dateTime": str,
        "performer": [_REFERENCE], "organization": [_REFERENCE],
        "sourceAttachment": {"url": str, "title": str}, "sourceReference": _REFERENCE,
        "policy": [{"uri": str, "authority": str}], "policyRule": _CONCEPT, "provision": dict,
    },
}  # fmt: skip
_WORDS = {str: "a text", bool: "true or false", dict: "an object"}


def misshapen(resource: Resource) -> Iterator[tuple[str, str]]:
    """Name the elements of a resource that have the wrong shape.

    Parameters
    ----------
    resource : dict
        Of a type named in ``SHAPES``.

    Yields
    ------
    tuple of str
        Path of the element, and what it has to be.

    Examples
    --------
    >>> list(misshapen({"resourceType": "Organization", "name": ["Clinic"], "alias": "C"}))
    [('Organization.name', 'a text'), ('Organization.alias', 'a list')]
    """
    kind = resource["resourceType"]
    yield from _faults(resource, SHAPES[kind], kind)


def _faults(value: Any, shape: Shape, path: str) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield path, "a list"
            return
        for each in value:
            yield from _faults(each, shape[0], path)
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            yield path, "an object"
            return
        for name, inner in shape.items():
            yield from _faults(value.get(name), inner, f"{path}.{name}")
    elif not isinstance(value, shape):
        yield path, _WORDS[shape]
