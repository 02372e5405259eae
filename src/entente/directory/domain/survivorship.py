"""Which record survives when two are joined, and which of its fields come from the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from entente.directory.domain.sources import known_as

# Fields that are shown side by side and may be taken from the record that does not survive.
FIELDS = (
    "family_name", "given_name", "middle_name", "prefix", "suffix", "credential", "profession",
    "specialty", "taxonomy_code", "licence_number", "licence_state", "licence_states",
    "address_line", "address_line2", "city", "us_state", "postal_code", "country", "phone",
    "time_zone", "can_prescribe", "covered_recipient_type",
)  # fmt: skip


HCO_FIELDS = (
    "name", "other_name", "kind", "ownership", "parent_name", "taxonomy_code", "address_line",
    "address_line2", "city", "us_state", "postal_code", "country", "phone", "time_zone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of two records: both values, and which one the joined person gets."""

    name: str
    survivor: Any
    loser: Any
    take_loser: bool

    @property
    def differs(self) -> bool:
        """Whether both are known and not the same."""
        return bool(self.survivor) and bool(self.loser) and self.survivor != self.loser


def survivor_first(
    one: Mapping[str, Any], other: Mapping[str, Any], trust: Mapping[str, int] | None = None
) -> bool:
    """Tell whether the first of two records should survive.

    The one with a National Provider Identifier does; then the one from the more trusted source;
    then the one recorded first.

    Parameters
    ----------
    one, other : mapping
        With ``npi``, ``source`` and ``id``.
    trust : mapping of str to int, optional
        How far the company believes its sources, by key; else what is usual.

    Examples
    --------
    >>> survivor_first({"npi": None, "source": "nppes", "id": 1},
    ...                {"npi": "1234567893", "source": "", "id": 2})
    False
    """

    def rank(record: Mapping[str, Any]) -> tuple[bool, int]:
        source = record["source"]
        told = (trust or {}).get(source)
        return bool(record["npi"]), known_as(source).trust if told is None else told

    if rank(one) != rank(other):
        return rank(one) > rank(other)
    return str(one["id"]) < str(other["id"])


def choices(
    survivor: Mapping[str, Any],
    loser: Mapping[str, Any],
    wanted: Collection[str] = (),
    names: Collection[str] = FIELDS,
) -> list[FieldChoice]:
    """Choose, field by field, what the joined person is known by.

    The survivor keeps what it has; what it lacks comes from the other; ``wanted`` names fields
    that a steward takes from the other all the same.

    Examples
    --------
    >>> found = choices({"city": "Leeds", "phone": ""}, {"city": "York", "phone": "1"})
    >>> [(each.name, each.take_loser) for each in found if each.survivor or each.loser]
    [('city', False), ('phone', True)]
    """
    found = []
    for name in names:
        ours, theirs = survivor.get(name), loser.get(name)
        is_missing = ours in (None, "", []) or (name == "covered_recipient_type" and ours == "none")
        take = bool(theirs) and theirs != ours and (is_missing or name in wanted)
        found.append(FieldChoice(name, ours, theirs, take))
    return found
