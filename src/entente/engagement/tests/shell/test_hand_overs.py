"""Samples and items: the gate first, then the stock, then the receipt; never below zero."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError, IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.engagement.actions import (
    Signed,
    StockTerms,
    add_stock,
    cancel_hand_over,
    change_stock,
    complete_hand_over,
    move_stock,
    receive_lot,
    request_samples,
    sign_receipt,
)
from entente.engagement.models import Carried, HandOver, SampleRequest, StockMove
from entente.foundation import facts
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage

from .hand_world import GOOD_ITEM, SIGNED, build

pytestmark = pytest.mark.feature("engagement/interactions")


@pytest.fixture
def hands(cast, noon, working_hours):
    return build(cast, noon + timedelta(hours=4))


def carried(hands, lot):
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        row = Carried.objects.get(lot_id=lot, holder_id=hands.giver)
        moved = sum(StockMove.objects.filter(lot_id=lot).values_list("n_units", flat=True))
    assert row.n_units == moved
    return row.n_units


def test_a_sample_asked_for_in_writing_is_handed_over_and_leaves_the_stock(hands):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 10), hands.asked(person, stock)
    row = hands.hand(hands.handing(person, lot, 2, request_id=request, receipt=hands.receipt()))
    assert (row.status, row.decision.outcome) == ("done", "PERMIT")
    assert row.receipt.signer_name == SIGNED
    assert carried(hands, lot) == 8


def test_without_a_request_it_is_refused_with_the_rule_and_nothing_leaves(hands):
    lot = hands.lot(hands.stock(), 10)
    row = hands.hand(hands.handing(hands.person(), lot, 2))
    assert row.status == "forbidden"
    assert "US-PDMA-1" in row.decision.rule_ids
    assert carried(hands, lot) == 10


def test_what_waits_for_a_person_leaves_only_when_it_was_approved_and_is_completed(hands):
    from entente.engagement.actions.hear_referral import hear_referral
    from entente.policy.actions import answer_referral
    from entente.policy.reads.referrals import my_queue
    from tests.cast import PASSWORD

    person, stock = hands.person("DE"), hands.stock(currency="EUR", has_characteristics=None)
    lot, request = hands.lot(stock, 10), hands.asked(person, stock)
    row = hands.hand(hands.handing(person, lot, 2, request_id=request))
    assert row.status == "referred"
    assert carried(hands, lot) == 10
    compliance = hands.cast.scope(Role.REVIEWER)
    with act_as(compliance):
        for referral in my_queue(compliance):
            answer_referral(
                referral.id, approve=True, reason="leaflet seen", password=PASSWORD, at=hands.at
            )
    with act_as(hands.cast.system()):
        hear_referral(OutboxMessage(object_kind="engagement.hand_over", object_id=row.id), hands.at)
    assert carried(hands, lot) == 10
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        done = complete_hand_over(row.id, at=hands.at)
    assert done.status == "done"
    assert carried(hands, lot) == 8


def test_what_waits_is_cancelled_by_whoever_asked(hands):
    person, stock = hands.person("DE"), hands.stock(currency="EUR", has_characteristics=None)
    lot, request = hands.lot(stock, 10), hands.asked(person, stock)
    row = hands.hand(hands.handing(person, lot, 1, request_id=request))
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        assert cancel_hand_over(row.id, "not needed any more", at=hands.at).status == "cancelled"
        with pytest.raises(UserError, match="only what is still open"):
            cancel_hand_over(row.id, "again", at=hands.at)
        with pytest.raises(UserError, match="only what was approved"):
            complete_hand_over(row.id, at=hands.at)


def test_a_missing_receipt_blocks_the_next_sample_until_it_is_signed(hands):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 10), hands.asked(person, stock)
    first = hands.hand(hands.handing(person, lot, 1, request_id=request))
    assert first.status == "done"
    second = hands.hand(hands.handing(person, lot, 1, request_id=request))
    assert second.status == "forbidden"
    assert "US-PDMA-2-B" in second.decision.rule_ids
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        sign_receipt(first.id, hands.receipt(), at=hands.at)
        with pytest.raises(UserError, match="signed for already"):
            sign_receipt(first.id, hands.receipt(), at=hands.at)
    third = hands.hand(hands.handing(person, lot, 1, request_id=request))
    assert third.status == "done"
    assert carried(hands, lot) == 8


def test_nobody_hands_over_more_than_was_asked_for_or_than_he_carries(hands):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 3), hands.asked(person, stock, 2)
    with pytest.raises(UserError, match="covers 2 more"):
        hands.hand(hands.handing(person, lot, 3, request_id=request))
    more = hands.asked(person, stock, 9)
    with pytest.raises(UserError, match="you carry 3"):
        hands.hand(hands.handing(person, lot, 4, request_id=more))
    assert carried(hands, lot) == 3


def test_a_lot_that_has_expired_stays(hands):
    person, stock = hands.person(), hands.stock()
    lot = hands.lot(stock, 3, expires_on=hands.at.date() - timedelta(days=1))
    request = hands.asked(person, stock)
    with pytest.raises(UserError, match="expired on"):
        hands.hand(hands.handing(person, lot, 1, request_id=request))


def test_the_same_record_sent_twice_is_kept_once(hands):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 5), hands.asked(person, stock)
    handing = hands.handing(person, lot, 1, request_id=request)
    assert hands.hand(handing).id == hands.hand(handing).id
    assert carried(hands, lot) == 4


def test_a_request_of_another_hcp_or_product_covers_nothing(hands):
    person, stock = hands.person(), hands.stock()
    lot = hands.lot(stock, 5)
    theirs = hands.asked(hands.person(), stock)
    with pytest.raises(UserError, match="another HCP"):
        hands.hand(hands.handing(person, lot, 1, request_id=theirs))
    item = hands.lot(hands.stock("item"), 5)
    with pytest.raises(UserError, match="another product"):
        hands.hand(hands.handing(person, item, 1, request_id=hands.asked(person, stock)))


def test_an_item_that_is_handed_over_is_told_to_the_disclosures(hands):
    lot = hands.lot(hands.stock("item", value=1500), 5)
    row = hands.hand(hands.handing(hands.person(), lot, 1))
    assert row.status == "done"
    with act_as(hands.cast.system()):
        told = OutboxMessage.objects.filter(topic="engagement.items.handed", object_id=row.id)
        assert told.count() == 1


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("engagement_handover", "n_units = 1"),
        ("engagement_samplerequest", "n_packs = 9"),
        ("engagement_receipt", "signer_name = 'x'"),
        ("engagement_stockmove", "n_units = 0"),
    ],
)
def test_what_was_signed_or_moved_never_changes_not_even_in_the_database(hands, table, change):
    person, stock = hands.person(), hands.stock()
    lot, request = hands.lot(stock, 5), hands.asked(person, stock)
    hands.hand(hands.handing(person, lot, 2, request_id=request, receipt=hands.receipt()))
    with (
        pytest.raises(DatabaseError),
        act_as(hands.cast.scope(Role.REPRESENTATIVE)),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {change}")


def test_the_database_itself_refuses_less_than_nothing(hands):
    lot = hands.lot(hands.stock(), 1)
    with (
        pytest.raises(IntegrityError, match="check constraint"),
        act_as(hands.cast.scope(Role.REPRESENTATIVE)),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE engagement_carried SET n_units = -1 WHERE lot_id = %s", [lot])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["returned", "lost", "counted", "received"]), st.integers(0, 7)),
        max_size=8,
    )
)
def test_what_is_carried_is_always_the_sum_of_what_moved(hands, steps):
    stock = hands.stock()
    lot = hands.lot(stock, 10)
    with act_as(hands.cast.scope(Role.COMPLIANCE)):
        number = StockMove.objects.get(lot_id=lot).lot.number
    for kind, n in steps:
        try:
            if kind == "received":
                hands.lot(stock, n, number=number)
            else:
                with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
                    move_stock(lot, hands.giver, kind, n, reason="stock-taking", at=hands.at)
        except UserError:
            pass
        else:
            if kind == "counted":
                assert carried(hands, lot) == n
        assert carried(hands, lot) >= 0


def test_a_loss_needs_a_reason_and_stays_ones_own(hands):
    lot, other = hands.lot(hands.stock(), 10), hands.cast.user(Role.MSL).id
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        with pytest.raises(UserError, match="what happened"):
            move_stock(lot, hands.giver, "lost", 1, reason=" ", at=hands.at)
        with pytest.raises(OutOfScope):
            move_stock(lot, other, "lost", 1, reason="car", at=hands.at)


def test_who_wants_to_hand_an_item_over_does_not_say_that_it_is_inexpensive(hands):
    terms = StockTerms("Notepad", 100, "USD", flags=GOOD_ITEM)
    with act_as(hands.cast.scope(Role.BRAND_LEAD)):
        with pytest.raises(OutOfScope, match="compliance"):
            add_stock("item", terms, item_kind="reminder", product_id=None, at=hands.at)
        mine = StockTerms("Notepad", 100, "USD", flags={"is_branded": True})
        row = add_stock("item", mine, item_kind="reminder", product_id=None, at=hands.at)
    assert row.is_inexpensive is None
    with act_as(hands.cast.scope(Role.COMPLIANCE)):
        change_stock(row.id, StockTerms("Notepad", 100, "USD", flags=GOOD_ITEM), at=hands.at)
    with act_as(hands.cast.scope(Role.BRAND_LEAD)):
        kept = change_stock(row.id, StockTerms("Notepad", 120, "USD", flags={}), at=hands.at)
    assert (kept.is_inexpensive, kept.is_branded) == (True, None)


def test_only_samples_are_asked_for_in_writing_with_a_signature_that_can_be_read(hands):
    person, item, sample = hands.person(), hands.stock("item"), hands.stock()
    day = hands.at.date()
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        for stock, signed, said in (
            (item, Signed(SIGNED, day), "only samples"),
            (sample, Signed(" ", day), "who signed"),
            (sample, Signed(SIGNED, day + timedelta(days=1)), "future"),
            (sample, Signed(SIGNED, day, "<svg onload=x>"), "cannot be read"),
        ):
            with pytest.raises(UserError, match=said):
                request_samples(person, stock.id, 1, signed, at=hands.at)
        request_samples(person, sample.id, 1, Signed(SIGNED, day, "M1 2L3 4L5 6"), at=hands.at)
        assert SampleRequest.objects.get(hcp_id=person).signature_kind == "drawn"


def test_a_colleague_without_the_right_hands_nothing_over_and_writes_no_stock(hands):
    stock, person = hands.stock(), hands.person()
    with act_as(hands.cast.scope(Role.MSL)), pytest.raises(OutOfScope):
        request_samples(person, stock.id, 1, hands.receipt(), at=hands.at)
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        receive_lot(
            stock.id, number="1", expires_on=None, holder_id=hands.giver, n_units=1, at=hands.at
        )


def _facts(hands, person, stock, at=None):
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        act = facts.Act("sample", at or hands.at, recipient_id=person, stock_id=stock.id,
                        country="IN")  # fmt: skip
        return facts.gather([act])[0]


def test_the_tallies_count_packs_of_one_product_over_the_year_and_worth_of_own_items(hands):
    person, stock = hands.person("IN"), hands.stock(currency="INR")
    lot, request = hands.lot(stock), hands.asked(person, stock, 9)
    for n in (1, 2):
        row = hands.hand(hands.handing(person, lot, n, request_id=request, receipt=hands.receipt()))
        # Sales were never stated, so the share is not known and a person decides.
        assert row.status == "referred"
    with act_as(hands.cast.system()):
        HandOver.objects.filter(hcp_id=person).update(status="approved")
        HandOver.objects.filter(hcp_id=person).update(status="done", handed_on=hands.at.date())
    found = _facts(hands, person, stock)
    assert found["tally.sample_packs_year"] == 3
    assert found["sample.first_request_date"] == hands.at.date()
    assert found["sample.receipt_missing_before"] is True
    assert found["tally.items_value_year"] is None
    assert found["tally.samples_value_share"] is None
    assert (
        _facts(hands, person, stock, hands.at + timedelta(days=60))["tally.sample_packs_year"] == 0
    )


def test_worth_in_another_currency_makes_the_sum_unknown(hands):
    person = hands.person()
    first, other = hands.stock("item", value=500), hands.stock("item", currency="EUR")
    hands.hand(hands.handing(person, hands.lot(first), 1))
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        acts = [
            facts.Act("item", hands.at, recipient_id=person, stock_id=each.id)
            for each in (first, other)
        ]
        known = [each["tally.items_value_year"] for each in facts.gather(acts)]
    assert known == [500, None]


def test_an_act_that_hands_nothing_over_is_told_nothing_of_stock(hands):
    person = hands.person()
    with act_as(hands.cast.scope(Role.REPRESENTATIVE)):
        found = facts.gather([facts.Act("email", hands.at, recipient_id=person)])[0]
    assert found["tally.items_value_year"] is None
    assert found["item.kind"] is None
