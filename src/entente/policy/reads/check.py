"""Judge facts that somebody gives, without an act and without keeping anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from entente.foundation.errors import UserError
from entente.policy.actions.packs_in_force import in_force
from entente.policy.domain.evaluate import judge_one
from entente.policy.domain.facts import FACTS
from entente.policy.domain.verdicts import Verdict
from entente.policy.facts_text import from_kept


def check(facts: Mapping[str, Any], on: date) -> Verdict:
    """Judge given facts under the packs in force.

    Parameters
    ----------
    facts : mapping
        By dotted fact name, days as ISO texts, as ``entente gate facts`` describes them.
    on : date
        The day, where the facts hold no ``action.date``.

    Raises
    ------
    UserError
        If a fact does not exist or has the wrong type.
    """
    for name in facts:
        if name not in FACTS:
            raise UserError(f"there is no fact {name}; `entente gate facts` lists them", field=name)
    known = {name: value for name, value in facts.items() if value is not None}
    try:
        return judge_one(in_force(on).compiled, from_kept(known), on)
    except (ValueError, TypeError) as trouble:
        raise UserError(str(trouble), field="facts") from None
