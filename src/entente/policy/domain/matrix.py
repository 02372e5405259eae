"""The rule matrix: audience x channel x claim x country, each cell open, referred or closed.

A cell that is not open is one rule of the pack ``company/rule-matrix``, written with its cases;
the matrix is read back from those rules, so the page and the text never differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .facts import FACTS
from .packs import Pack, Rule

PACK_ID = "company/rule-matrix"
ANY = "any"
APPLIES = "action.type IN ('email', 'call', 'response', 'publication')"
AUDIENCES = FACTS["recipient.kind"].codes
CHANNELS = FACTS["action.channel"].codes
KINDS = FACTS["content.kind"].codes
# What material may say: the fact that tells it, and the value by which it does.
SAYS: dict[str, tuple[str, bool]] = {
    "outside_label": ("content.claims_in_label", False),
    "other_brand": ("content.names_other_brands", True),
    "new": ("content.says_new", True),
    "safe": ("content.says_safe", True),
    "endorsement": ("content.hcp_endorsement", True),
    "reprint": ("content.is_reprint", True),
}
CLAIMS = (*KINDS, *SAYS)
ROLES = ("medical", "regulatory", "legal", "compliance")
LANES = ("open", *(f"refer-{role}" for role in ROLES), "closed")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A part of the matrix; "any" in a dimension stands for all of it.

    Parameters
    ----------
    audience, channel, claim : str
        A code of `AUDIENCES`, `CHANNELS`, `CLAIMS`, or "any".
    country : str
        ISO 3166-1 alpha-2 of where the act takes effect, or "any".
    """

    audience: str = ANY
    channel: str = ANY
    claim: str = ANY
    country: str = ANY

    def covers(self, other: Cell) -> bool:
        """Tell whether everything in another cell is in this one.

        Examples
        --------
        >>> Cell(channel="email").covers(Cell("hcp", "email", "promo", "DE"))
        True
        >>> Cell(channel="email", country="FR").covers(Cell(channel="email"))
        False
        """
        return all(
            own in (ANY, getattr(other, name))
            for name, own in zip(self.__slots__, self.values(), strict=True)
        )

    def values(self) -> tuple[str, str, str, str]:
        """Give audience, channel, claim and country."""
        return self.audience, self.channel, self.claim, self.country


Matrix = dict[Cell, str]


def outcome_of(lane: str) -> str:
    """Give what an act in a lane comes to, as far as the matrix goes.

    Examples
    --------
    >>> [outcome_of(lane) for lane in ("open", "refer-legal", "closed")]
    ['PERMIT', 'REFER', 'FORBID']
    """
    return {"open": "PERMIT", "closed": "FORBID"}.get(lane, "REFER")


def lane_at(matrix: Mapping[Cell, str], cell: Cell) -> str:
    """Give the strictest lane among the cells that cover one.

    Examples
    --------
    >>> lane_at({Cell(claim="new"): "refer-legal", Cell(country="FR"): "closed"},
    ...         Cell("hcp", "email", "new", "FR"))
    'closed'
    """
    lanes = [lane for each, lane in matrix.items() if each.covers(cell)]
    return max(lanes, key=LANES.index, default="open")


def rule_id(cell: Cell) -> str:
    """Give the id of a cell's rule.

    Examples
    --------
    >>> rule_id(Cell("patient_org", "email", "any", "DE"))
    'MX-PATIENTORG-EMAIL-ANY-DE'
    """
    return "-".join(["MX", *(_short(value) for value in cell.values())])


def _short(code: str) -> str:
    return code.replace("_", "").upper()


def matrix_of(pack: Pack | None) -> tuple[Matrix, dict[Cell, date], list[str]]:
    """Read a matrix back from its pack.

    Returns
    -------
    matrix, since, others
        Lane by cell, first day by cell, and the ids of rules that are no cell of a matrix,
        such as one written by hand.
    """
    known = [{_short(code): code for code in (*codes, ANY)} for codes in
             (AUDIENCES, CHANNELS, CLAIMS)]  # fmt: skip
    matrix: Matrix = {}
    since: dict[Cell, date] = {}
    others: list[str] = []
    for rule in pack.rules if pack else ():
        parts = rule.id.split("-")
        codes = [table.get(part, "") for table, part in zip(known, parts[1:4], strict=False)]
        lane = "closed" if rule.severity == "block" else f"refer-{rule.role}"
        cell = None
        if len(parts) == 5 and all(codes):
            audience, channel, claim = codes
            cell = Cell(audience, channel, claim, ANY if parts[4] == "ANY" else parts[4])
        if cell is None or lane not in LANES or not _is_of(cell, rule):
            others.append(rule.id)
        else:
            matrix[cell], since[cell] = lane, rule.start
    return matrix, since, others


