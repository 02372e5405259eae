"""A trained model of matching: fields, levels with their shares, rules of blocking, the prior.

It is plain data, so that it can be kept, numbered, shown and used again: training is nearly all
of the time, scoring little of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.directory.domain.matching.comparisons import Level, comparisons_of
from entente.directory.domain.matching.fields import Kind

FORM = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that records are compared by: its column here and its headers in the files."""

    name: str
    kind: Kind
    left: str
    right: str

    @property
    def words(self) -> str:
        """How people know it."""
        return self.left if self.left == self.right else f"{self.left} / {self.right}"


@dataclass(frozen=True)
class Model:
    """What was learned about one kind of file.

    Attributes
    ----------
    fields : tuple of Field
    place : bool
        Whether address parts are compared as one.
    m, u : mapping of str to ndarray of float64
        Per comparison, the shares of its levels (from "different" up) among pairs that are the
        same, and among random pairs.
    rules : tuple of tuple of str
        Conditions of blocking, each the keys that must be equal, as places in the list of keys.
    prior : float
        Share of possible pairs that are the same.
    """

    fields: tuple[Field, ...]
    place: bool
    m: Mapping[str, NDArray[np.float64]]
    u: Mapping[str, NDArray[np.float64]]
    rules: tuple[tuple[str, ...], ...]
    prior: float

    @property
    def kinds(self) -> dict[str, Kind]:
        """What each column of the cleansed table holds."""
        return {field.name: field.kind for field in self.fields}

    def comparisons(self) -> list[dict[str, Any]]:
        """Give the comparisons with the shares that were learned, as Splink reads them."""
        made = comparisons_of(self.kinds, {f.name: f.words for f in self.fields}, place=self.place)
        for each in made:
            name = each["output_column_name"]
            if name in self.m:
                _fill(each["comparison_levels"], self.m[name], self.u[name])
        return made

    def as_json(self) -> str:
        """Write the model as text."""
        kept = {
            "form": FORM,
            "fields": [[f.name, f.kind.value, f.left, f.right] for f in self.fields],
            "place": self.place,
            "m": {name: share.tolist() for name, share in self.m.items()},
            "u": {name: share.tolist() for name, share in self.u.items()},
            "rules": [list(rule) for rule in self.rules],
            "prior": self.prior,
        }
        return json.dumps(kept, indent=1, sort_keys=True)


def _fill(levels: list[Level], m: NDArray[np.float64], u: NDArray[np.float64]) -> None:
    known = [level for level in levels if not level.get("is_null_level")]
    for level, same, other in zip(reversed(known), m, u, strict=True):
        level["m_probability"], level["u_probability"] = float(same), float(other)


def model_of(text: str) -> Model:
    """Read a model.

    Raises
    ------
    ValueError
        If the text is no model of this form.
    """
    try:
        kept = json.loads(text)
        if kept["form"] != FORM:
            raise ValueError(f"form {kept['form']} of weights is not known; train them again")
        fields = tuple(
            Field(name, Kind(kind), left, right) for name, kind, left, right in kept["fields"]
        )
        return Model(
            fields=fields,
            place=bool(kept["place"]),
            m={name: np.array(share, float) for name, share in kept["m"].items()},
            u={name: np.array(share, float) for name, share in kept["u"].items()},
            rules=tuple(tuple(rule) for rule in kept["rules"]),
            prior=float(kept["prior"]),
        )
    except (KeyError, TypeError, json.JSONDecodeError) as wrong:
        raise ValueError(f"this is no file of weights: {wrong}") from None
