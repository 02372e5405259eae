"""Why two records were scored as they were: what each field added or took away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from entente.directory.domain.matching.model import Model


@dataclass(frozen=True, slots=True)
class Reason:
    """What one comparison said about a pair.

    Attributes
    ----------
    field : str
        How people know what was compared.
    words : str
        How far the two values agree.
    weight : float
        Base-2 logarithm: +3 makes the pair eight times likelier to be the same, -3 eight times
        less likely. Rare values count more than the weight says, common ones less.
    """

    field: str
    words: str
    weight: float


def reasons(model: Model, levels: Mapping[str, int]) -> list[Reason]:
    """Explain a pair, what says most first.

    Parameters
    ----------
    model : Model
    levels : mapping of str to int
        Level of each comparison by name, 0 being "different", -1 "not known".

    Returns
    -------
    list of Reason
    """
    found = []
    for each in model.comparisons():
        name = each["output_column_name"]
        level = levels.get(name, -1)
        known = [lv for lv in each["comparison_levels"] if not lv.get("is_null_level")][::-1]
        if level < 0:
            found.append(Reason(each["comparison_description"], "one record has none", 0.0))
            continue
        weight = float(np.log2(model.m[name][level] / model.u[name][level]))
        words = known[level]["label_for_charts"]
        found.append(Reason(each["comparison_description"], words, weight))
    return sorted(found, key=lambda reason: -abs(reason.weight))
