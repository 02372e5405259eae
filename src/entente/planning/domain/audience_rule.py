"""Whom a campaign is for, as a rule that both partners can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

FIELDS = ("countries", "states", "professions", "specialties")
MOST_VALUES = 100


def _listed(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return ", ".join(words[:-1]) + " or " + words[-1]


@dataclass(frozen=True)
class AudienceRule:
    """HCPs in these countries, states, professions and specialties; empty means any.

    Examples
    --------
    >>> AudienceRule(states=("CT", "MA"), professions=("physician",)).sentence()
    'HCPs who are physician, in the state CT or MA'
    """

    countries: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Sequence[str]]) -> AudienceRule:
        """Read a rule from plain values.

        Raises
        ------
        ValueError
            If a field is unknown, or holds too many or other things than short texts.
        """
        unknown = sorted(set(given) - set(FIELDS))
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)} is no field of an audience; use {', '.join(FIELDS)}"
            )
        values = {}
        for name, chosen in given.items():
            if isinstance(chosen, str) or len(chosen) > MOST_VALUES:
                raise ValueError(f"{name} is a list of at most {MOST_VALUES} values")
            if any(not isinstance(one, str) or len(one) > 250 for one in chosen):
                raise ValueError(f"{name} holds something that is no short text")
            values[name] = tuple(sorted({one for one in chosen if one}))
        return cls(**values)

    def as_dict(self) -> dict[str, list[str]]:
        """Give the rule as plain values."""
        return {name: list(value) for name, value in asdict(self).items()}

    def sentence(self) -> str:
        """Write the rule as one sentence."""
        parts = []
        if self.professions:
            parts.append(f"who are {_listed([p.replace('_', ' ') for p in self.professions])}")
        if self.specialties:
            parts.append(f"with the specialty {_listed(self.specialties)}")
        if self.states:
            parts.append(f"in the state {_listed(self.states)}")
        if self.countries:
            parts.append(f"in {_listed(self.countries)}")
        return "HCPs " + ", ".join(parts) if parts else "All HCPs in the directory"
