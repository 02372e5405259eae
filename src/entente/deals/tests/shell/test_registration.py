"""Deals are registered by one party, accepted by both, and seen by nobody else."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from entente.deals import reads
from entente.deals.actions import (
    accept_deal,
    decline_deal,
    expire_deals,
    mark_lost,
    mark_won,
    register_deal,
    withdraw_deal,
)
from entente.deals.models import Deal, DealBuyer, DealSide, Protection
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import OutOfScope, act_as
from entente.foundation.errors import UserError
from entente.foundation.models import LedgerEntry, new_id
from entente.policy.models import Decision

pytestmark = pytest.mark.feature("deals/deal-registration")


def status_of(world, deal_id):
    with act_as(world.cast.system()):
        return Deal.objects.get(id=deal_id).status


def protect(world, deal_id, *, at=None, organisation=None):
    with act_as(world.seller(organisation)):
        accept_deal(deal_id, at=at or world.noon)
    with act_as(world.manager()):
        return accept_deal(deal_id, at=at or world.noon)


def test_both_parties_accept_before_a_deal_is_protected(world):
    made = world.register()
    assert made.status == "submitted"
    with act_as(world.seller()):
        assert accept_deal(made.id, at=world.noon).status == "accepted_by_partner"
        assert not Protection.objects.filter(deal_id=made.id).exists()
    with act_as(world.manager()):
        assert accept_deal(made.id, at=world.noon).status == "protected"
        protection = Protection.objects.get(deal_id=made.id)
    assert (protection.ends_at - protection.starts_at).days == 180
    assert protection.starts_at == world.noon


def test_the_vendor_may_accept_first(world):
    made = world.register()
    with act_as(world.manager()):
        assert accept_deal(made.id, at=world.noon).status == "accepted_by_vendor"
    with act_as(world.seller()):
        assert accept_deal(made.id, at=world.noon).status == "protected"


def test_the_host_registers_with_a_partner_and_accepts_at_once(world):
    with act_as(world.manager()):
        made = register_deal(
            world.asked(partner_id=world.cast.partner.id, accept=True), at=world.noon
        )
        assert made.status == "accepted_by_vendor"
    with act_as(world.seller()):
        assert accept_deal(made.id, at=world.noon).status == "protected"


def test_nobody_accepts_twice_or_a_closed_deal(world):
    made = world.register(accept=True)
    with act_as(world.seller()):
        with pytest.raises(UserError, match="other party has not"):
            accept_deal(made.id, at=world.noon)
        withdraw_deal(made.id, reason="The buyer left", at=world.noon)
        with pytest.raises(UserError, match="withdrawn"):
            accept_deal(made.id, at=world.noon)


def test_a_registration_without_all_criteria_is_refused_and_reaches_nobody_else(world):
    made = world.register(confirmed=("buyer", "budget"))
    assert made.status == "refused"
    with act_as(world.seller()):
        decision = Decision.objects.get(id=reads.own_side(reads.deal(made.id)).decision_id)
        assert decision.outcome == "FORBID"
        assert decision.rule_ids == ["PG-DEAL-1"]
    with act_as(world.manager()), pytest.raises(Deal.DoesNotExist):
        reads.deal(made.id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value_minor": 0}, "value"),
        ({"currency": "XXX"}, "value"),
        ({"buyer": " "}, "buyer"),
        ({"confirmed": ("customer",)}, "confirmed"),
        ({"kind": "gift"}, "confirmed"),
        ({"account_id": new_id()}, "account"),
        ({"solution_id": new_id()}, "solution"),
    ],
)
def test_what_contradicts_itself_is_named_by_its_field(world, change, field):
    with pytest.raises(UserError) as refused:
        world.register(**change)
    assert refused.value.field == field


def test_a_partner_registers_for_no_other_partner(world):
    with pytest.raises(UserError, match="its own deals"):
        world.register(partner_id=world.cast.society.id)


def test_a_role_without_deals_registers_none(world):
    with act_as(world.cast.scope(Role.REPRESENTATIVE)), pytest.raises(OutOfScope):
        register_deal(world.asked(partner_id=world.cast.partner.id), at=world.noon)


@pytest.mark.promise("P1")
def test_a_stranger_sees_nothing_of_a_deal(world):
    made = world.register()
    protect(world, made.id)
    with act_as(world.seller(world.cast.stranger)):
        with pytest.raises(Deal.DoesNotExist):
            reads.deal(made.id)
        with pytest.raises(Deal.DoesNotExist):
            accept_deal(made.id, at=world.noon)
        assert not DealSide.objects.filter(deal_id=made.id).exists()
        assert not Protection.objects.filter(deal_id=made.id).exists()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE deals_protection SET released_at = now()")
            assert cursor.rowcount == 0


def test_the_buyers_name_stays_with_who_registered_it(world):
    made = world.register()
    with act_as(world.seller()):
        assert reads.buyer_of(reads.deal(made.id)) == "Ada Example"
        bodies = [entry.body for entry in LedgerEntry.objects.filter(verb__startswith="deals.")]
    assert bodies
    assert not any("Ada Example" in body for body in bodies)
    with act_as(world.manager()):
        assert reads.buyer_of(reads.deal(made.id)) == ""
        assert not DealBuyer.objects.filter(deal_id=made.id).exists()
        assert not LedgerEntry.objects.filter(verb="deals.buyer.named").exists()


def refused(statement, parameters=()):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def test_the_database_lets_no_party_protect_a_deal_alone(world):
    made = world.register(accept=True)
    with act_as(world.seller()):
        refused("UPDATE deals_deal SET status = 'protected' WHERE id = %s", [made.id])
        refused(
            "INSERT INTO deals_protection (id, org_id, deal_id, account_key, solution_id, site_key,"
            " starts_at, ends_at) SELECT gen_random_uuid(), app.ctx_org(), id, account_key,"
            " solution_id, site_key, now(), now() + interval '1 day' FROM deals_deal WHERE id = %s",
            [made.id],
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE deals_dealside SET accepted_at = now() WHERE deal_id = %s AND is_vendor",
                [made.id],
            )
            assert cursor.rowcount == 0


def test_what_was_registered_never_changes(world):
    made = world.register()
    with act_as(world.manager()):
        refused("UPDATE deals_deal SET value_minor = 1 WHERE id = %s", [made.id])
        refused("UPDATE deals_deal SET org_id = app.ctx_org() WHERE id = %s", [made.id])
        refused("UPDATE deals_deal SET status = 'won' WHERE id = %s", [made.id])


def test_each_act_leaves_one_entry_that_the_other_party_can_read(world):
    made = world.register()
    protect(world, made.id)
    with act_as(world.manager()):
        mark_won(made.id, at=world.later(days=9))
    verbs = [
        "deals.deal.registered",
        "deals.deal.accepted_by_partner",
        "deals.deal.protected",
        "deals.deal.won",
    ]
    for scope in (world.manager(), world.seller()):
        with act_as(scope):
            found = LedgerEntry.objects.filter(object_id=made.id).order_by("seq")
            assert [entry.verb for entry in found] == verbs


def test_only_the_other_party_declines_and_only_who_registered_withdraws(world):
    made = world.register()
    with act_as(world.seller()), pytest.raises(UserError, match="withdraw it"):
        decline_deal(made.id, reason="No", at=world.noon)
    with act_as(world.manager()):
        with pytest.raises(UserError, match="decline it"):
            withdraw_deal(made.id, reason="No", at=world.noon)
        with pytest.raises(UserError, match="say why"):
            decline_deal(made.id, reason=" ", at=world.noon)
        assert decline_deal(made.id, reason="We serve it", at=world.noon).status == "declined"


def test_a_deal_runs_out_once_and_on_time(world):
    made = world.register()
    protect(world, made.id)
    with act_as(world.cast.system()):
        assert expire_deals(at=world.later(days=180, seconds=-1)) == 0
        assert expire_deals(at=world.later(days=180)) == 1
        assert expire_deals(at=world.later(days=181)) == 0
    assert status_of(world, made.id) == "expired"


def test_a_lost_deal_frees_its_opportunity_and_a_won_one_does_not(world):
    for end, expected in ((mark_lost, "clear"), (mark_won, "taken")):
        solution_before = world.solution_id
        made = world.register(account_id=(account := world.account("Elm Practice")))
        protect(world, made.id)
        with act_as(world.manager()):
            extra = {"reason": "Chose another"} if end is mark_lost else {}
            end(made.id, at=world.later(days=1), **extra)
            found = reads.preview(account, solution_before, "", at=world.later(days=2))
        assert found.status == expected


def test_the_list_narrows_and_sorts(world):
    made = [
        world.register(account_id=world.account(f"Practice {n}"), value_minor=n + 1)
        for n in range(3)
    ]
    with act_as(world.seller()):
        found = reads.deals(text="Practice")
        latest = found.order_by(*reads.order_of("nonsense"))
        assert [d.id for d in latest] == [d.id for d in reversed(made)]
        by_value = found.order_by(*reads.order_of("value"))
        assert [d.value_minor for d in by_value] == [1, 2, 3]
        assert not reads.deals(status="protected", text="Practice").exists()
        assert reads.deals(status="open", text="Practice").count() == 3
