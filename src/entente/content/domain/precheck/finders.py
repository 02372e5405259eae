"""What looks for each thing in a version: claims, safety text, words, persons, links, images."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from entente.content.domain.merge import FIELDS
from entente.content.domain.precheck.label_text import LabelText
from entente.content.domain.precheck.lists import Lists
from entente.content.domain.precheck.off_label import conditions
from entente.content.domain.precheck.pack import Check
from entente.content.domain.precheck.places import Shown
from entente.content.domain.precheck.subject import Subject
from entente.content.domain.precheck.words import Sentence, folded, sentences
from entente.foundation.domain.identifiers import npi_is_valid


@dataclass(frozen=True)
class Spot:
    """Where something was found; ``start`` and ``end`` count characters that are shown."""

    form: str = "item"
    start: int = 0
    end: int = 0
    words: str = ""
    lighter: bool = False
    note: bool = False
    remedy: str = ""
    label_words: str = ""
    label_section: str = ""


Finder = Callable[[Check, Subject, Lists], Iterator[Spot]]


def spoken(subject: Subject) -> Iterator[tuple[str, Sentence]]:
    """Give every sentence once: subject, HTML, then what only the text form says."""
    seen: set[str] = set()
    for form, shown in subject.forms.items():
        for each in sentences(shown.text):
            plain = folded(each.text).rstrip(".!")
            if plain not in seen:
                seen.add(plain)
                yield form, each


def alike(one: str, other: str) -> float:
    """Tell how alike two sentences are, from 0 to 1, by the order of their words.

    Examples
    --------
    >>> alike("lowers ldl by half", "lowers ldl by half")
    1.0
    """
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NOT = re.compile(r"\b(?:no|not|never|without|none)\b")


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[\w%.,/-]*\w%?", folded(text)))


def _closest(text: str, subject: Subject) -> tuple[float, str]:
    bare = _bare(text)
    pairs = ((alike(bare, _bare(claim.text)), claim.text) for claim in subject.claims)
    return max(pairs, default=(0.0, ""))


def unregistered_claim(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A sentence that claims an effect and is like no claim of the version."""
    names = [n.casefold() for n in (subject.label.product_names if subject.label else ())]
    for form, each in spoken(subject):
        plain = lists.lexicon.plain(each.text)
        about = bool(conditions(plain, lists)) or any(name in plain for name in names)
        claims = about and lists["efficacy"].search(plain) and not lists.restricts(plain)
        if not claims or "?" in each.text:
            continue
        inside = any(_bare(c.text) in _bare(each.text) for c in subject.claims)
        share, nearest = _closest(each.text, subject)
        if not inside and share < check.parameters["near"]:
            said = f" Nearest claim: {nearest}" if share >= 0.5 else ""
            yield Spot(form, each.start, each.end, each.text, remedy=said)


