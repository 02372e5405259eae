"""A file of FHIR resources, opened: one resource, a Bundle, or one resource per line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from entente.directory.adapters.chunks import Refusal, RegistryFileError
from entente.directory.domain.fhir_json import FhirJsonError, Resource, read_json

# A document is read as a whole and takes some ten times its size; lines are read one by one.
MOST_DOCUMENT_BYTES = 48 << 20
MOST_LINE_BYTES = 2 << 20
_BUNDLES = frozenset({"batch", "collection", "document", "history", "searchset", "transaction"})
_LOOKED_AT = 100
_BY_LINE = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
_NO_RESOURCE = "This entry holds no resource."
_NO_OBJECT = "Give one resource, a JSON object with resourceType."
_NO_BUNDLE = "Give a Bundle as a file of its own, not on a line of others."
_METHOD = "Only resources to be made or changed are taken (POST, PUT or PATCH of a whole resource)."


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a file.

    Attributes
    ----------
    line : int
        Line of a file by lines, else number of the entry in its Bundle, from 1.
    resource : dict
    full_url : str
        Its address, if the Bundle gives one.
    conditions : list of tuple of str
        System and value by which a conditional create asks whether it is there already.
    """

    line: int
    resource: Resource
    full_url: str = ""
    conditions: list[tuple[str, str]] = field(default_factory=list)


def entries(path: Path) -> Iterator[Entry | Refusal]:
    """Read the resources of a file one by one, each as an entry or as why it cannot be one.

    Parameters
    ----------
    path : pathlib.Path
        JSON or NDJSON, plain or gzip.

    Raises
    ------
    RegistryFileError
        If the file as a whole cannot be read.
    """
    try:
        with _open(path) as stream:
            if path.name.lower().endswith(_BY_LINE) or _is_by_line(stream):
                yield from _lines(stream)
                return
        with _open(path) as stream:
            yield from _document(path, stream.read(MOST_DOCUMENT_BYTES + 1))
    except (EOFError, OSError, zlib.error):
        raise RegistryFileError(
            f"IMPORT-004: {path.name} breaks off or is damaged inside its compression; "
            "fetch it again."
        ) from None


def _open(path: Path) -> BinaryIO:
    stream = path.open("rb")
    zipped = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if zipped else stream


def _is_by_line(stream: BinaryIO) -> bool:
    """Tell whether the first line is a resource in itself and a second one follows."""
    filled: list[bytes] = []
    for _ in range(_LOOKED_AT):
        raw = stream.readline(MOST_LINE_BYTES + 1)
        if not raw or len(filled) == 2:
            break
        if raw.strip():
            filled.append(raw)
    stream.seek(0)
    if len(filled) < 2 or len(filled[0]) > MOST_LINE_BYTES:
        return False
    try:
        return isinstance(read_json(filled[0].decode("utf-8-sig")), dict)
    except ValueError:
        return False


def _lines(stream: BinaryIO) -> Iterator[Entry | Refusal]:
    line = 0
    while raw := stream.readline(MOST_LINE_BYTES + 1):
        line += 1
        if len(raw) > MOST_LINE_BYTES:
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(MOST_LINE_BYTES)
            yield Refusal(line, "row", "", f"A resource takes at most {MOST_LINE_BYTES >> 20} MiB.")
        elif raw.strip():
            yield _line(raw, line)


def _line(raw: bytes, line: int) -> Entry | Refusal:
    try:
        found = read_json(raw.decode("utf-8-sig" if line == 1 else "utf-8"))
    except UnicodeDecodeError:
        return Refusal(line, "row", "", "Write the file in UTF-8.")
    except FhirJsonError as wrong:
        return Refusal(line, "row", "", f"This line is no sound JSON: {wrong}.")
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        return Refusal(line, "Bundle", "", _NO_BUNDLE)
    return Entry(line, found) if isinstance(found, dict) else Refusal(line, "row", "", _NO_OBJECT)


def _document(path: Path, raw: bytes) -> Iterator[Entry | Refusal]:
    if len(raw) > MOST_DOCUMENT_BYTES:
        raise RegistryFileError(
            f"IMPORT-011: {path.name} is a document of more than {MOST_DOCUMENT_BYTES >> 20} MiB; "
            "write one resource per line (NDJSON), which has no limit."
        )
    try:
        found = read_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise RegistryFileError(
            f"IMPORT-012: {path.name} is not UTF-8 at byte {wrong.start}; FHIR is always UTF-8."
        ) from None
    except FhirJsonError as wrong:
        raise RegistryFileError(f"IMPORT-013: {path.name} is no sound JSON: {wrong}.") from None
    if not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        raise RegistryFileError(
            f"IMPORT-014: {path.name} holds no FHIR resource: a JSON object with resourceType "
            "is expected, alone, in a Bundle or on each line."
        )
    if found["resourceType"] == "Bundle":
        yield from _bundle(path, found)
    else:
        yield Entry(1, found)


def _bundle(path: Path, bundle: Resource) -> Iterator[Entry | Refusal]:
    listed = bundle.get("entry")
    if bundle.get("type") not in _BUNDLES or not isinstance(listed, list | None):
        raise RegistryFileError(
            f"IMPORT-015: {path.name} is a Bundle of a type that is not taken, or without a list "
            f"of entries; its type may be {', '.join(sorted(_BUNDLES))}."
        )
    for number, each in enumerate(listed or [], start=1):
        yield _entry(number, each)


def _entry(number: int, each: Any) -> Entry | Refusal:
    if not isinstance(each, dict):
        return Refusal(number, "Bundle.entry", "", _NO_RESOURCE)
    request = each.get("request")
    request = request if isinstance(request, dict) else {}
    if request.get("method", "POST") not in ("POST", "PUT", "PATCH"):
        return Refusal(number, "Bundle.entry.request.method", "", _METHOD)
    resource, url = each.get("resource"), each.get("fullUrl")
    if not isinstance(resource, dict):
        return Refusal(number, "Bundle.entry", "", _NO_RESOURCE)
    url = url if isinstance(url, str) and len(url) <= 500 else ""
    return Entry(number, resource, url, _conditions(request.get("ifNoneExist")))


def _conditions(query: Any) -> list[tuple[str, str]]:
    """Read ``identifier=system|value``, the condition under which nothing new is made."""
    found = []
    for part in query.split("&") if isinstance(query, str) else []:
        system, bar, value = part.removeprefix("identifier=").partition("|")
        if part.startswith("identifier=") and bar and system and value:
            found.append((system, value))
    return [pair for pair in found if len(pair[0]) <= 200 and len(pair[1]) <= 200]
