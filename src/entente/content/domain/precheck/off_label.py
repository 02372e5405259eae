"""Judge one sentence against a label: what it says beyond the label, or against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from entente.content.domain.precheck.label_text import LabelSentence, LabelText
from entente.content.domain.precheck.lists import Lists

# From this share on, by weight, a sentence of the label is held to speak of the same matter.
SPEAKS_OF = 0.45
CARRIED = 0.5
NEAR, CARRIED_WELL = 0.3, 0.75
# A warning may be shortened more than a claim.
CARRIED_RISK = 0.35
_AGE = re.compile(
    r"\b(?:aged?\s+)?(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"[\s-]*(?:years?|year-old|-year)"
)
_TENS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_TENS, start=2)}
_LOWEST = re.compile(r"(\d{1,2})(?:\s+(?:to|-)\s+\d{1,2}|-\d{1,2})?\s+years?(?: of age)?")
_DOSE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(mg/kg|mcg|mg|ml|g|iu|units?)\b")
_TWICE = r"\b(?:twice|two times|three times|thrice)[\s-]+(?:a|per|each)?\s*(?:day|daily)"
_OFTEN = (
    ("more than once a day", re.compile(_TWICE + r"|\bevery (?:4|6|8|12) hours")),
    ("every week", re.compile(r"\b(?:every|each|once a|once per|per) week\b|\bweekly\b")),
    ("every day", re.compile(r"\b(?:every|each) day\b|\bdaily\b|\bonce (?:a|per) day\b")),
)


@dataclass(frozen=True)
class Remark:
    """What is wrong with a sentence, and the sentence of the label that says so."""

    rule: str
    words: str
    label: LabelSentence | None = None
    grave: bool = False


@dataclass(frozen=True)
class Asked:
    """A sentence as the rules see it."""

    plain: str
    stems: Sequence[str]
    telling: Sequence[str]
    minimises: bool
    restricts: bool
    names_product: bool

    @property
    def recommends(self) -> bool:
        """Whether it speaks for a use, and does not warn of one."""
        return self.minimises or not self.restricts


Rule = Callable[[Asked, LabelText, Lists], Iterator[Remark]]


def ask(text: str, label: LabelText, lists: Lists) -> Asked:
    """Make a sentence ready: folded, stemmed, its polarity known."""
    plain, n_named = label.named.subn("product", lists.lexicon.plain(text))
    stems = lists.lexicon.stems(plain)
    telling = [
        s for s in dict.fromkeys(stems)
        if s not in lists.generic_stems and s != "product" and not s.isdecimal()
    ]  # fmt: skip
    restricts = lists.restricts(plain)
    minimises = bool(lists["minimises"].search(plain))
    return Asked(plain, stems, telling, minimises, restricts, bool(n_named))


def minimised_risk(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """A risk is denied or made small (21 CFR 202.1(e)(6))."""
    found = lists["minimises"].search(asked.plain)
    if not found:
        return
    risks = label.of("boxed", "contraindications", "warnings", "adverse")
    boxed = label.closest(asked.telling, label.of("boxed"))
    if boxed[1] is not None and boxed[0] >= 0.3:
        yield Remark("boxed_warning", found.group(), boxed[1], grave=True)
        return
    share, nearest = label.closest(asked.telling, risks)
    if asked.telling and share < 0.3:
        nearest = None
    if nearest is None:
        nearest = next(iter(label.of("boxed", "warnings", "adverse")), None)
    yield Remark("safety_minimised", found.group(), nearest, grave=True)


def forbidden_use(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """A use is spoken for that a sentence of the label restricts."""
    if not asked.recommends or not asked.telling:
        return
    limits = [each for each in label.sentences if each.forbids]
    against, limit = label.closest(asked.telling, limits)
    carried, _ = label.closest(asked.telling, _supports(label))
    if limit is not None and against >= SPEAKS_OF and against > carried:
        yield Remark("not_indicated", "", limit, grave=True)
        return
    # Near to a limit of the indication itself, and not plainly carried: a person looks at it.
    near, limit = label.closest(asked.telling, [e for e in limits if e.zone == "indications"])
    if limit is not None and near >= NEAR and carried < CARRIED_WELL:
        yield Remark("not_indicated", "", limit)


def _supports(label: LabelText) -> list[LabelSentence]:
    return [e for e in label.of("indications", "dosage", "studies", "") if not e.forbids]


def population(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """A group of people is addressed for whom the label does not give the product."""
    if not asked.recommends:
        return
    stems = set(asked.stems)
    for group in ("nursing", "pregnancy", "women", "pediatric"):
        key = lists.lexicon.stems(group)[0]
        age = _age_of(asked.plain) if group == "pediatric" else None
        if key not in stems and not (age is not None and age < 18):
            continue
        if group == "pediatric":
            yield from _pediatric(asked, label, lists, key, age)
            continue
        limit = _limit_on(label, key)
        if limit is None and group != "women" and key not in label.stems_of("indications"):
            # What the label does not speak of is not permitted by that.
            limit = label.indication
        if limit is not None:
            yield Remark("not_indicated", group, limit, grave=True)


def _limit_on(label: LabelText, key: str) -> LabelSentence | None:
    there = [e for e in label.sentences if key in e.stems and e.forbids]
    first = [e for e in there if "indicated" in e.text or e.zone == "contraindications"]
    return next(iter(first or there), None)


def _age_of(plain: str) -> int | None:
    found = _AGE.search(plain)
    if found is None:
        return None
    return _NUMBERS.get(found.group(1)) or int(found.group(1))


def _pediatric(
    asked: Asked, label: LabelText, lists: Lists, key: str, age: int | None
) -> Iterator[Remark]:
    allowed = [e for e in label.of("indications") if key in e.stems and not e.forbids]
    limit = _limit_on(label, key)
    if not allowed:
        yield Remark("not_indicated", "children", limit, grave=True)
        return
    lowest = [int(n) for e in allowed for n in _LOWEST.findall(lists.lexicon.plain(e.text))]
    if age is not None and lowest and age < min(lowest):
        yield Remark("not_indicated", f"{age} years", allowed[0], grave=True)
        return
    named = {s for c in conditions(asked.plain, lists) for s in lists.lexicon.stems(c)}
    if not named or not any(named <= e.stems for e in allowed):
        yield Remark("not_indicated", "children", limit or allowed[0], grave=True)


def conditions(plain: str, lists: Lists) -> list[str]:
    """Give the illnesses that a folded text names.

    An illness is taken with the words before it where the label may tell kinds apart.
    """
    return list(dict.fromkeys(m.group() for m in lists.conditions.finditer(plain)))


def condition(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """An illness is named that the indications do not name."""
    if not asked.recommends or asked.minimises:
        return
    there, studied = label.stems_of("indications"), label.stems_of("studies")
    for name in conditions(asked.plain, lists):
        missing = [s for s in lists.lexicon.stems(name) if s not in there]
        if missing:
            # An illness of the studies may be a trait of the people in them: a person looks.
            grave = any(s not in studied for s in missing)
            yield Remark("not_indicated", name, label.indication, grave=grave)


def severity_and_line(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """Milder or earlier illness than the indication says."""
    if not asked.recommends:
        return
    named = {s for c in conditions(asked.plain, lists) for s in lists.lexicon.stems(c)}
    about = [e for e in label.of("indications") if not named or named <= e.stems]
    for rule, said, limited in (
        ("severity", "mild", "not_mild"), ("line", "first_line", "later_line")
    ):  # fmt: skip
        found = lists[said].search(asked.plain)
        if not found:
            continue
        limits = [e for e in about if lists[limited].search(lists.lexicon.plain(e.text))]
        if limits:
            yield Remark(rule, found.group(), limits[0])


def dose(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """A dose above the highest, or a frequency that the dosage does not give."""
    if asked.restricts and not asked.minimises:
        return
    dosage = label.of("dosage")
    if not dosage:
        return
    texts = [(e, lists.lexicon.plain(e.text)) for e in dosage]
    for number, unit in _DOSE.findall(asked.plain):
        known = [
            (float(n.replace(",", "")), e)
            for e, t in texts
            for n, u in _DOSE.findall(t)
            if u == unit
        ]
        if not known:
            continue
        wanted = float(number.replace(",", ""))
        highest, where = max(known, key=lambda pair: pair[0])
        if wanted > highest:
            yield Remark("dose", f"{number} {unit}", where, grave=True)
        elif all(wanted != value for value, _ in known):
            yield Remark("dose", f"{number} {unit}", where)
    yield from _frequency(asked, texts, lists)


def _frequency(
    asked: Asked, texts: Sequence[tuple[LabelSentence, str]], lists: Lists
) -> Iterator[Remark]:
    for words, pattern in _OFTEN:
        found = pattern.search(asked.plain)
        if not found:
            continue
        named = {s for c in conditions(asked.plain, lists) for s in lists.lexicon.stems(c)}
        about = [(e, t) for e, t in texts if named and named <= e.stems] or list(texts)
        if not any(pattern.search(t) for _, t in about):
            yield Remark("dose", words, next((e for e, t in about if _DOSE.search(t)), about[0][0]))
        return


def comparison(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """A comparison or a superlative; it needs substantial evidence (21 CFR 202.1(e)(6)(ii))."""
    found = lists["comparative"].search(asked.plain)
    if found:
        yield Remark("comparative", found.group())


def absolute(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """A promise without exception."""
    found = lists["absolute"].search(asked.plain)
    if found:
        yield Remark("absolute", found.group())


def unsupported(asked: Asked, label: LabelText, lists: Lists) -> Iterator[Remark]:
    """Something is said of the product that no sentence of the label carries.

    This is the net below all others: what is not found in the label is not taken for
    permitted, however it is worded.
    """
    if not asked.telling or not _is_about(asked, lists):
        return
    if asked.restricts and not asked.minimises:
        among, least = list(label.sentences), CARRIED_RISK
    else:
        among, least = _supports(label) + label.of("populations"), CARRIED
    share, nearest = label.closest(asked.telling, among)
    if share < least:
        is_words = nearest is not None and nearest.text != nearest.section
        yield Remark("unsupported", "", nearest if is_words else label.indication)


def _is_about(asked: Asked, lists: Lists) -> bool:
    if asked.names_product or conditions(asked.plain, lists):
        return True
    speaks = lists["efficacy"].search(asked.plain)
    return bool(speaks and lists["product_words"].search(asked.plain))


RULES: tuple[Rule, ...] = (
    minimised_risk, forbidden_use, population, condition, severity_and_line, dose,
    comparison, absolute, unsupported,
)  # fmt: skip


def judge(text: str, label: LabelText, lists: Lists) -> list[Remark]:
    """Judge one sentence by every rule, the gravest remark of each kind once."""
    asked = ask(text, label, lists)
    found: dict[str, Remark] = {}
    for rule in RULES:
        for remark in rule(asked, label, lists):
            held = found.get(remark.rule)
            if held is None or (remark.grave and not held.grave):
                found[remark.rule] = remark
    if any(remark.grave for remark in found.values()):
        # The net below the others has nothing to add where one of them is sure.
        found.pop("unsupported", None)
    return sorted(found.values(), key=lambda remark: not remark.grave)
