"""What can be checked without judgement, before a reviewer spends time on a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from entente.content.domain.markup import bad_links, visible_words
from entente.content.domain.merge import has_field, unknown_fields
from entente.content.domain.pictures import LARGEST_IN_MAIL, named

LONGEST_DAYS = 731
AD_WORDS = (
    "advertisement",
    "advertising",
    "promotional",
    "anzeige",
    "werbung",
    "publicité",
    "pubblicità",
    "publicidad",
)


@dataclass(frozen=True)
class ClaimFacts:
    """A claim as the checks see it."""

    text: str
    in_label: bool
    n_references: int
    expires_on: date | None = None
    withdrawn: bool = False


@dataclass(frozen=True)
class RightsFacts:
    """A co-author's part as the checks see it: until when it may be used."""

    name: str
    used_until: date
    ended: bool = False


@dataclass(frozen=True)
class Material:
    """A version with all that its checks need."""

    kind: str
    subject: str
    html: str
    text: str
    markets: Sequence[str]
    audiences: Sequence[str]
    channels: Sequence[str]
    expires_on: date
    cobranded: bool
    support_statement: str
    party_names: Sequence[str]
    postal_address: str
    claims: Sequence[ClaimFacts]
    is_module: bool = False
    broken_rules: Sequence[str] = ()
    co_authors: Sequence[RightsFacts] = ()
    # The image files of the version, with their bytes, by the name that words point at.
    pictures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One check with its answer; a blocking one that failed keeps a version from review."""

    code: str
    title: str
    passed: bool
    remedy: str = ""
    blocks: bool = True


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _both(material: Material) -> tuple[str, str]:
    return _plain(visible_words(material.html)), _plain(material.text)


def has_unsubscribe_link(material: Material) -> bool:
    """Tell whether both forms offer the way out (15 U.S.C. 7704(a)(3))."""
    return has_field(material.html, "unsubscribe_url") and has_field(
        material.text, "unsubscribe_url"
    )


def has_postal_address(material: Material) -> bool:
    """Tell whether both forms carry the sender's postal address (15 U.S.C. 7704(a)(5))."""
    address = _plain(material.postal_address)
    return bool(address) and all(address in words for words in _both(material))


def has_support_statement(material: Material) -> bool:
    """Tell whether the statement names every party and stands in both forms."""
    statement = _plain(material.support_statement)
    named = all(_plain(name) in statement for name in material.party_names)
    return bool(statement) and named and all(statement in words for words in _both(material))


def is_ad_identified(material: Material) -> bool:
    """Tell whether a reader of either form is told that this is advertising."""
    return all(any(word in words for word in AD_WORDS) for words in _both(material))


def _shape(material: Material, today: date) -> list[Finding]:
    unknown = unknown_fields(material.subject, material.html, material.text)
    links = bad_links(material.html)
    latest = today + timedelta(days=LONGEST_DAYS)
    return [
        Finding("subject", "Has a subject", bool(material.subject.strip()), "Write a subject."),
        Finding(
            "text",
            "Has a text form beside the HTML",
            bool(material.text.strip()) and bool(material.html.strip()),
            "Write both forms: some readers see only the text.",
        ),
        Finding(
            "scope",
            "Names markets, audiences and channels",
            bool(material.markets and material.audiences and material.channels),
            "Choose at least one market, one audience and one channel.",
        ),
        Finding(
            "merge_fields",
            "Uses only known merge fields",
            not unknown,
            f"Remove {', '.join(unknown)}.",
        ),
        Finding(
            "links",
            "Links are https or mailto",
            not links,
            f"Mend {', '.join(links[:3])}.",
        ),
        Finding(
            "expiry",
            "Expires within 24 months, not in the past",
            today <= material.expires_on <= latest,
            f"Choose a day from {today} to {latest}.",
        ),
    ]