def altered_claim(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A sentence close to a claim but not the same; another number or a "not" weighs more."""
    for form, each in spoken(subject):
        share, claim = _closest(each.text, subject)
        one, other = _bare(each.text), _bare(claim)
        if not check.parameters["near"] <= share or other in one:
            continue
        graver = _NUMBER.findall(one) != _NUMBER.findall(other) or bool(_NOT.search(one)) != bool(
            _NOT.search(other)
        )
        yield Spot(
            form, each.start, each.end, each.text, lighter=not graver, remedy=f" It says: {claim}"
        )


def stale_claim(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A claim whose section of the label was changed or is gone."""
    for claim in subject.claims:
        if claim.state in {"changed", "gone"}:
            said = (
                " Its section was changed." if claim.state == "changed" else " Its section is gone."
            )
            yield Spot(words=claim.text, remedy=said)


def fallen_study(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A claim with a reference to a fallen study; it weighs less where another one carries it."""
    for claim in subject.claims:
        if claim.fallen:
            yield Spot(words=claim.text, lighter=claim.has_support, remedy=f" {claim.fallen}")


def unplaced_claim(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A claim said to be in the label that names no section of the label on file."""
    if subject.label is not None:
        for claim in subject.claims:
            if claim.in_label and not claim.state:
                yield Spot(words=claim.text)


def label_missing(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """No label to judge by; said openly."""
    if subject.label is None:
        yield Spot()


def boxed_warning_present(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """The boxed warning is not in both forms."""
    if subject.label is None or not (boxed := subject.label.of("boxed")):
        return
    wanted = subject.label.stems_of("boxed")
    for form in ("html", "text"):
        there = frozenset(lists.lexicon.stems(subject.forms[form].text))
        if subject.label.share(wanted, there) < check.parameters["share"]:
            first = max(boxed, key=lambda e: len(e.text))
            yield Spot(form, label_words=first.text, label_section=first.section)


def _risks(check: Check, label: LabelText, shown: Shown, lists: Lists) -> list[Sentence]:
    """Sentences that say a risk of the label."""
    risks = label.of("boxed", "contraindications", "warnings", "adverse")
    found = []
    for each in sentences(shown.text):
        telling = [s for s in lists.lexicon.stems(each.text) if s not in lists.generic_stems]
        share, _ = label.closest(telling, risks)
        plain = lists.lexicon.plain(each.text)
        is_risk = lists.restricts(plain) or share >= 0.6
        if (
            share >= check.parameters.get("share", 0.4)
            and is_risk
            and not lists["minimises"].search(plain)
        ):
            found.append(each)
    return found


def risks_present(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """Fewer sentences of risk than asked for."""
    if subject.label is None:
        return
    for form in ("html", "text"):
        n = len(_risks(check, subject.label, subject.forms[form], lists))
        if n < check.parameters["least"]:
            yield Spot(form)


def _benefits(shown: Shown, lists: Lists) -> list[Sentence]:
    found = []
    for each in sentences(shown.text):
        plain = lists.lexicon.plain(each.text)
        if lists["efficacy"].search(plain) and not lists.restricts(plain):
            found.append(each)
    return found


def risks_as_large(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A risk stands in smaller print than the benefits."""
    if subject.label is None:
        return
    shown = subject.forms["html"]
    risks = _risks(check, subject.label, shown, lists)
    places = {each.start for each in risks}
    benefits = [b for b in _benefits(shown, lists) if b.start not in places]
    if not benefits:
        return
    largest = max(shown.size(b.start, b.end) for b in benefits)
    for each in risks:
        if shown.size(each.start, each.end) < min(largest, 0):
            yield Spot("html", each.start, each.end, each.text)


def risks_in_order(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """The first risk comes only after the way out."""
    if subject.label is None:
        return
    shown = subject.forms["html"]
    risks = _risks(check, subject.label, shown, lists)
    exits = [link.at for link in shown.links if "unsubscribe_url" in link.href]
    if risks and exits and shown.at[risks[0].start] > exits[0]:
        yield Spot("html", risks[0].start, risks[0].end, risks[0].text)


def pairs_present(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A paired safety text is missing from a form, or hidden in it."""
    for pair in subject.pairs:
        for form in ("html", "text"):
            shown = subject.forms[form]
            if _bare(pair) in _bare(shown.text):
                continue
            hidden = _bare(pair) in _bare(shown.hidden)
            yield Spot(form, words=pair, remedy=" It is there, but hidden." if hidden else "")


def listed(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A word of a list; the list is named after the colon of ``find``."""
    pattern = lists[check.find.partition(":")[2]]
    yield from _matches(subject, pattern)


def _matches(subject: Subject, *patterns: re.Pattern[str]) -> Iterator[Spot]:
    seen: set[str] = set()
    for form, shown in subject.forms.items():
        for pattern in patterns:
            for found in pattern.finditer(shown.text.casefold()):
                if found.group() not in seen:
                    seen.add(found.group())
                    words = shown.text[found.start() : found.end()]
                    yield Spot(form, found.start(), found.end(), words)


_IDENTIFIERS = (
    re.compile(r"\b\d{3}-\d{2}-\d{4}\b"),
    re.compile(r"\b(?:mrn|medical record(?: number| no\.?)?)[:#\s]+[a-z]?\d{4,}\b"),
    re.compile(r"\b(?:dob|date of birth(?: is)?|born on)[:\s]+\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"),
)
_NPI = re.compile(r"\bnpi[:#\s]*(\d{10})\b")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(r"(?<![\d/.-])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b(?!-)")
_NAMED = re.compile(
    r"\b(?:[Pp]atients?,?|[Oo]ur patient|[Mm]rs?\.|[Mm]s\.)\s+([A-Z][a-z]+\s+[A-Z][a-z]+)\b"
)
_ROLES = ("info@", "contact@", "medinfo@", "safety@", "privacy@", "support@", "drugsafety@")


def personal_identifiers(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """Social security and record numbers, days of birth, valid NPIs."""
    yield from _matches(subject, *_IDENTIFIERS)
    for spot in _matches(subject, _NPI):
        if npi_is_valid(spot.words[-10:]):
            yield spot


def personal_contacts(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """E-mail addresses and telephone numbers of persons, names of patients."""
    for spot in _matches(subject, _EMAIL, _PHONE):
        if not spot.words.casefold().startswith(_ROLES):
            yield spot
    for form, shown in subject.forms.items():
        for found in _NAMED.finditer(shown.text):
            yield Spot(form, found.start(), found.end(), found.group())


_HOST = re.compile(r"^https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?(?:[/?#][^\s<>\"]*)?$", re.I)
_MERGE = re.compile(r"^\{\{\s*([a-z_]+)\s*\}\}$")
_ADDRESS = re.compile(r"^(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:/\S*)?$", re.I)


def links(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """Links of no whole https address, unknown merge fields, and words that mislead."""
    for link in subject.forms["html"].links:
        merge = _MERGE.match(link.href)
        whole = _HOST.match(link.href) and "." in link.href
        is_mail = link.href.startswith("mailto:") and "@" in link.href
        if not (whole or is_mail or (merge and merge.group(1) in FIELDS)):
            yield Spot("html", link.at, link.at, link.href)
        elif not link.words:
            yield Spot("html", link.at, link.at, link.href, lighter=True)
        elif whole and (said := _ADDRESS.match(link.words)):
            host = link.href.removeprefix("https://").split("/")[0].casefold()
            if said.group(1).casefold().removeprefix("www.") != host.removeprefix("www."):
                yield Spot("html", link.at, link.at, f"{link.words} → {link.href}", lighter=True)


def images(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """Images without words in their place."""
    for alt, at in subject.forms["html"].images:
        if not alt.strip():
            yield Spot("html", at, at, "<img>")


_SYLLABLE = re.compile(r"[aeiouy]+")
_ENGLISH = frozenset(
    {"the", "a", "an", "and", "or", "of", "to", "in", "is", "are", "it", "you", "your", "we", "our"}
    | {"for", "with", "on", "at", "this", "that", "be", "can", "not", "may", "if", "do", "as", "by"}
    | {"from", "will", "have", "has"}
)


def _syllables(word: str) -> int:
    n = len(_SYLLABLE.findall(word))
    return max(1, n - (word.endswith("e") and not word.endswith("le") and n > 1))


def grade(text: str) -> float:
    """Give the Flesch-Kincaid grade of an English text.

    Examples
    --------
    >>> grade("The cat sat on the mat. It was a fat cat.") < 2
    True
    """
    found = [re.findall(r"[a-z']+", each.text.casefold()) for each in sentences(text)]
    lines = [words for words in found if words]
    words = [word for line in lines for word in line]
    if not words:
        return 0.0
    per_line, per_word = len(words) / len(lines), sum(map(_syllables, words)) / len(words)
    return 0.39 * per_line + 11.8 * per_word - 15.59


def reading_level(check: Check, subject: Subject, lists: Lists) -> Iterator[Spot]:
    """A text for patients above the grade asked for; not judged in other languages."""
    text = subject.forms["text"].text
    words = re.findall(r"[^\W\d_']+", text.casefold())
    if len(words) < check.parameters["least_words"]:
        return
    if sum(word in _ENGLISH for word in words) / len(words) < check.parameters["english"]:
        yield Spot("text", note=True, remedy=" Not judged: the text seems not to be English.")
        return
    reached = grade(text)
    if reached > check.parameters["grade"]:
        yield Spot("text", remedy=f" It reads like school year {reached:.1f}.")


FINDERS: dict[str, Finder] = {
    each.__name__: each
    for each in (
        unregistered_claim, altered_claim, stale_claim, fallen_study,
        unplaced_claim, label_missing,
        boxed_warning_present, risks_present, risks_as_large, risks_in_order, pairs_present,
        personal_identifiers, personal_contacts, links, images, reading_level,
    )
}  # fmt: skip
