"""No hidden number can be worked out: an attacker tries all worlds that fit what is shown."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from entente.measurement.domain.suppression import FEWEST, suppress

FLAT = [("total", ["a", "b", "c"])]
NESTED = [
    ("asked", ["permitted", "forbidden", "referred"]),
    ("permitted", ["delivered", "parked", "withheld"]),
    ("stopped", ["forbidden", "referred", "withheld"]),
    ("forbidden", ["r1", "r2"]),
]


def flat(a, b, c):
    return {"a": a, "b": b, "c": c, "total": a + b + c}


def nested(delivered, parked, withheld, forbidden, referred, share):
    stopped = forbidden + referred + withheld
    permitted = delivered + parked + withheld
    return {
        "delivered": delivered, "parked": parked, "withheld": withheld, "forbidden": forbidden,
        "referred": referred, "permitted": permitted, "stopped": stopped,
        "asked": permitted + forbidden + referred, "r1": min(share, forbidden),
        "r2": forbidden - min(share, forbidden),
    }  # fmt: skip


def fits(world, shown):
    return all((n is None and world[name] > 0) or n == world[name] for name, n in shown.items())


def hidden_and_small(values, shown):
    return [name for name, n in shown.items() if n is None and values[name] < FEWEST]


SMALL = st.one_of(st.integers(0, 14), st.integers(0, 3))


def tries(shown, names, most):
    """Give every choice of these numbers that agrees with those of them that are shown."""
    return product(*(range(1, most) if shown[n] is None else (shown[n],) for n in names))


@settings(deadline=None)
@given(SMALL, SMALL, SMALL)
def test_of_three_parts_no_small_one_follows_from_the_rest(a, b, c):
    values = flat(a, b, c)
    shown = suppress(values, FLAT)
    worlds = [world for parts in tries(shown, "abc", 30) if fits(world := flat(*parts), shown)]
    for name in hidden_and_small(values, shown):
        assert len({world[name] for world in worlds}) > 1


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.tuples(SMALL, SMALL, SMALL, SMALL, SMALL, st.integers(0, 30)))
def test_over_several_sums_no_small_one_follows_from_the_rest(parts):
    values = nested(*parts)
    shown = suppress(values, NESTED)
    names = ("delivered", "parked", "withheld", "forbidden", "referred")
    assume(sum(shown[name] is None for name in names) <= 3)
    seen = defaultdict(set)
    for tried in tries(shown, names, 24):
        for share in range(tried[3] + 1) if shown["r1"] is None else (shown["r1"],):
            if fits(world := nested(*tried, share), shown):
                for name, number in world.items():
                    seen[name].add(number)
    for name in hidden_and_small(values, shown):
        assert len(seen[name]) > 1, (name, values, shown)


@pytest.mark.slow
@pytest.mark.parametrize(("n_parts", "most"), [(2, 40), (3, 28), (4, 17)])
def test_who_knows_how_hiding_works_still_learns_no_small_number(n_parts, most):
    names = "abcd"[:n_parts]
    sums = [("total", list(names))]
    worlds = defaultdict(list)
    for parts in product(range(most), repeat=n_parts):
        values = dict(zip(names, parts, strict=True)) | {"total": sum(parts)}
        worlds[tuple(suppress(values, sums).items())].append(values)
    for answer, alike in worlds.items():
        for name, shown in answer:
            if shown is None and alike[0][name] < FEWEST:
                assert len({world[name] for world in alike}) > 1, (alike[0], answer)


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5), st.integers(0, 60))
def test_what_is_shown_is_true_and_never_small(parts, share):
    values = nested(*parts, share)
    for name, n in suppress(values, NESTED).items():
        assert n is None or (n == values[name] and (n == 0 or n >= FEWEST))


def test_large_numbers_are_all_shown():
    values = flat(20, 30, 0)
    assert suppress(values, FLAT) == values


def test_a_lone_small_part_takes_the_next_smallest_with_it():
    assert suppress(flat(90, 5, 12), FLAT) == {"a": 90, "b": None, "c": None, "total": 107}


def test_a_small_part_with_nothing_to_hide_behind_takes_the_total():
    assert suppress(flat(5, 0, 0), FLAT) == {"a": None, "b": 0, "c": 0, "total": None}


@pytest.mark.parametrize(
    "values", [{"a": -1, "b": 0, "c": 0, "total": -1}, {**flat(1, 2, 3), "total": 7}]
)
def test_numbers_that_do_not_add_up_are_refused(values):
    with pytest.raises(ValueError):
        suppress(values, FLAT)
