"""Split a condition into tokens, refusing every character the language does not know."""

import re
from dataclasses import dataclass

LONGEST = 2000
DEEPEST = 25
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<decimal>[0-9]{1,15}\.[0-9]{1,6}(?![0-9A-Za-z_.]))"
    r"|(?P<integer>[0-9]{1,15}(?![0-9A-Za-z_.]))"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)?(?![A-Za-z0-9_.]))"
    r"|(?P<text>'[A-Za-z0-9 _.:/+&-]{1,80}'(?!'))"
    r"|(?P<param>:[a-z][a-z0-9_]*(?![A-Za-z0-9_.:]))"
    r"|(?P<op><>|<=|>=|[=<>(),+-])"
)
KEYWORDS = frozenset(
    ["AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE", "DATE", "TIME"]
)


class Refused(Exception):
    """A condition that is not admitted: a stable code, why, and at which character (from 1)."""

    def __init__(self, code: str, why: str, column: int = 1) -> None:
        super().__init__(f"{code}: {why} (character {column})")
        self.code = code
        self.why = why
        self.column = column


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is a keyword, a group name of the pattern, or `end`."""

    kind: str
    text: str
    column: int


def _check_size(text: str) -> None:
    if len(text) > LONGEST:
        raise Refused("COND-001", f"{len(text)} characters; at most {LONGEST} are read", LONGEST)
    depth = 0
    for column, sign in enumerate(text, 1):
        depth += (sign == "(") - (sign == ")")
        if depth > DEEPEST:
            raise Refused("COND-002", f"brackets nest deeper than {DEEPEST}", column)


def tokens_of(text: str) -> list[Token]:
    """Split a condition; the last token has kind `end`.

    Raises
    ------
    Refused
        If the text is too long, nests too deep, or holds a character outside the language;
        comments, quoted names, escapes, semicolons and characters beyond ASCII are outside.

    Examples
    --------
    >>> [token.text for token in tokens_of("action.amount_minor <= :cap")]
    ['action.amount_minor', '<=', ':cap', '']
    """
    _check_size(text)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or text.startswith("--", at):
            raise Refused("COND-003", f"{text[at : at + 12]!r} is not part of the language", at + 1)
        kind = str(found.lastgroup)
        word = found.group()
        if kind == "word" and word.upper() in KEYWORDS:
            kind = word.upper()
        if kind != "space":
            tokens.append(Token(kind, word, at + 1))
        at = found.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens
