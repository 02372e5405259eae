"""Clicks of invented people and mail gateways, by seed: what the rules on machines are tried on.

People read minutes or hours later, follow one link or a few, seldom fast. Gateways follow links
to look for harm: before the letter is put into the mailbox or right after, all of them or one,
under their own name or a browser's. Some are built to look like people; those are missed.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from entente.engagement.domain.machine_clicks import Click, Letter, judged

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
)
SCANNERS = ("Barracuda Sentinel (EE)", "Mimecast-URL-Protect", "python-requests/2.32")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Traffic:
    """One letter and which of its clicks come from a machine."""

    letter: Letter
    machines: frozenset[int]


def _links(n: int) -> list[str]:
    return [f"https://halden.test/a/{i}" for i in range(n)]


def _person(chance: random.Random, delivered: datetime, links: list[str]) -> list[Click]:
    """Follow one to four links, the first after a minute or a day, each read for a while."""
    at = delivered + timedelta(seconds=chance.lognormvariate(8.5, 1.6) + 8)
    agent, clicks = chance.choice(BROWSERS), []
    for link in chance.sample(links, min(len(links), chance.choice((1, 1, 1, 2, 2, 3, 4)))):
        clicks.append((at, link))
        if chance.random() < 0.05:
            clicks.append((at + timedelta(seconds=1), link))
        # Some open one link after the other in tabs of their own.
        at += timedelta(seconds=chance.choice((2, 4)) if chance.random() < 0.1
                        else chance.lognormvariate(3.6, 0.9) + 3)  # fmt: skip
    return [Click(0, at.replace(microsecond=0), link, agent) for at, link in clicks]


def _gateway(chance: random.Random, delivered: datetime, links: list[str]) -> list[Click]:
    """Follow links as one of six sorts of gateway does."""
    sort = chance.choices(("before", "at once", "named", "late, all", "late, one", "slow"),
                          weights=(30, 30, 15, 12, 8, 5))[0]  # fmt: skip
    agent = chance.choice(SCANNERS if sort == "named" else BROWSERS)
    wanted, pause = links, chance.choice((0, 0, 1))
    start = delivered + timedelta(seconds={
        "before": -chance.uniform(1, 30), "at once": chance.uniform(0, 8),
        "named": chance.uniform(0, 3600),
    }.get(sort, chance.uniform(30, 1800)))  # fmt: skip
    if sort == "late, one":
        wanted = [chance.choice(links)]
    if sort == "slow":
        pause = 20
    return [
        Click(0, (start + timedelta(seconds=i * pause)).replace(microsecond=0), link, agent)
        for i, link in enumerate(wanted)
    ]


def traffic(seed: int, n_letters: int) -> list[Traffic]:
    """Make letters that people, gateways, both or nobody clicked in."""
    chance, made = random.Random(seed), []
    for _ in range(n_letters):
        links = _links(chance.choice((2, 3, 4, 5, 6)))
        delivered = NOON + timedelta(seconds=chance.randrange(86_400))
        people = _person(chance, delivered, links) if chance.random() < 0.5 else []
        machines = _gateway(chance, delivered, links) if chance.random() < 0.6 else []
        clicks = [
            Click(i, each.at, each.url, each.agent) for i, each in enumerate([*people, *machines])
        ]
        made.append(
            Traffic(
                Letter(clicks, delivered, len(links)),
                frozenset(range(len(people), len(clicks))),
            )
        )
    return made


def scored(found: list[Traffic], judge=judged) -> dict[str, float | int]:
    """Give precision and recall of a judge over clicks, and what each rule named."""
    true = false = missed = 0
    rules: Counter[str] = Counter()
    for each in found:
        named = judge(each.letter)
        rules.update(named.values())
        true += len(named.keys() & each.machines)
        false += len(named.keys() - each.machines)
        missed += len(each.machines - named.keys())
    return {
        "clicks": sum(len(each.letter.clicks) for each in found),
        "machine_clicks": true + missed,
        "precision": round(true / (true + false), 4) if true + false else 1.0,
        "recall": round(true / (true + missed), 4) if true + missed else 1.0,
        **{f"by_{rule}": n for rule, n in sorted(rules.items())},
    }
