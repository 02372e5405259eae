"""What a pack holds beside its rules: questions for a person, and what was left out and why."""

import re
from collections.abc import Mapping
from typing import Any

from .pack_fields import Reader
from .packs import ChecklistItem, LeftOut

ROW_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+\Z")
# Before which step of the work the question stands.
OCCASIONS = (
    "review", "campaign", "event", "contract", "grant", "sample", "share", "disclosure",
    "programme",
)  # fmt: skip
_ITEM_KEYS = frozenset(["id", "title", "ask", "role", "citation", "certainty", "on"])


def _row_id(reader: Reader, table: Mapping[str, Any], what: str) -> str:
    row_id: str = reader.want(table, "id", str)
    reader.where = f"{reader.file}: {what} {row_id}"
    if not ROW_ID.match(row_id):
        raise reader.bad("017", "the id is none of a row", "Write it as US-PHRMA-SCH-1")
    return row_id


def read_checklist(reader: Reader, data: Mapping[str, Any]) -> tuple[ChecklistItem, ...]:
    """Read the questions of a pack.

    Raises
    ------
    BadPack
        With file, item and remedy.
    """
    items = []
    for table in reader.want(data, "checklist", list, default=[]):
        row_id = _row_id(reader, table, "checklist item")
        reader.known(table, _ITEM_KEYS)
        items.append(
            ChecklistItem(
                id=row_id,
                title=reader.want(table, "title", str),
                ask=reader.want(table, "ask", str),
                role=reader.want(table, "role", str),
                citation=reader.want(table, "citation", str),
                certainty=reader.want(table, "certainty", str),
                on=reader.one_of(table, "on", OCCASIONS),
            )
        )
    return tuple(items)


def read_left_out(reader: Reader, data: Mapping[str, Any]) -> tuple[LeftOut, ...]:
    """Read which rows of the source became neither rule nor question, and why.

    Raises
    ------
    BadPack
        With file, row and remedy.
    """
    rows = []
    for table in reader.want(data, "left_out", list, default=[]):
        row_id = _row_id(reader, table, "row left out")
        reader.known(table, frozenset(("id", "why")))
        rows.append(LeftOut(row_id, reader.want(table, "why", str)))
    return tuple(rows)
