"""Run a pack over a version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entente.content.domain.checks import Finding
from entente.content.domain.precheck.finders import FINDERS, Spot, listed, spoken
from entente.content.domain.precheck.off_label import Remark, judge
from entente.content.domain.precheck.pack import BadCheckPack, Check, CheckPack
from entente.content.domain.precheck.subject import Found, Subject
from entente.content.domain.precheck.words import folded

Judged = dict[str, list[tuple[str, int, int, str, Remark]]]


def precheck(subject: Subject, pack: CheckPack) -> list[Found]:
    """Look for everything that the pack describes.

    Returns
    -------
    list of Found
        In the order of the pack. A sentence that is word for word a claim which a reviewer
        found carried by the label in force is warned of rather than blocked; it is never
        passed over.
    """
    judged = _judged(subject, pack)
    found: list[Found] = []
    for check in pack.checks:
        if _concerns(check, subject):
            found += [_found(check, spot, subject) for spot in _spots(check, subject, pack, judged)]
    return found


def _concerns(check: Check, subject: Subject) -> bool:
    material = subject.material
    return (not check.kinds or material.kind in check.kinds) and (
        not check.audiences or bool(set(check.audiences) & set(material.audiences))
    )


def _judged(subject: Subject, pack: CheckPack) -> Judged:
    by_rule: Judged = {}
    if subject.label is None:
        return by_rule
    for form, each in spoken(subject):
        for remark in judge(each.text, subject.label, pack.lists):
            by_rule.setdefault(remark.rule, []).append(
                (form, each.start, each.end, each.text, remark)
            )
    return by_rule


def _spots(check: Check, subject: Subject, pack: CheckPack, judged: Judged) -> Iterator[Spot]:
    family, _, name = check.find.partition(":")
    if family == "label":
        yield from _label_spots(name, subject, judged)
    elif family == "list":
        yield from listed(check, subject, pack.lists)
    elif family in FINDERS:
        yield from FINDERS[family](check, subject, pack.lists)
    else:
        raise BadCheckPack(f"{check.id}: nothing looks for {check.find}")


def _label_spots(name: str, subject: Subject, judged: Judged) -> Iterator[Spot]:
    carried = {folded(c.text).rstrip(".") for c in subject.claims if c.state == "holds"}
    for form, start, end, text, remark in judged.get(name, ()):
        limit = remark.label
        yield Spot(
            form,
            start,
            end,
            text,
            lighter=not remark.grave or folded(text).rstrip(".") in carried,
            label_words=limit.text if limit else "",
            label_section=limit.section if limit else "",
        )


def _found(check: Check, spot: Spot, subject: Subject) -> Found:
    severity = check.severity
    if spot.note:
        severity = "note"
    elif spot.lighter:
        severity = check.lighter or ("warn" if severity == "block" else severity)
    if severity == "block" and subject.material.kind in check.warn_only:
        severity = "warn"
    shown = subject.forms.get(spot.form)
    start, end = spot.start, spot.end
    if shown is not None and end > start:
        start, end = shown.place(start, end)
    return Found(
        check.id, check.title, severity, spot.form, start, end, spot.words,
        f"{check.remedy}{spot.remedy}", spot.label_words, spot.label_section,
    )  # fmt: skip


def as_findings(found: Sequence[Found], pack: CheckPack) -> list[Finding]:
    """Give one answer per check that found something, as a submission and its page read it."""
    answers = []
    for check in pack.checks:
        mine = [f for f in found if f.rule == check.id and f.severity != "note"]
        if not mine:
            continue
        blocks = any(f.severity == "block" for f in mine)
        worst = next((f for f in mine if f.severity == "block"), mine[0])
        words = f"“{worst.words}”: " if worst.words else ""
        more = f" And {len(mine) - 1} more." if len(mine) > 1 else ""
        answers.append(
            Finding(check.id, check.title, False, f"{words}{worst.remedy}{more}", blocks)
        )
    return answers
