"""Write a typed tree as a postfix program: no recursion, no names, only numbers remain."""

from collections.abc import Iterator, Mapping, Sequence

from . import kernel as k
from .packs import Parameter
from .tree import (
    Among,
    Compare,
    Condition,
    Contains,
    Either,
    Every,
    Lit,
    Node,
    Not,
    Param,
    Ref,
    Sum,
    Truth,
    Unknown,
    facts_read,
    walk,
)

Instruction = tuple[int, int, int, int]
_OPS = {"=": k.EQ, "<>": k.NE, "<": k.LT, "<=": k.LE, ">": k.GT, ">=": k.GE}


class ParameterSlots:
    """Where each parameter lies in the parameter table; a keyed one takes a slot per code."""

    def __init__(self, codes: int) -> None:
        self.codes = codes
        self.width = 0
        self._slots: dict[tuple[int, bool], tuple[Parameter, int]] = {}

    def slot(self, parameter: Parameter, *, keyed: bool) -> int:
        """Return the first slot of a parameter, laid out when first asked for."""
        place = (id(parameter), keyed)
        if place not in self._slots:
            self._slots[place] = (parameter, self.width)
            self.width += self.codes if keyed else 1
        return self._slots[place][1]

    def items(self) -> Iterator[tuple[tuple[Parameter, bool], int]]:
        """Yield every parameter in use, whether keyed, and its first slot."""
        for (_, keyed), (parameter, slot) in self._slots.items():
            yield (parameter, keyed), slot


class Writer:
    """Writes programs one after another, sharing columns, literal sets and parameter slots."""

    def __init__(self, vocabulary: Mapping[str, int], facts: Sequence[str]) -> None:
        self.vocabulary = vocabulary
        self.columns = {name: index for index, name in enumerate(facts)}
        self.code: list[Instruction] = []
        self.sets: list[int] = []
        self.slots = ParameterSlots(len(vocabulary))
        self.slots_used: list[int] = []
        self.depth = 1

    @staticmethod
    def texts_in(node: Node) -> set[str]:
        """List the text literals of a tree."""
        return {
            part.value
            for part in walk(node)
            if isinstance(part, Lit) and isinstance(part.value, str)
        }

    @staticmethod
    def facts_of(*nodes: Node) -> frozenset[str]:
        """List the facts that some trees read."""
        return frozenset().union(*(facts_read(node) for node in nodes))

    def write(self, node: Condition, parameters: Mapping[str, Parameter]) -> int:
        """Append the program of a condition; return where it starts."""
        start = len(self.code)
        self._node(node, parameters, 1)
        return start

    def _emit(self, op: int, a: int = 0, b: int = 0, c: int = 0) -> None:
        self.code.append((op, a, b, c))

    def _column(self, ref: Ref) -> int:
        return self.columns[ref.name]

    def _number(self, lit: Lit) -> int:
        return self.vocabulary[lit.value] if isinstance(lit.value, str) else lit.value

    def _parameter(self, param: Param, parameters: Mapping[str, Parameter]) -> int:
        slot = self.slots.slot(parameters[param.name], keyed=param.key is not None)
        self.slots_used.append(slot)
        return slot

    def _node(self, node: Node, parameters: Mapping[str, Parameter], level: int) -> None:
        self.depth = max(self.depth, level)
        match node:
            case Truth(ref):
                self._emit(k.COL, self._column(ref))
            case Ref():
                self._emit(k.COL, self._column(node))
            case Lit():
                self._emit(k.CONST, self._number(node))
            case Param(_, _, None):
                self._emit(k.PARAM, self._parameter(node, parameters))
            case Param(_, _, key) if key is not None:
                self._node(key, parameters, level)
                self._emit(k.KEYED, self.slots.codes, self._parameter(node, parameters))
            case Sum(sign, left, right):
                self._both(left, right, parameters, level)
                self._emit(k.ADD if sign == "+" else k.SUB)
            case Unknown(ref):
                self._emit(k.COL, self._column(ref))
                self._emit(k.NULL)
            case Not(part):
                self._node(part, parameters, level)
                self._emit(k.NOT)
            case Compare():
                self._compare(node, parameters, level)
            case Among() | Contains():
                self._member(node, parameters, level)
            case Every(parts):
                self._chain(parts, k.AND, k.IF_ALL_FALSE, parameters, level)
            case Either(parts):
                self._chain(parts, k.OR, k.IF_ALL_TRUE, parameters, level)

    def _both(
        self, left: Node, right: Node, parameters: Mapping[str, Parameter], level: int
    ) -> None:
        self._node(left, parameters, level)
        self._node(right, parameters, level + 1)

    def _compare(self, node: Compare, parameters: Mapping[str, Parameter], level: int) -> None:
        match node.left, node.right:
            case Ref() as ref, Lit() as lit:
                self._emit(k.CMP_CONST, self._column(ref), self._number(lit), _OPS[node.op])
            case Ref() as ref, Param(_, _, None) as param:
                slot = self._parameter(param, parameters)
                self._emit(k.CMP_PARAM, self._column(ref), slot, _OPS[node.op])
            case left, right:
                self._both(left, right, parameters, level)
                self._emit(k.CMP, c=_OPS[node.op])

    def _member(
        self, node: Among | Contains, parameters: Mapping[str, Parameter], level: int
    ) -> None:
        self._node(node.item, parameters, level)
        if isinstance(node, Contains):
            self._emit(k.HAS, self._column(node.list))
            return
        numbers = sorted({self._number(value) for value in node.values})
        self._emit(k.IN, len(self.sets), len(numbers))
        self.sets += numbers

    def _chain(
        self,
        parts: tuple[Condition, ...],
        join: int,
        leave: int,
        parameters: Mapping[str, Parameter],
        level: int,
    ) -> None:
        """Join parts pairwise; leave at once where the first parts already decide every row."""
        self._node(parts[0], parameters, level)
        jumps = []
        for part in parts[1:]:
            jumps.append(len(self.code))
            self._emit(leave)
            self._node(part, parameters, level + 1)
            self._emit(join)
        for jump in jumps:
            self.code[jump] = (leave, len(self.code), 0, 0)
