"""Items handed over become transfers of value; samples and what teaches patients do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entente.disclosures.actions import capture_item
from entente.disclosures.models import TransferOfValue
from entente.engagement.tests.shell.hand_world import build
from entente.foundation.access.scope import act_as


@pytest.fixture
def hands(cast, noon):
    return build(cast, noon + timedelta(hours=4))


def captured(hands, row):
    with act_as(hands.cast.system()):
        return capture_item(row.id, at=hands.at)


def test_an_educational_item_is_captured_once_with_its_nature(hands):
    lot = hands.lot(hands.stock("item", value=1_500))
    row = hands.hand(hands.handing(hands.person(), lot, 2))
    made = captured(hands, row)
    assert made is not None
    assert (made.amount_minor, made.nature, made.outside) == (3_000, "Education", "")
    assert captured(hands, row) is None
    with act_as(hands.cast.system()):
        assert TransferOfValue.objects.filter(source_id=row.id).count() == 1


def test_samples_refusals_and_what_teaches_patients_are_no_transfers(hands):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock), hands.asked(person, stock)
    rows = [
        hands.hand(hands.handing(person, lot, 1, request_id=request)),
        hands.hand(hands.handing(person, hands.lot(hands.stock("item", item_kind="reminder")))),
        hands.hand(
            hands.handing(person, hands.lot(hands.stock("item", item_kind="patient_education")))
        ),
    ]
    assert [row.status for row in rows] == ["done", "forbidden", "done"]
    assert [captured(hands, row) for row in rows] == [None, None, None]
