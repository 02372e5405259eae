"""The rule matrix: what its text says is what its cells say."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from entente.policy.domain.compile import compile_packs
from entente.policy.domain.evaluate import judge_one
from entente.policy.domain.matrix import (
    ANY,
    AUDIENCES,
    CHANNELS,
    CLAIMS,
    KINDS,
    LANES,
    SAYS,
    Cell,
    lane_at,
    matrix_of,
    outcome_of,
    text_of,
)
from entente.policy.domain.pack_reader import read_pack
from entente.policy.domain.scenarios import run_scenarios

DAY = date(2026, 11, 26)
COUNTRIES = ("DE", "FR", "IN", "US")


def _cells(*, whole: bool) -> st.SearchStrategy[Cell]:
    either = [ANY] if whole else []
    return st.builds(
        Cell,
        st.sampled_from([*either, *AUDIENCES]),
        st.sampled_from([*either, *CHANNELS]),
        st.sampled_from([*either, *CLAIMS]),
        st.sampled_from([*either, *COUNTRIES]),
    )


MATRICES = st.dictionaries(
    _cells(whole=True).filter(lambda cell: cell != Cell()),
    st.sampled_from(LANES[1:]),
    min_size=1,
    max_size=8,
)


def _pack(matrix: dict[Cell, str], change: str = "First."):
    return read_pack(text_of(matrix, change=change, on=DAY, since={}), "matrix.toml")


def _facts(cell: Cell) -> dict[str, object]:
    says = {fact: not value for fact, value in SAYS.values()}
    facts: dict[str, object] = {
        "action.type": "email",
        "action.date": DAY,
        "recipient.kind": cell.audience,
        "action.channel": cell.channel,
        "action.country": cell.country,
        "content.kind": cell.claim if cell.claim in KINDS else "promo",
        **says,
    }
    if cell.claim in SAYS:
        fact, value = SAYS[cell.claim]
        facts[fact] = value
    return facts


@settings(max_examples=60, deadline=None)
@given(MATRICES, st.text(max_size=40))
def test_a_matrix_is_read_back_from_its_text_as_it_was_written(matrix, change):
    pack = _pack(matrix, change)
    assert matrix_of(pack)[0] == matrix
    assert matrix_of(pack)[2] == []
    assert all(tried.ok for tried in run_scenarios([pack]))


@settings(max_examples=80, deadline=None)
@given(MATRICES, _cells(whole=False))
def test_the_gate_answers_with_the_strictest_cell_that_covers_the_act(matrix, act):
    found = judge_one(compile_packs([_pack(matrix)]), _facts(act), DAY)
    seen = {act, Cell(act.audience, act.channel, "promo", act.country)}
    if act.claim in KINDS:
        seen = {act}
    strictest = max((lane_at(matrix, each) for each in seen), key=LANES.index)
    assert found.outcome == outcome_of(strictest)


def test_an_act_whose_material_nobody_knows_is_referred_where_a_cell_asks_for_it():
    compiled = compile_packs([_pack({Cell(channel="email", claim="new"): "closed"})])
    facts = _facts(Cell("hcp", "email", "promo", "DE"))
    assert judge_one(compiled, facts, DAY).outcome == "PERMIT"
    assert judge_one(compiled, facts | {"content.says_new": None}, DAY).outcome == "REFER"


def test_a_rule_that_was_changed_by_hand_is_no_cell():
    text = text_of({Cell(channel="sms"): "closed"}, change="", on=DAY, since={})
    pack = read_pack(
        text.replace("in ('email', 'call'", "in ('email'").replace(
            "'email', 'call', ", "'email', "
        ),
        "matrix.toml",
    )
    assert matrix_of(pack) == ({}, {}, ["MX-ANY-SMS-ANY-ANY"])
