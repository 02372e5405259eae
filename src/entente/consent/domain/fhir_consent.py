"""What a FHIR R4 Consent says about one actor, one action and one moment."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

Resource = Mapping[str, Any]

OPT_IN = frozenset({"OPTIN", "OPTINR"})
OPT_OUT = frozenset({"OPTOUT", "OPTOUTE"})
# What a rule may be limited to besides actor, action and period; the question has to say.
_ABOUT = ("purpose", "class", "code", "securityLabel", "data", "dataPeriod")
_DEEPEST = 20
_WHEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?", re.ASCII)


class Outcome(StrEnum):
    """What a consent says; only ``PERMIT`` lets anything happen."""

    PERMIT = "permit"
    DENY = "deny"
    NOT_IN_FORCE = "not-in-force"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """An outcome, why, and the element that decided."""

    outcome: Outcome
    reason: str
    path: str = "Consent"


@dataclass(frozen=True)
class Question:
    """What is asked of a consent.

    Parameters
    ----------
    actor : str
        Reference to who would act, ``"Practitioner/f204"``.
    action : str
        Code of the action, ``"access"``.
    at : datetime
        With a zone.
    about : mapping of str to collection of str
        What the question knows besides: codes by ``purpose``, ``class``, ``code`` or
        ``securityLabel``. A rule limited to something that is not named here may or may not
        apply, and then permits nothing.
    scope : str
        Code of the consent's scope that counts; any, where it is empty.
    """

    actor: str
    action: str
    at: datetime
    about: Mapping[str, Collection[str]] | None = None
    scope: str = ""


class _Fit(StrEnum):
    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


def decide(consent: Resource, question: Question) -> Verdict:
    """Decide what a FHIR R4 Consent says; what cannot be told permits nothing.

    Parameters
    ----------
    consent : mapping
        The resource, as read from JSON; of any shape.
    question : Question

    Returns
    -------
    Verdict

    Notes
    -----
    Source: FHIR R4, Consent (6.2). The base rule is ``policyRule``: OPTIN permits, OPTOUT denies.
    The root provision is an exception to it where it has a type; without one it frames the base
    rule, so that an opt-in that names actors permits those and says nothing of others. Nested
    provisions are exceptions to what holds around them; one that names no actors or actions has
    those around it. Of several that apply at one depth, a denial wins.

    Examples
    --------
    >>> consent = {"resourceType": "Consent", "status": "active", "scope": {"text": "privacy"},
    ...     "policyRule": {"coding": [{"code": "OPTOUT"}]},
    ...     "provision": {"type": "permit", "action": [{"coding": [{"code": "access"}]}]}}
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> decide(consent, Question("Organization/1", "access", noon)).outcome
    <Outcome.PERMIT: 'permit'>
    >>> decide(consent, Question("Organization/1", "correct", noon)).outcome
    <Outcome.DENY: 'deny'>
    """
    try:
        return _before(consent, question) or _judge(consent, question)
    except (TypeError, AttributeError, KeyError, ValueError, OverflowError, RecursionError):
        return Verdict(Outcome.UNKNOWN, "an element does not have the shape that FHIR gives it")


def _before(consent: Resource, question: Question) -> Verdict | None:
    """Give what ends the question before any rule is read."""
    if consent.get("modifierExtension") or consent.get("implicitRules"):
        return Verdict(
            Outcome.UNKNOWN, "an extension changes its meaning", "Consent.modifierExtension"
        )
    status = consent.get("status")
    if status != "active":
        return Verdict(Outcome.NOT_IN_FORCE, "only an active consent counts", "Consent.status")
    codes = set(_codes(consent.get("scope")))
    if not consent.get("scope") or (question.scope and question.scope not in codes):
        return Verdict(Outcome.UNKNOWN, "it is of another scope", "Consent.scope")
    given = _moment(consent.get("dateTime"), ends=False)
    if given is not None and given > question.at:
        return Verdict(Outcome.NOT_IN_FORCE, "it was given later", "Consent.dateTime")
    root = consent.get("provision") or {}
    if _in_period(root.get("period"), question.at) is _Fit.NO:
        return Verdict(
            Outcome.NOT_IN_FORCE, "its period is over or has not begun", "Consent.provision.period"
        )
    return None


def _judge(consent: Resource, question: Question) -> Verdict:
    base = _base(consent)
    root = consent.get("provision")
    if not root:
        return Verdict(base, "the base rule, which nothing excepts", "Consent.policyRule")
    # Outside the frame an opt-in says nothing, while an opt-out goes on denying.
    is_frame = root.get("type") is None and base is Outcome.PERMIT
    outside = Outcome.UNKNOWN if is_frame else base
    found = _weigh(root, _Around(base, outside), question, "Consent.provision")
    if found is not None:
        return found
    if is_frame:
        return Verdict(outside, "it does not speak of this actor or action", "Consent.provision")
    return Verdict(base, "the base rule; no provision applies", "Consent.policyRule")


def _base(consent: Resource) -> Outcome:
    codes = set(_codes(consent.get("policyRule")))
    if codes & OPT_OUT:
        return Outcome.DENY
    return Outcome.PERMIT if codes & OPT_IN else Outcome.UNKNOWN


@dataclass(frozen=True)
class _Around:
    """What holds around a rule: inside and outside of it, its frames, and whether they are sure."""

    inside: Outcome
    outside: Outcome
    frames: tuple[Resource, ...] = ()
    is_sure: bool = True


def _weigh(rule: Resource, around: _Around, question: Question, path: str) -> Verdict | None:
    """Give what a provision and those inside say, or None where none of them applies."""
    if len(around.frames) > _DEEPEST:
        return Verdict(Outcome.UNKNOWN, "its rules are nested too deep to be read", path)
    own = _type(rule, around.inside)
    limits = _all_of([_Fit.YES if around.is_sure else _Fit.MAYBE, *_limits(rule, question)])
    if limits is _Fit.NO:
        return None
    fit = _all_of([limits, *_named(rule, question, around.frames)])
    held = around.outside if fit is _Fit.NO else own
    inside = _Around(held, held, (*around.frames, rule), limits is _Fit.YES)
    inner = [
        found
        for number, each in enumerate(_list(rule.get("provision")))
        if (found := _weigh(each, inside, question, f"{path}.provision[{number}]"))
    ]
    if inner:
        return _worst(inner)
    if fit is _Fit.NO:
        return None
    if fit is _Fit.MAYBE and own is not around.outside:
        return Verdict(Outcome.UNKNOWN, "whether this rule applies cannot be told", path)
    return Verdict(own, "this rule applies" if rule.get("type") else "the base rule, here", path)


def _type(rule: Resource, around: Outcome) -> Outcome:
    if rule.get("type") is None:
        return around
    known = {"permit": Outcome.PERMIT, "deny": Outcome.DENY}
    return known.get(rule["type"], Outcome.UNKNOWN)


def _worst(found: list[Verdict]) -> Verdict:
    order = (Outcome.DENY, Outcome.UNKNOWN, Outcome.NOT_IN_FORCE, Outcome.PERMIT)
    return min(found, key=lambda each: order.index(each.outcome))


def _all_of(fits: list[_Fit]) -> _Fit:
    if _Fit.NO in fits:
        return _Fit.NO
    return _Fit.MAYBE if _Fit.MAYBE in fits else _Fit.YES


def _limits(rule: Resource, question: Question) -> list[_Fit]:
    """Tell whether period and subject of a rule fit; what it holds inside stands under them too."""
    return [
        _in_period(rule.get("period"), question.at),
        *(_is_about(rule, name, question.about or {}) for name in _ABOUT if rule.get(name)),
    ]


def _named(rule: Resource, question: Question, frames: tuple[Resource, ...]) -> list[_Fit]:
    """Tell whether actor and action fit; an inner rule that names none has those around it."""
    return [
        _is_actor(_nearest("actor", rule, frames), question.actor),
        _is_action(_nearest("action", rule, frames), question.action),
    ]


def _nearest(name: str, rule: Resource, frames: tuple[Resource, ...]) -> list[Resource]:
    named = (each.get(name) for each in (rule, *reversed(frames)))
    return _list(next((value for value in named if value), None))


def _is_actor(actors: list[Resource], asked: str) -> _Fit:
    if not actors:
        return _Fit.YES
    named = [(each.get("reference") or {}).get("reference") for each in actors]
    if any(reference and same_reference(reference, asked) for reference in named):
        return _Fit.YES
    # Somebody named only by a role, words or a number may be the one who asks.
    return _Fit.NO if all(named) else _Fit.MAYBE


def same_reference(one: str, other: str) -> bool:
    """Tell whether two references are to the same resource; versions do not matter.

    Examples
    --------
    >>> same_reference("Organization/f001", "https://a.test/fhir/Organization/f001/_history/3")
    True
    >>> same_reference("https://a.test/Organization/1", "https://b.test/Organization/1")
    False
    """
    left, right = (each.split("/_history/")[0].strip() for each in (one, other))
    if left == right:
        return bool(left)
    shorter, longer = sorted((left, right), key=len)
    return "://" not in shorter and shorter.count("/") == 1 and longer.endswith(f"/{shorter}")


def _is_action(actions: list[Resource], asked: str) -> _Fit:
    if not actions:
        return _Fit.YES
    codes = [set(_codes(each)) for each in actions]
    if any(asked in each for each in codes):
        return _Fit.YES
    return _Fit.NO if all(codes) else _Fit.MAYBE


def _is_about(rule: Resource, name: str, about: Mapping[str, Collection[str]]) -> _Fit:
    if name in ("data", "dataPeriod") or name not in about:
        return _Fit.MAYBE
    codes = set()
    for each in _list(rule[name]):
        codes |= set(_codes(each)) if name == "code" else {each.get("code")}
    return _Fit.YES if codes & set(about[name]) else _Fit.NO


def _codes(concept: Any) -> Iterator[str]:
    for coding in (concept or {}).get("coding") or []:
        if coding.get("code"):
            yield coding["code"]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("a list is expected")
    return value


def _in_period(period: Any, at: datetime) -> _Fit:
    if not period:
        return _Fit.YES
    start, end = period.get("start"), period.get("end")
    first, last = _moment(start, ends=False), _moment(end, ends=True)
    if (first is not None and at < first) or (last is not None and at >= last):
        return _Fit.NO
    unread = (start and first is None) or (end and last is None)
    return _Fit.MAYBE if unread else _Fit.YES


def _moment(text: Any, *, ends: bool) -> datetime | None:
    """Read a FHIR dateTime in UTC; a day, month or year ends with its last instant."""
    found = _WHEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    year, month, day, time = found.groups()
    if time:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    start = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    if not ends:
        return start
    if day:
        return start + timedelta(days=1)
    number = int(month or 12)
    return datetime(int(year) + number // 12, number % 12 + 1, 1, tzinfo=UTC)