def _is_of(cell: Cell, rule: Rule) -> bool:
    # A rule that somebody changed by hand is shown as such, never written over.
    return (
        rule.id == rule_id(cell)
        and rule.requires_text == _requires(cell)
        and rule.applies_text == APPLIES
        and rule.end is None
    )


def _tests(cell: Cell) -> list[tuple[str, str, object, object]]:
    """Give fact, condition, the value inside the cell and one outside, for each dimension."""
    found: list[tuple[str, str, object, object]] = []
    for fact, code, codes in (
        ("recipient.kind", cell.audience, AUDIENCES),
        ("action.channel", cell.channel, CHANNELS),
        ("action.country", cell.country, ("DE", "FR")),
    ):
        if code != ANY:
            outside = next(each for each in codes if each != code)
            found.append((fact, f"{fact} = '{code}'", code, outside))
    if cell.claim in SAYS:
        fact, value = SAYS[cell.claim]
        found.append((fact, fact if value else f"NOT {fact}", value, not value))
    elif cell.claim != ANY:
        outside = next(each for each in KINDS if each != cell.claim)
        found.append(("content.kind", f"content.kind = '{cell.claim}'", cell.claim, outside))
    return found


def _requires(cell: Cell) -> str:
    return f"NOT ({' AND '.join(condition for _, condition, _, _ in _tests(cell))})"


def _rule(cell: Cell, lane: str, start: date) -> list[str]:
    tests = _tests(cell)
    where = ", ".join(code.replace("_", " ") for code in cell.values() if code != ANY)
    closed = lane == "closed"
    verb = "is closed" if closed else "is looked at by a person"
    cases = [("inside", "", "refused")]
    cases += [
        (f"another {fact}", f"with = {{ {_text(fact)} = {_text(outside)} }}, ", "pass")
        for fact, _, _, outside in tests
    ]
    cases += [
        (f"{fact} is not known", f"without = [{_text(fact)}], ", "undecided")
        for fact, _, _, _ in tests
    ]
    said = ", ".join(f"{fact} {{{fact}}}" for fact, _, _, _ in tests)
    severity = ['severity = "block"', 'missing = "refer"']
    if not closed:
        severity = ['severity = "approve"', f'role = "{lane.removeprefix("refer-")}"']
    return [
        "[[rules]]",
        f'id = "{rule_id(cell)}"',
        f'title = "Rule matrix: {where} {verb}"',
        'citation = "Company rule matrix"',
        f"from = {start}",
        *severity,
        'basis = "company"',
        'certainty = "company policy"',
        f'applies = "{APPLIES}"',
        f'requires = "{_requires(cell)}"',
        f'message.en = "The rule matrix {"closes" if closed else "refers"} this: {said}."',
        "scenarios = [",
        *(
            f"  {{ name = {_text(name)}, on = {start}, {facts}expect = {_text(expect)} }},"
            for name, facts, expect in cases
        ),
        "]",
        "[rules.base]",
        '"action.type" = "email"',
        *(f"{_text(fact)} = {_text(inside)}" for fact, _, inside, _ in tests),
        "",
    ]


def _text(value: object) -> str:
    # JSON's strings and booleans are TOML's too, but for DEL, which no one types.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "")


def text_of(
    matrix: Mapping[Cell, str],
    *,
    change: str,
    on: date,
    since: Mapping[Cell, date],
    before: Iterable[tuple[str, date, str]] = (),
) -> str:
    """Write a matrix as the text of its pack.

    Parameters
    ----------
    matrix : mapping of Cell to str
        Lane by cell; open cells are written as nothing.
    change : str
        What changes, for the changelog.
    on : date
        Day of this version, and first day of each cell that is new.
    since : mapping of Cell to date
        First day of the cells that stay as they were.
    before : iterable of (str, date, str)
        Changelog of the version before, the latest first.

    Returns
    -------
    str
        TOML that `read_pack` takes.
    """
    log = list(before)
    version = f"{int(log[0][0].split('.')[0]) + 1}.0.0" if log else "1.0.0"
    lines = [
        "[pack]",
        f'id = "{PACK_ID}"',
        f'version = "{version}"',
        'title = "Rule matrix"',
        'jurisdiction = "any"',
        'notice = "Our own policy, in our own words; it is no legal advice and needs a named'
        ' reviewer."',
        'reviewed_by = ""',
        "",
    ]
    for held, day, words in [(version, on, " ".join(change.split()) or "As before."), *log]:
        lines += ["[[pack.changelog]]", f"version = {_text(held)}", f"on = {day}",
                  f"change = {_text(words)}", ""]  # fmt: skip
    for cell, lane in sorted(matrix.items()):
        if lane != "open":
            lines += _rule(cell, lane, since.get(cell, on))
    return "\n".join(lines)
