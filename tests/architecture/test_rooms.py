"""Rooms: named as they are, standing in one order, with tables that are nobody else's."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.architecture.source import (
    ENTENTE,
    ROOT,
    STEP,
    imports,
    in_rooms,
    name_of,
    room_of,
    templates,
    tree,
)

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}


def test_the_contracts_between_rooms_are_kept():
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]


def test_every_room_has_its_place_in_the_order():
    rooms = {path.name for path in ENTENTE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(STEP)


def test_nobody_imports_the_tables_of_another_room():
    # Everybody stands on the lowest room's tables: organisations, users, ids.
    guilty = [
        f"{name_of(path)}:{line} {target}"
        for path in in_rooms()
        for line, target in imports(path)
        for parts in [target.split(".")]
        if parts[0] == "entente"
        and parts[2:3] == ["models"]
        and parts[1] not in {room_of(path), "foundation"}
    ]
    assert guilty == [], "read another room through its reads, change it through its actions"


def test_foreign_keys_point_down_only():
    guilty = []
    for path in in_rooms("models"):
        for node in ast.walk(tree(path)):
            if not (
                isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in RELATIONS
            ):
                continue
            target = node.args[0] if node.args else None
            if isinstance(target, ast.Constant) and "." in str(target.value):
                room = str(target.value).split(".")[0]
                mine = room_of(path)
                if room != mine and STEP[room] >= STEP[mine]:
                    guilty.append(f"{name_of(path)}:{node.lineno} {target.value}")
    assert guilty == []


def test_no_generic_foreign_key_and_no_signal_joins_two_rooms():
    forbidden = (
        "django.contrib.contenttypes.fields",
        "django.db.models.signals",
        "django.dispatch",
    )
    guilty = [
        f"{name_of(path)}:{line} {target}"
        for path in in_rooms()
        for line, target in imports(path)
        if target.startswith(forbidden)
    ]
    assert guilty == []


def test_a_template_lies_under_its_rooms_name():
    guilty = []
    for path in templates():
        room, _, folder, *_ = path.relative_to(ENTENTE).parts
        if room != "foundation" and folder not in {room, "cotton"}:
            guilty.append(name_of(path))
    assert guilty == []
