"""Read a pack's TOML text into rules, or refuse it with file, rule, column and remedy."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from .facts import FACTS, column_value_problem
from .language import Refused, parse_condition
from .pack_checklist import read_checklist, read_left_out
from .pack_fields import Reader, read_parameter
from .packs import (
    BASES,
    SEVERITIES,
    STATES,
    BadPack,
    Pack,
    Parameter,
    Rule,
    Scenario,
)
from .roles import WHO
from .tree import Among, Compare, Condition, Every, Lit, Ref, walk
from .wording import PLACEHOLDER

_RULE_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+\Z")
_PACK_ID = re.compile(r"[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)+\Z")
_FILE_KEYS = frozenset(["pack", "parameters", "rules", "checklist", "left_out"])
_PACK_KEYS = frozenset(
    ["id", "version", "title", "jurisdiction", "notice", "reviewed_by", "reviewed_on", "changelog"]
)
_RULE_KEYS = frozenset(
    [
        "id",
        "title",
        "citation",
        "from",
        "to",
        "severity",
        "role",
        "basis",
        "certainty",
        "missing",
        "overridable_by",
        "applies",
        "requires",
        "message",
        "base",
        "scenarios",
    ]
)


def _condition(
    reader: Reader, key: str, text: str, parameters: Mapping[str, Parameter]
) -> Condition:
    types = {name: parameter.type for name, parameter in parameters.items()}
    try:
        tree = parse_condition(text, types)
    except Refused as refused:
        raise BadPack(
            refused.code,
            f"{reader.where}: {key}, character {refused.column}",
            refused.why,
            "Facts are listed by `entente gate facts`, the language in docs/howto/write-a-rule.md",
        ) from None
    for node in walk(tree):
        match node:
            case Compare(_, Ref() as ref, Lit(str() as code)) | Compare(
                _, Lit(str() as code), Ref() as ref
            ):
                _check_code(reader, key, ref, code)
            case Among(Ref() as ref, literals):
                for lit in literals:
                    _check_code(reader, key, ref, str(lit.value))
    return tree


def _check_code(reader: Reader, key: str, ref: Ref, code: str) -> None:
    allowed = FACTS[ref.name].codes
    if allowed and ref.type == "text" and code not in allowed:
        raise reader.bad("009", f"{key}: {ref.name} is never {code!r}", f"Use {', '.join(allowed)}")


def _begins_with_type(tree: Condition) -> bool:
    first = tree.parts[0] if isinstance(tree, Every) else tree
    match first:
        case Compare(_, Ref("action.type"), Lit()) | Among(Ref("action.type")):
            return True
        case _:
            return False


def _facts(reader: Reader, given: Mapping[str, Any]) -> dict[str, Any]:
    facts = {}
    for name, value in given.items():
        if name not in FACTS:
            raise reader.bad("010", f"there is no fact {name}", "See `entente gate facts`")
        problem = column_value_problem(FACTS[name], value)
        if isinstance(problem, str):
            raise reader.bad("011", problem, "Give a value of the fact's type")
        facts[name] = value
    return facts


def _scenario(reader: Reader, base: Mapping[str, Any], table: Mapping[str, Any]) -> Scenario:
    reader.known(table, frozenset(("name", "on", "with", "without", "expect", "outcome")))
    facts = dict(base)
    facts |= _facts(reader, reader.want(table, "with", dict, default={}))
    for name in reader.want(table, "without", list, default=[]):
        if name not in facts:
            raise reader.bad("012", f"{name} is not among the base facts", "Leave it out")
        del facts[name]
    on = reader.want(table, "on", date, default=facts.get("action.date"))
    if on is None:
        raise reader.bad("013", "a scenario has no day", "Add on = 2026-03-02")
    return Scenario(
        name=reader.want(table, "name", str),
        on=on,
        facts={**facts, "action.date": on},
        expect=reader.one_of(table, "expect", STATES),
        outcome=reader.want(table, "outcome", str, default=None),
    )


def _scenarios(reader: Reader, table: Mapping[str, Any]) -> tuple[Scenario, ...]:
    base = _facts(reader, reader.want(table, "base", dict, default={}))
    found = tuple(
        _scenario(reader, base, entry)
        for entry in reader.want(table, "scenarios", list, default=[])
    )
    for state in STATES:
        if not any(scenario.expect == state for scenario in found):
            raise reader.bad(
                "014", f"no scenario expects {state}", "Give a pass, a refusal and a missing fact"
            )
    return found


def _messages(
    reader: Reader, table: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> dict[str, str]:
    messages = dict(reader.want(table, "message", dict))
    if not isinstance(messages.get("en"), str):
        raise reader.bad("015", "message.en is missing", 'Add message.en = "..."')
    for language, text in messages.items():
        for name in PLACEHOLDER.findall(text):
            if name.lstrip(":") not in (parameters if name.startswith(":") else FACTS):
                raise reader.bad(
                    "016", f"message.{language} asks for {name}", "Name a fact or :parameter"
                )
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            raise reader.bad("016", f"message.{language} has a stray bracket", "Write {fact.name}")
    return messages


def _rule(
    reader: Reader, pack_id: str, table: Mapping[str, Any], parameters: Mapping[str, Parameter]
) -> Rule:
    rule_id = reader.want(table, "id", str)
    reader.where = f"{reader.file}: rule {rule_id}"
    reader.known(table, _RULE_KEYS)
    if not _RULE_ID.match(rule_id):
        raise reader.bad("017", "the id is no rule id", "Write it as PG-CONS-1")
    severity = reader.one_of(table, "severity", SEVERITIES)
    role = reader.want(table, "role", str, default=None)
    if (severity == "approve") != (role is not None):
        raise reader.bad(
            "018", f"severity {severity} with role {role}", "approve, and only it, names a role"
        )
    applies_text, requires_text = (reader.want(table, key, str) for key in ("applies", "requires"))
    applies = _condition(reader, "applies", applies_text, parameters)
    if not _begins_with_type(applies):
        raise reader.bad(
            "019", "applies does not begin with action.type", "Begin with action.type = '...' AND"
        )
    override = reader.want(table, "overridable_by", str, default=None)
    for named in (role, override):
        if named is not None and named not in WHO:
            raise reader.bad("027", f"there is no role {named}", f"Use one of {', '.join(WHO)}")
    basis, certainty = reader.one_of(table, "basis", BASES), reader.want(table, "certainty", str)
    if override is not None and basis == "law":
        raise reader.bad("022", "a rule of law has overridable_by", "Remove it")
    if certainty.startswith("recall") and severity == "block" and not rule_id.startswith("PG-"):
        raise reader.bad(
            "023", "a rule from memory blocks", "Use severity approve until it is confirmed"
        )
    missing = table.get("missing", "refer")
    if missing not in ("refer", "forbid"):
        raise reader.bad("005", f"missing is {missing!r}", "Use refer or forbid")
    return Rule(
        id=rule_id, pack_id=pack_id, title=reader.want(table, "title", str),
        citation=reader.want(table, "citation", str), start=reader.want(table, "from", date),
        end=reader.want(table, "to", date, default=None), severity=severity, basis=basis,
        certainty=certainty, applies=applies,
        requires=_condition(reader, "requires", requires_text, parameters),
        applies_text=applies_text, requires_text=requires_text,
        messages=_messages(reader, table, parameters), role=role,
        forbid_if_missing=missing == "forbid", overridable_by=override,
        scenarios=_scenarios(reader, table),
    )  # fmt: skip


def content_hash(data: Mapping[str, Any]) -> str:
    """Hash what a pack says; comments, order of keys and spacing do not count.

    >>> day = date(2026, 1, 1)
    >>> content_hash({"a": 1, "b": day}) == content_hash({"b": day, "a": 1})
    True
    """
    plain = json.dumps(data, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def read_pack(text: str, file: str = "pack.toml") -> Pack:
    """Read one pack from its TOML text.

    Parameters
    ----------
    text : str
        The whole file.
    file : str
        Its name, for refusals.

    Raises
    ------
    BadPack
        With file, rule, column where there is one, and the remedy.
    """
    reader = Reader(file)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadPack("PACK-001", file, f"not TOML: {error}", "Mend the place it names") from None
    reader.known(data, _FILE_KEYS)
    head = reader.want(data, "pack", dict)
    reader.known(head, _PACK_KEYS)
    pack_id = reader.want(head, "id", str)
    if not _PACK_ID.match(pack_id):
        raise reader.bad("017", f"{pack_id!r} is no pack id", "Write it as us/phrma")
    parameters = {}
    for name, table in reader.want(data, "parameters", dict, default={}).items():
        reader.where = f"{file}: parameter {name}"
        parameters[name] = read_parameter(reader, name, table)
    pack = _head(reader, file, pack_id, head, content_hash(data))
    rules = tuple(
        _rule(reader, pack_id, table, parameters)
        for table in reader.want(data, "rules", list, default=[])
    )
    checklist, left_out = read_checklist(reader, data), read_left_out(reader, data)
    if not rules and not checklist and not left_out:
        raise reader.bad("026", "it says nothing", "Add [[rules]] or [[checklist]]")
    return replace(pack, rules=rules, parameters=parameters, checklist=checklist, left_out=left_out)


def _head(reader: Reader, file: str, pack_id: str, head: Mapping[str, Any], digest: str) -> Pack:
    reader.where = file
    changes = []
    for entry in reader.want(head, "changelog", list):
        reader.known(entry, frozenset(("version", "on", "change")))
        changes.append(
            (
                reader.want(entry, "version", str),
                reader.want(entry, "on", date),
                reader.want(entry, "change", str),
            )
        )
    version = reader.want(head, "version", str)
    if not changes or changes[0][0] != version:
        raise reader.bad(
            "024", f"the changelog does not begin with {version}", "Add that entry first"
        )
    notice = reader.want(head, "notice", str)
    if "legal advice" not in notice:
        raise reader.bad("025", "the notice does not speak of legal advice", "Say that it is none")
    return Pack(
        id=pack_id,
        version=version,
        title=reader.want(head, "title", str),
        jurisdiction=reader.want(head, "jurisdiction", str),
        content_hash=digest,
        notice=notice,
        reviewed_by=str(head.get("reviewed_by", "")),
        reviewed_on=reader.want(head, "reviewed_on", date, default=None),
        changelog=tuple(changes),
        rules=(),
        source_file=file,
    )
