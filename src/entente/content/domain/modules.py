"""Modules: approved blocks that items are built from, and the rules about what stands by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from entente.content.domain.markup import visible_words


class ModuleKind(StrEnum):
    """What a module is for."""

    BODY = "body"
    SAFETY = "safety"
    HEADER = "header"
    FOOTER = "footer"
    SUPPORT = "support"


KIND_WORDS = {
    ModuleKind.BODY: "Body",
    ModuleKind.SAFETY: "Safety information",
    ModuleKind.HEADER: "Opening",
    ModuleKind.FOOTER: "Closing",
    ModuleKind.SUPPORT: "Supported by",
}


@dataclass(frozen=True)
class Rules:
    """What a module asks of the item it stands in; modules are named by their item's id.

    Parameters
    ----------
    needs : frozenset of UUID
        Modules that have to stand in the same item, such as safety text.
    needs_next : frozenset of UUID
        Modules of which one has to follow at once.
    never_with : frozenset of UUID
        Modules that must not stand in the same item.
    never_next_to : frozenset of UUID
        Modules that must not stand directly before or after it.
    most : int
        How often it may stand in one item.
    """

    needs: frozenset[UUID] = frozenset()
    needs_next: frozenset[UUID] = frozenset()
    never_with: frozenset[UUID] = frozenset()
    never_next_to: frozenset[UUID] = frozenset()
    most: int = 1

    def as_data(self) -> dict[str, object]:
        """Give the rules as they are stored and hashed."""
        named = {
            name: sorted(str(each) for each in getattr(self, name))
            for name in ("needs", "needs_next", "never_with", "never_next_to")
        }
        return {**named, "most": self.most}

    @staticmethod
    def from_data(data: Mapping[str, object]) -> Rules:
        """Read stored rules; what is not stored asks for nothing."""
        lists = {
            name: frozenset(UUID(str(each)) for each in data.get(name, ()))  # type: ignore[attr-defined]
            for name in ("needs", "needs_next", "never_with", "never_next_to")
        }
        return Rules(**lists, most=int(str(data.get("most", 1))))


@dataclass(frozen=True)
class Part:
    """A module in its place in an item."""

    module: UUID
    version: UUID
    name: str
    kind: str
    html: str
    text: str
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class Broken:
    """A rule of a module that an item breaks, and what mends it."""

    module: UUID
    words: str


def broken_rules(parts: Sequence[Part], names: Mapping[UUID, str] | None = None) -> list[Broken]:
    """Give every rule of the modules in an item that their arrangement breaks.

    Parameters
    ----------
    parts : sequence of Part
        In the order in which they stand.
    names : mapping of UUID to str, optional
        Of modules that rules name and that do not stand in the item.

    Examples
    --------
    >>> a, s = UUID(int=1), UUID(int=2)
    >>> body = Part(a, a, "Efficacy", "body", "", "", Rules(needs=frozenset([s])))
    >>> [each.words for each in broken_rules([body], {s: "Safety"})]
    ['Efficacy needs Safety in the same item.']
    """
    known = {**(names or {}), **{part.module: part.name for part in parts}}
    there = [part.module for part in parts]
    found: list[Broken] = []
    for place, part in enumerate(parts):
        beside = set(there[max(0, place - 1) : place] + there[place + 1 : place + 2])
        found += [
            Broken(part.module, f"{part.name} {words}") for words in _of(part, there, beside, known)
        ]
        following = there[place + 1] if place + 1 < len(there) else None
        if part.rules.needs_next and following not in part.rules.needs_next:
            wanted = _names(part.rules.needs_next, known)
            found.append(Broken(part.module, f"{part.name} has to be followed by {wanted}."))
    return list(dict.fromkeys(found))


def _of(
    part: Part, there: list[UUID], beside: set[UUID], known: Mapping[UUID, str]
) -> Iterable[str]:
    rules = part.rules
    others = {each for each in there if each != part.module}
    for module in sorted(rules.needs - others, key=str):
        yield f"needs {known.get(module, 'a module you cannot see')} in the same item."
    for module in sorted(rules.never_with & others, key=str):
        yield f"must not stand in one item with {known[module]}."
    for module in sorted(rules.never_next_to & beside, key=str):
        yield f"must not stand next to {known[module]}."
    if there.count(part.module) > rules.most:
        yield f"may stand in an item at most {rules.most} time{'' if rules.most == 1 else 's'}."


def _names(modules: Iterable[UUID], known: Mapping[UUID, str]) -> str:
    return " or ".join(sorted(known.get(each, "a module you cannot see") for each in modules))


def compose(parts: Sequence[Part]) -> tuple[str, str]:
    """Give HTML and text of an item that is made of these parts and nothing else.

    Examples
    --------
    >>> one = Part(UUID(int=1), UUID(int=1), "A", "body", "<p>Hi</p>", "Hi")
    >>> compose([one, one])
    ('<p>Hi</p>\\n<p>Hi</p>', 'Hi\\n\\nHi')
    """
    return (
        "\n".join(part.html for part in parts),
        "\n\n".join(part.text.strip() for part in parts),
    )


def unchanged(html: str, parts: Sequence[Part]) -> list[bool]:
    """Tell for each part whether its HTML stands in the item to the letter, in this order."""
    position, found = 0, []
    for part in parts:
        place = html.find(part.html, position) if part.html else -1
        found.append(place >= 0)
        position = place + len(part.html) if place >= 0 else position
    return found


def words_outside(html: str, text: str, parts: Sequence[Part]) -> str:
    """Give the words of an item that none of its parts holds, in either form.

    Examples
    --------
    >>> one = Part(UUID(int=1), UUID(int=1), "A", "body", "<p>Hi</p>", "Hi")
    >>> words_outside("<p>Hi</p><p>Buy now</p>", "Hi", [one])
    'Buy now'
    """
    for part in sorted(parts, key=lambda each: -len(each.html)):
        html = html.replace(part.html, " ", 1) if part.html else html
        text = text.replace(part.text.strip(), " ", 1) if part.text.strip() else text
    return " ".join(f"{visible_words(html)} {' '.join(text.split())}".split())