def _pictures(material: Material) -> list[Finding]:
    """Ask for the files of the pictures in the words, where there are any."""
    wanted = named(material.html)
    if not wanted:
        return []
    absent = [code for code in wanted if code not in material.pictures]
    size = sum(material.pictures.get(code, 0) for code in wanted)
    found = [
        Finding(
            "pictures",
            "Every picture is a file of the version",
            not absent,
            f"Add the image files {', '.join(absent)} to the version.",
        )
    ]
    if "email" in material.channels:
        found.append(
            Finding(
                "picture_size",
                "Pictures are small enough for an e-mail",
                size <= LARGEST_IN_MAIL,
                f"Make them smaller: {size // 1024} kB, at most {LARGEST_IN_MAIL // 1024} kB.",
            )
        )
    return found


def _modules(material: Material) -> list[Finding]:
    if not material.broken_rules:
        return []
    remedy = " ".join(material.broken_rules)
    return [Finding("modules", "Keeps the rules of its modules", False, remedy)]


def _claims(material: Material) -> list[Finding]:
    claims = material.claims
    bare = [claim.text for claim in claims if claim.n_references == 0]
    outside = [claim.text for claim in claims if not claim.in_label or claim.withdrawn]
    shorter = [c.text for c in claims if c.expires_on and c.expires_on < material.expires_on]
    words = _both(material)
    absent = [c.text for c in claims if not any(_plain(c.text) in form for form in words)]
    return [
        Finding(
            "references", "Every claim has a reference", not bare, f"Add one to: {'; '.join(bare)}."
        ),
        Finding(
            "label",
            "Every claim is in the label and not withdrawn",
            not outside,
            f"Take out: {'; '.join(outside)}.",
        ),
        Finding(
            "claim_expiry",
            "Expires no later than its claims",
            not shorter,
            f"An earlier day is needed for: {'; '.join(shorter)}.",
        ),
        Finding(
            "claim_text",
            "Claims stand word for word in the text",
            not absent,
            f"Not found as written: {'; '.join(absent)}.",
            blocks=False,
        ),
    ]


def _rights(material: Material) -> list[Finding]:
    """Ask for the rights of co-authors, where there are any."""
    if not material.co_authors:
        return []
    ended = [each.name for each in material.co_authors if each.ended]
    shorter = [
        f"{each.name} ({each.used_until})"
        for each in material.co_authors
        if not each.ended and each.used_until < material.expires_on
    ]
    return [
        Finding(
            "co_author_rights",
            "No co-author has ended the rights",
            not ended,
            f"The rights of {', '.join(ended)} have ended: write it as a new item without that"
            " part.",
        ),
        Finding(
            "co_author_expiry",
            "Expires no later than its co-authors' rights",
            not shorter,
            f"An earlier day is needed for: {', '.join(shorter)}.",
        ),
    ]


def _duties(material: Material) -> list[Finding]:
    found = [
        Finding(
            "unsubscribe",
            "Offers the way out in both forms",
            has_unsubscribe_link(material) or "email" not in material.channels,
            "Put {{unsubscribe_url}} into the HTML and the text.",
        ),
        Finding(
            "postal_address",
            "Carries the sender's postal address in both forms",
            has_postal_address(material) or "email" not in material.channels,
            f"Write the address as registered: {material.postal_address}."
            if material.postal_address
            else "Your organisation has no legal entity with a postal address: add one first.",
        ),
    ]
    if material.kind == "promo":
        found.append(
            Finding(
                "ad",
                "Says that it is advertising",
                is_ad_identified(material),
                "Say in both forms that this is advertising, for example: Promotional information.",
            )
        )
    if material.cobranded:
        found.append(
            Finding(
                "support",
                "Says what each party contributed",
                has_support_statement(material),
                f"Name {', '.join(material.party_names)} in the statement, and put the statement"
                " into both forms.",
            )
        )
    return found


def check(material: Material, *, today: date) -> list[Finding]:
    """Run every check, in the order in which a person would mend things.

    Parameters
    ----------
    material : Material
    today : date
        Day of the submission.

    Returns
    -------
    list of Finding
        The version may go to review if every one that ``blocks`` has ``passed``.

    Notes
    -----
    Source: CAN-SPAM, 15 U.S.C. 7704; PG-COB-1; PG-LAB-1.
    """
    found = _shape(material, today) + _pictures(material) + _modules(material)
    found += _claims(material) + _rights(material)
    # A module goes out only inside an item, which carries the way out and the address.
    return found if material.is_module else found + _duties(material)
