"""Precision and recall of the rules on machines over invented traffic, beside agent names alone."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from entente.engagement.domain.machine_clicks import RULES
from entente.engagement.tests.traffic import scored, traffic

SEED, N_LETTERS = 20_261_127, 10_000


def by_name_alone(letter):
    """The usual simple way: a program is whoever says so."""
    rule = RULES[0]
    return {c.key: rule.name for c in letter.clicks if rule.judges(letter, c)}


def main() -> None:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    found = traffic(seed, N_LETTERS)
    told = {
        "seed": seed,
        "letters": N_LETTERS,
        "rules": scored(found),
        "agent_names_alone": scored(found, by_name_alone),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
