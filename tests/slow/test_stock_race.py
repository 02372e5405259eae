"""The last packs go to exactly as many as there are, however many hand over at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from entente.engagement.actions import hand_over
from entente.engagement.models import Carried, HandOver, StockMove
from entente.engagement.tests.shell.hand_world import build
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError

pytestmark = pytest.mark.slow

N_PACKS, N_AT_ONCE = 5, 16


@pytest.mark.feature("engagement/interactions")
def test_sixteen_at_once_never_take_the_stock_below_zero(committed, noon):
    hands = build(committed, noon + timedelta(hours=4))
    stock = hands.stock("item")
    lot, rep = hands.lot(stock, N_PACKS), committed.scope(Role.REPRESENTATIVE)
    handings = [hands.handing(hands.person(), lot) for _ in range(N_AT_ONCE)]

    def one(handing) -> str:
        try:
            with act_as(rep):
                return hand_over(handing, at=hands.at).status
        except UserError as trouble:
            assert "you carry 0" in str(trouble)
            return "none left"
        finally:
            connection.close()

    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        ended = Counter(pool.map(one, handings))
    assert ended == {"done": N_PACKS, "none left": N_AT_ONCE - N_PACKS}
    with act_as(rep):
        assert Carried.objects.get(lot_id=lot).n_units == 0
        assert sum(StockMove.objects.filter(lot_id=lot).values_list("n_units", flat=True)) == 0
        assert HandOver.objects.filter(lot_id=lot, status="done").count() == N_PACKS


@pytest.mark.feature("policy/code-in")
def test_two_packs_at_once_do_not_both_pass_the_cap_of_one_person(committed, noon):
    hands = build(committed, noon + timedelta(hours=4))
    person, stock = hands.person("GB"), hands.stock(currency="GBP")
    lot, request = hands.lot(stock, 50), hands.asked(person, stock, 20)
    rep = committed.scope(Role.REPRESENTATIVE)
    handings = [
        hands.handing(person, lot, request_id=request, receipt=hands.receipt()) for _ in range(8)
    ]

    def one(handing) -> str:
        try:
            with act_as(rep):
                return hand_over(handing, at=hands.at).status
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        ended = Counter(pool.map(one, handings))
    # Four packs a year to one prescriber (UK-SAMP-1).
    assert ended == {"done": 4, "forbidden": 4}
