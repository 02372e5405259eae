"""What the pre-check is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from entente.content.domain.checks import Material
from entente.content.domain.precheck.label_text import LabelText
from entente.content.domain.precheck.places import Shown, read_html, read_plain


@dataclass(frozen=True)
class UsedClaim:
    """A claim of the version; ``state`` is empty where it stands on no section of a label.

    ``fallen`` says which studies no longer carry it; ``has_support`` whether another reference
    does.
    """

    text: str
    in_label: bool = True
    state: str = ""
    fallen: str = ""
    has_support: bool = True


@dataclass(frozen=True)
class Subject:
    """A version with what it is judged against."""

    material: Material
    label: LabelText | None = None
    claims: Sequence[UsedClaim] = ()
    pairs: Sequence[str] = ()

    @cached_property
    def forms(self) -> dict[str, Shown]:
        """The subject line, the HTML and the text as a reader sees them."""
        return {
            "subject": read_plain(self.material.subject),
            "html": read_html(self.material.html),
            "text": read_plain(self.material.text),
        }


@dataclass(frozen=True)
class Found:
    """One finding: which rule, how grave, where, in which words, and what to do.

    ``form`` is ``subject``, ``html``, ``text``, or ``item`` for what has no one place;
    ``start`` and ``end`` count characters of that form's source.
    """

    rule: str
    title: str
    severity: str
    form: str
    start: int
    end: int
    words: str
    remedy: str
    label_words: str = ""
    label_section: str = ""

    def told(self) -> dict[str, Any]:
        """Give it as JSON keeps it."""
        return asdict(self)

    def as_severe_as(self, severity: str) -> Found:
        """Give the same finding with another severity."""
        return replace(self, severity=severity)
