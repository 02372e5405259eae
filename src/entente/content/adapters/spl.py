"""Read an FDA label (Structured Product Labeling, HL7 v3 XML) without trusting it.

A document type or an entity is refused outright: an SPL file needs neither, and both are ways
to make a reader open other files or swell in memory. Nothing is ever fetched.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from entente.content.domain.labels import LabelFile, SectionText, keyed, slug
from entente.foundation.errors import UserError

MOST_BYTES = 30_000_000
MOST_DEPTH = 120
HL7 = "urn:hl7-org:v3"
_NDC, _LOINC = "2.16.840.1.113883.6.69", "2.16.840.1.113883.6.1"
_BLOCKS = {"paragraph", "item", "caption", "tr", "br", "table", "list"}
_SKIPPED = {"renderMultiMedia", "footnoteRef"}


class LabelFileError(UserError):
    """The file is no label that can be read; the text says what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words, field="file")


def read_label(source: Path | bytes) -> LabelFile:
    """Read a label file, plain or packed with gzip.

    Raises
    ------
    LabelFileError
        If it is too large, is no well-formed XML, declares a document type or entity, is no
        SPL document, or lacks its set id, version number or effective day.
    """
    raw = source if isinstance(source, bytes) else _bytes_of(source)
    content = _unpacked(raw)
    root = _tree(content)
    if root.tag != "document":
        raise LabelFileError(
            f"the file holds <{root.tag}>, no SPL document: choose the label's XML"
        )
    sections = _sections(root)
    if not sections:
        raise LabelFileError("the label has no section with words: choose the full label's XML")
    return LabelFile(
        set_id=_attribute(root, "setId", "root", "set id").lower(),
        number=_number(root),
        effective_on=_day(root),
        document_id=_attribute(root, "id", "root", "document id").lower(),
        title=_words(root.find("title"))[:500],
        owner_name=_words(root.find("author/assignedEntity/representedOrganization/name"))[:300],
        product_names=_product_names(root),
        substances=_substances(root),
        codes=_codes(root),
        applications=_applications(root),
        sections=sections,
        file_hash=hashlib.sha256(content).hexdigest(),
    )


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LabelFileError(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as wrong:
        raise LabelFileError(f"the file cannot be read: {wrong.strerror}") from None


def _unpacked(raw: bytes) -> bytes:
    if raw[:2] == b"\x1f\x8b":
        try:
            # One byte more than allowed tells a bomb from a file that just fits.
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                raw = packed.read(MOST_BYTES + 1)
        except (OSError, EOFError):
            raise LabelFileError("the file is damaged: download it again") from None
    if len(raw) > MOST_BYTES:
        raise LabelFileError(f"the label is larger than {MOST_BYTES // 1_000_000} MB")
    return raw


def _tree(content: bytes) -> Element:
    builder, depth = TreeBuilder(), 0
    parser = expat.ParserCreate(namespace_separator="}")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True

    def refuse(*_: object) -> int:
        raise LabelFileError("the file declares a document type or entity, which no label needs")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise LabelFileError("the file is nested too deeply for a label")
        builder.start(_local(tag), attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(tag))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
        return builder.close()
    except expat.ExpatError as wrong:
        raise LabelFileError(
            f"the file is no well-formed XML (line {wrong.lineno}): download it again"
        ) from None


def _local(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    return name if space in {HL7, ""} else tag


def _attribute(root: Element, tag: str, name: str, words: str) -> str:
    found = root.find(tag)
    value = (found.get(name) or "").strip() if found is not None else ""
    if not value or len(value) > 100:
        raise LabelFileError(f"the label has no {words}: choose the label's XML as published")
    return value


def _number(root: Element) -> int:
    value = _attribute(root, "versionNumber", "value", "version number")
    if not value.isdecimal() or not 0 < int(value) < 1_000_000:
        raise LabelFileError(f"the version number is {value}: a whole number is expected")
    return int(value)


def _day(root: Element) -> date:
    value = _attribute(root, "effectiveTime", "value", "effective day")[:8]
    try:
        return date(int(value[:4]), int(value[4:6] or 1), int(value[6:8] or 1))
    except ValueError:
        raise LabelFileError(f"the effective day is {value}: YYYYMMDD is expected") from None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _blocks(element: Element) -> Iterator[str]:
    """Give text with a line feed where a block begins or ends."""
    if element.tag in _SKIPPED:
        return
    is_block = element.tag in _BLOCKS
    if is_block:
        yield "\n"
    if element.tag == "item":
        yield "• "
    if element.tag in {"td", "th"}:
        yield " | "
    yield (element.text or "").replace("\n", " ")
    for child in element:
        yield from _blocks(child)
        yield (child.tail or "").replace("\n", " ")
    if is_block:
        yield "\n"


def _words(element: Element | None) -> str:
    return "" if element is None else _plain("".join(_blocks(element)))


def _paragraphs(element: Element | None) -> str:
    if element is None:
        return ""
    lines = (_plain(line).strip("| ") for line in "".join(_blocks(element)).split("\n"))
    return "\n".join(line for line in lines if line and line != "•")


def _sections(root: Element) -> list[SectionText]:
    rows: list[tuple[int | None, int, Element]] = []

    def walk(element: Element, parent: int | None, level: int) -> None:
        for section in element.findall("component/section"):
            if not _is_worded(section):
                continue
            rows.append((parent, level, section))
            walk(section, len(rows) - 1, level + 1)

    body = root.find("component/structuredBody")
    if body is not None:
        walk(body, None, 1)
    made = [(parent, level, section, _code(section), _words(section.find("title"))[:500])
            for parent, level, section in rows]  # fmt: skip
    # A section without heading is known by how it begins.
    keys = keyed(
        (parent, slug(code, title or _words(section.find("text"))[:40]))
        for parent, _, section, code, title in made
    )
    return [
        SectionText(
            position=position,
            parent=parent,
            level=level,
            code=code,
            anchor=(section.get("ID") or _root(section))[:100],
            title=title,
            text=_paragraphs(section.find("text")),
            highlight=_paragraphs(section.find("excerpt/highlight/text")),
            key=keys[position][:500],
        )
        for position, (parent, level, section, code, title) in enumerate(made)
    ]


def _is_worded(section: Element) -> bool:
    # Some sections say all in their heading, such as a contraindication of three words.
    if _words(section.find("text")) or _words(section.find("title")):
        return True
    return any(_is_worded(child) for child in section.findall("component/section"))


def _code(section: Element) -> str:
    found = section.find("code")
    if found is None or found.get("codeSystem", _LOINC) != _LOINC:
        return ""
    return (found.get("code") or "")[:20]


def _root(section: Element) -> str:
    found = section.find("id")
    return "" if found is None else found.get("root") or ""


def _once(values: Iterator[str], most: int = 300) -> list[str]:
    return list(dict.fromkeys(value[:300] for value in values if value))[:most]


def _products(root: Element) -> Iterator[Element]:
    # A product holds its parts as products of the same name; the outer wrapper has no name.
    yield from root.iter("manufacturedProduct")
    yield from root.iter("manufacturedMedicine")
    yield from root.iter("partProduct")
    yield from root.iter("partMedicine")


def _product_names(root: Element) -> list[str]:
    return _once(_words(product.find("name")) for product in _products(root))


def _substances(root: Element) -> list[str]:
    def found() -> Iterator[str]:
        for one in root.iter("ingredient"):
            if (one.get("classCode") or "").startswith("ACT"):
                yield _words(one.find("ingredientSubstance/name"))
        for one in root.iter("activeIngredient"):
            yield _words(one.find("activeIngredientSubstance/name"))
        for one in root.iter("genericMedicine"):
            yield _words(one.find("name"))

    # The same substance stands once in capitals and once as a generic name.
    return list({name.casefold(): name for name in reversed(_once(found()))}.values())[::-1]


def _codes(root: Element) -> list[str]:
    return _once(
        one.get("code") or "" for one in root.iter("code") if one.get("codeSystem") == _NDC
    )


def _applications(root: Element) -> list[str]:
    return _once(
        (one.find("id").get("extension") or "").strip()  # type: ignore[union-attr]
        for one in root.iter("approval")
        if one.find("id") is not None
    )
