"""Who has to sign: the functions of a review panel, by lane and country."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from entente.content.domain.lanes import Lane


class Function(StrEnum):
    """What a reviewer answers for."""

    REVIEWER = "reviewer"
    MEDICAL = "medical"
    LEGAL = "legal"
    REGULATORY = "regulatory"
    UK_SIGNATORY = "uk_signatory"
    UK_EXAMINER = "uk_examiner"
    FR_PHARMACIST = "fr_pharmacist"


WORDS = {
    Function.REVIEWER: "Reviewer",
    Function.MEDICAL: "Medical reviewer",
    Function.LEGAL: "Legal reviewer",
    Function.REGULATORY: "Regulatory reviewer",
    Function.UK_SIGNATORY: "UK signatory",
    Function.UK_EXAMINER: "UK examiner",
    Function.FR_PHARMACIST: "Responsible pharmacist, France",
}
# Function: (the only country that asks for it, professions that may hold it; empty: any).
BOUND: dict[Function, tuple[str, frozenset[str]]] = {
    Function.UK_SIGNATORY: ("GB", frozenset({"doctor", "pharmacist", "dentist"})),
    Function.UK_EXAMINER: ("GB", frozenset({"doctor", "pharmacist", "dentist", "aqp"})),
    Function.FR_PHARMACIST: ("FR", frozenset({"pharmacist"})),
}
OF_LANE = {
    Lane.GREEN: (Function.REGULATORY,),
    Lane.AMBER: (Function.MEDICAL, Function.REGULATORY),
    Lane.RED: (Function.MEDICAL, Function.LEGAL, Function.REGULATORY),
}
# Signatories certify the final form, after everybody else has approved it.
SIGNATORIES = frozenset({Function.UK_SIGNATORY, Function.UK_EXAMINER, Function.FR_PHARMACIST})


def functions_for(lane: Lane, markets: Sequence[str], kind: str) -> list[Function]:
    """Give the functions that have to sign a version, in the order in which they sign.

    Parameters
    ----------
    kind : str
        Of the item; the United Kingdom certifies promotion and examines other material.

    Notes
    -----
    Source: UK-CERT-1, UK-CERT-3; article R5124-36 of the French code of public health.

    Examples
    --------
    >>> [f.value for f in functions_for(Lane.GREEN, ["GB", "US"], "promo")]
    ['regulatory', 'uk_signatory']
    """
    found = list(OF_LANE[lane])
    if "GB" in markets:
        found.append(Function.UK_SIGNATORY if kind == "promo" else Function.UK_EXAMINER)
    if "FR" in markets:
        found.append(Function.FR_PHARMACIST)
    return found


def countries_of(function: str, markets: Sequence[str]) -> list[str]:
    """Give the markets of a version for which a function has to answer.

    Examples
    --------
    >>> countries_of("fr_pharmacist", ["FR", "US"]), countries_of("medical", ["FR", "US"])
    (['FR'], ['FR', 'US'])
    """
    bound = BOUND.get(Function(function))
    return [m for m in sorted(markets) if bound is None or m == bound[0]]


@dataclass(frozen=True)
class Answer:
    """One approval as the release depends on it: for what it was asked, and what it gives."""

    org: str
    function: str
    answers: frozenset[str]
    markets: frozenset[str]
    audiences: frozenset[str]
    channels: frozenset[str]


@dataclass(frozen=True)
class Release:
    """Where a version may be used, as all parties agree."""

    missing: int
    markets: frozenset[str]
    audiences: frozenset[str]
    channels: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether the parties have nothing in common."""
        return not (self.markets and self.audiences and self.channels)


def intersect(
    needs: Iterable[tuple[str, str, str]],
    answers: Sequence[Answer],
    *,
    markets: Iterable[str],
    audiences: Iterable[str],
    channels: Iterable[str],
) -> Release:
    """Give what all parties agree to; the slow and obvious form of what the database computes.

    Parameters
    ----------
    needs : iterable of (organisation, function, country)
        Who has to answer for which country.
    answers : sequence of Answer
    markets, audiences, channels : iterable of str
        Of the version.

    Examples
    --------
    >>> given = Answer("a", "legal", *map(frozenset, (["US", "DE"], ["US"], ["hcp"], ["email"])))
    >>> both = [("a", "legal", "US"), ("a", "legal", "DE")]
    >>> sorted(intersect(both, [given], markets=["US", "DE"], audiences=["hcp"],
    ...                  channels=["email"]).markets)
    ['US']
    """
    wanted = list(needs)
    missing = sum(
        not any(a.org == org and a.function == f and country in a.answers for a in answers)
        for org, f, country in wanted
    )
    allowed = {
        market
        for market in markets
        if all(
            any(a.org == org and a.function == f and country in a.markets for a in answers)
            for org, f, country in wanted
            if country == market
        )
    }
    return Release(
        missing,
        frozenset(allowed),
        frozenset(audiences).intersection(*(a.audiences for a in answers)),
        frozenset(channels).intersection(*(a.channels for a in answers)),
    )
