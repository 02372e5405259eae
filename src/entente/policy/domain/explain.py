"""Turn bits into sentences: which rule did not pass, why, and what would change the answer.

Whether a part of a rule holds is asked of the same kernel: each leaf of each `requires` is a
small rule of its own in a compiled set of probes, judged on the row that someone looks at.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from .compile import Compiled, compile_packs
from .packs import Parameter, Rule
from .tree import Condition, Either, Every, Not, Ref, Unknown
from .verdicts import Finding, FindingState, Outcome, Verdicts, WordArray, bits_of
from .wording import fill_in, sentence

Absent = Callable[..., WordArray]
Judge = Callable[[Compiled, Mapping[str, Any], date], Verdicts]
_ALWAYS = Not(Unknown(Ref("action.date", "date")))


def leaves(node: Condition, *, wanted: bool = True) -> Iterator[tuple[Condition, bool]]:
    """Yield the leaves of a condition, each with the truth that would help the whole.

    >>> [wanted for _, wanted in leaves(Not(Every((_ALWAYS, _ALWAYS))))]
    [True, True]
    """
    match node:
        case Every(parts) | Either(parts):
            for part in parts:
                yield from leaves(part, wanted=wanted)
        case Not(part):
            yield from leaves(part, wanted=not wanted)
        case _:
            yield node, wanted


@lru_cache(maxsize=16)
def _probes(compiled: Compiled) -> Compiled:
    """Compile every leaf of every `requires` as a rule of its own, named RULE#number."""
    packs = []
    for pack in compiled.packs:
        rules = [
            replace(rule, id=f"{rule.id}#{n:03}", applies=_ALWAYS, requires=leaf, scenarios=())
            for rule in pack.rules
            for n, (leaf, _) in enumerate(leaves(rule.requires))
        ]
        packs.append(replace(pack, rules=tuple(rules)))
    return compile_packs(packs)


def _weigh(rule: Rule, *, refused: bool) -> tuple[FindingState, Outcome, str | None]:
    """Say what a rule's failure means: its state, its outcome alone, and who may decide."""
    if rule.severity == "record":
        return "obligation", "PERMIT", None
    if rule.severity == "warn":
        return ("warning", "PERMIT", None) if refused else ("undecided", "REFER", "compliance")
    if refused:
        if rule.severity == "block":
            return "refused", "FORBID", None
        return "refused", "REFER", rule.role
    if rule.severity == "block":
        forbids = rule.forbid_if_missing
        return "undecided", "FORBID" if forbids else "REFER", None if forbids else "compliance"
    return "undecided", "REFER", rule.role


Say = Callable[[Condition, bool], str]


def _lacking(
    node: Condition, wanted: bool, answers: Iterator[str], say: Say
) -> tuple[str, tuple[str, ...]]:
    """Find what a condition still lacks to be as wanted.

    Parameters
    ----------
    answers : iterator of str
        What each leaf answered, left to right: yes, no or open.

    Returns
    -------
    state : str
        Whether it is as wanted: yes, no, or open.
    sentences : tuple of str
        One per thing that must change; ways of which one suffices are joined by "or".
    """
    match node:
        case Not(part):
            return _lacking(part, not wanted, answers, say)
        case Every(parts) | Either(parts):
            found = [_lacking(part, wanted, answers, say) for part in parts]
            states = {state for state, _ in found}
            each = isinstance(node, Every) == wanted
            decided = "no" if each else "yes"
            state = decided if decided in states else "open" if "open" in states else (
                "yes" if each else "no"
            )  # fmt: skip
            if state == "yes":
                return state, ()
            lines = [" and ".join(lacks) for answer, lacks in found if answer != "yes"]
            return state, tuple(lines) if each else (" or ".join(lines),)
        case _:
            answer = next(answers)
            state = answer if wanted or answer == "open" else {"yes": "no", "no": "yes"}[answer]
            return state, () if state == "yes" else (say(node, wanted),)


def _remedies(
    rule: Rule,
    states: Mapping[str, str],
    facts: Mapping[str, Any],
    parameters: Mapping[str, Parameter],
) -> tuple[str, ...]:
    answers = (states[f"{rule.id}#{n:03}"] for n, _ in enumerate(leaves(rule.requires)))
    _, lines = _lacking(
        rule.requires, True, answers, lambda leaf, yes: sentence(leaf, yes, facts, parameters)
    )
    return tuple(dict.fromkeys(lines))


def _probe_states(compiled: Compiled, facts: Mapping[str, Any], judge: Judge) -> dict[str, str]:
    probes = _probes(compiled)
    answer = judge(probes, facts, facts["action.date"])
    states = {}
    refused, undecided = set(bits_of(answer.refused[0])), set(bits_of(answer.undecided[0]))
    for bit, probe in enumerate(probes.rules):
        state = "no" if bit in refused else "open" if bit in undecided else "yes"
        states[probe.id] = state
    return states


def findings_of(
    verdicts: Verdicts,
    row: int,
    facts: Mapping[str, Any],
    *,
    absent: Absent,
    judge: Judge,
    language: str = "en",
) -> tuple[Finding, ...]:
    """Explain one row of a batch.

    Parameters
    ----------
    verdicts : Verdicts
        The batch.
    row : int
        Which candidate.
    facts : mapping
        Its facts as Python values, ``action.date`` among them; they fill the messages.
    absent, judge : callable
        The evaluator's own functions, handed in by it.
    language : str
        Of the messages; English where a rule has no other.

    Returns
    -------
    tuple of Finding
        One per rule that did not pass, by rule id.
    """
    compiled = verdicts.compiled
    open_bits = set(bits_of(verdicts.undecided[row]))
    bits = sorted(open_bits | set(bits_of(verdicts.refused[row])))
    if not bits:
        return ()
    states = _probe_states(compiled, facts, judge)
    by_pack = {pack.id: pack.parameters for pack in compiled.packs}
    findings = []
    for bit in bits:
        rule = compiled.rules[bit]
        state, outcome, role = _weigh(rule, refused=bit not in open_bits)
        parameters = by_pack[rule.pack_id]
        missing = _missing(verdicts, row, bit, absent) if bit in open_bits else ()
        text = rule.messages.get(language, rule.messages["en"])
        findings.append(
            Finding(
                rule_id=rule.id,
                title=rule.title,
                citation=rule.citation,
                severity=rule.severity,
                state=state,
                message=fill_in(text, facts, parameters),
                missing_facts=missing,
                role=role,
                basis=rule.basis,
                outcome=outcome,
                remedy=_remedies(rule, states, facts, parameters),
                overridable_by=rule.overridable_by,
                complete=bit not in open_bits,
            )
        )
    return tuple(findings)


def _missing(verdicts: Verdicts, row: int, bit: int, absent: Absent) -> tuple[str, ...]:
    words = absent(verdicts, np.array([row], np.int64), only=bit)
    return tuple(sorted(verdicts.compiled.facts[index] for index in bits_of(words[0])))
