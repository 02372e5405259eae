"""Meals of an event: everybody who ate counts, each part to the cent, each HCP at the gate."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.engagement.actions.attend import register, walk_in
from entente.engagement.actions.event_meals import Eaten, record_event_meal
from entente.engagement.domain.shares import share_minor, split_minor
from entente.engagement.models import EventMeal, Expense
from entente.engagement.reads import event_meals as reads
from entente.engagement.tests.shell.stand_world import Stand
from entente.foundation.access.roles import Role
from entente.foundation.access.scope import act_as
from entente.foundation.errors import UserError
from entente.foundation.models import OutboxMessage

pytestmark = pytest.mark.feature("engagement/joint-education")


@pytest.fixture
def stand(cast, world, now):
    return Stand(cast, world, now)


@pytest.fixture
def there(cast, stand, world):
    """Two HCPs and somebody without a record who are there, and one who did not come."""
    day = stand.begins + timedelta(hours=1)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        absent = register(
            stand.event.id, hcp_id=None, name="Absent", email="", seen_by=(), at=stand.at
        )
        came = [
            walk_in(stand.event.id, name=name, hcp_id=hcp_id, seen_by=(), at=day)
            for name, hcp_id in (("", world.willing), ("", world.silent), ("A Guest", None))
        ]
    return came, absent


@pytest.fixture
def eat(cast, stand, there):
    def recorded(**changed):
        facts = {
            "client_id": uuid4(), "event_id": stand.event.id, "kind": "lunch",
            "venue": "Hall restaurant", "currency": "USD", "total_minor": 10_000,
            "attendee_ids": tuple(each.id for each in there[0]),
            "staff": ("Rep One", "Rep Two", "Rep Three"),
        } | changed  # fmt: skip
        with act_as(cast.scope(Role.EVENT_MANAGER)):
            return record_event_meal(Eaten(**facts), at=stand.begins + timedelta(hours=6))

    return recorded


@given(st.integers(0, 10**9), st.integers(1, 2_000))
def test_parts_add_up_to_the_total_and_differ_by_a_cent_at_most(total, heads):
    parts = split_minor(total, heads)
    assert (sum(parts), len(parts)) == (total, heads)
    assert max(parts) - min(parts) <= 1
    assert all(abs(part - share_minor(total, heads)) <= 1 for part in parts)


def test_staff_and_walk_ins_count_and_the_parts_add_up(cast, eat, world):
    made = eat()
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        parts = reads.parts_of(made.id)
        assert [part.amount_minor for part in parts] == [1667] * 4 + [1666] * 2
        assert sum(part.amount_minor for part in parts) == made.expense.total_minor
        assert [part.name for part in parts[3:]] == ["Rep One", "Rep Two", "Rep Three"]
        assert [part.share is not None for part in parts] == [True, True] + [False] * 4
        expense = Expense.objects.get(id=made.expense_id)
        assert expense.headcount == 6
        assert {s.hcp_id: s.amount_minor for s in expense.shares.all()} == {
            world.willing: 1667, world.silent: 1667,
        }  # fmt: skip


def test_each_hcp_s_part_is_asked_at_the_gate_with_the_limits_of_meals(cast, eat):
    cheap, dear = eat(total_minor=6_000), eat(total_minor=600_000)
    silent = eat(with_discussion=False)

    def rules(meal):
        decisions = [part.share.decision for part in reads.parts_of(meal.id) if part.share]
        return {rule for made in decisions for rule in made.rule_ids}

    with act_as(cast.scope(Role.EVENT_MANAGER)):
        assert "US-PHRMA-MEAL-2" in rules(dear) - rules(cheap)
        assert "US-PHRMA-MEAL-3" in rules(silent)
    assert (dear.expense.standing, silent.expense.standing) == ("referred", "breach")


def test_disclosures_hear_of_it_as_of_any_meal(cast, eat):
    made = eat()
    with act_as(cast.system()):
        assert OutboxMessage.objects.filter(
            topic="engagement.expense.recorded", object_id=made.expense_id
        ).exists()


def test_a_meal_sent_twice_is_kept_once(cast, eat):
    client_id = uuid4()
    assert eat(client_id=client_id).id == eat(client_id=client_id).id
    with pytest.raises(UserError, match="another record"):
        eat(client_id=client_id, total_minor=5)
    with act_as(cast.scope(Role.EVENT_MANAGER)):
        assert (EventMeal.objects.count(), Expense.objects.count()) == (1, 1)


def test_only_those_who_were_there_ate(eat, there, stand):
    came, absent = there
    for changed, said in (
        ({"attendee_ids": (came[0].id, absent.id)}, "Absent is not checked in"),
        ({"attendee_ids": (came[0].id, came[0].id)}, "named twice"),
        ({"attendee_ids": (came[0].id, uuid4())}, "on the list"),
        ({"attendee_ids": (came[2].id,)}, "nobody who ate is an HCP"),
        ({"attendee_ids": ()}, "nobody who ate is an HCP"),
        ({"attendee_ids": (), "staff": ()}, "nobody who ate is an HCP"),
        ({"staff": ("Rep One", "Rep One")}, "Rep One is named twice"),
        ({"venue": " "}, "name the venue"),
        ({"spent_on": stand.begins.date() - timedelta(days=3)}, "the event is from"),
    ):
        with pytest.raises(UserError, match=said):
            eat(**changed)
