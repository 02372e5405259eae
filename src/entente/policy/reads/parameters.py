"""Figures of the rule packs in force, for calculations outside the gate."""

from __future__ import annotations

from datetime import date

from entente.policy.actions.packs_in_force import in_force


class NoFigure(LookupError):
    """No pack gives this figure for this day; the text says which and what is there."""


def figure(pack_id: str, name: str, on: date) -> tuple[int, str]:
    """Give a whole-number parameter of a pack as it was on a day, with its source.

    Parameters
    ----------
    pack_id, name : str
        For example ``"us/open-payments"`` and ``"small"``.
    on : date

    Returns
    -------
    (int, str)
        In the parameter's own unit (money in minor units), and where the figure comes from.

    Raises
    ------
    NoFigure
        If there is no such pack or parameter, or it has no value on that day.
    """
    compiled = in_force(on).compiled
    pack = next((pack for pack in compiled.packs if pack.id == pack_id), None)
    parameter = pack.parameters.get(name) if pack else None
    dated = parameter.on(on) if parameter else None
    if dated is None or not isinstance(dated.value, int):
        raise NoFigure(f"{pack_id}: {name} has no value on {on.isoformat()}; add one to the pack")
    return dated.value, dated.source
