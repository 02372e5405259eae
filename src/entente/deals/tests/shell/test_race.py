"""Many want the same opportunity at the same moment: one gets it, nobody sees an error."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from entente.deals.actions import accept_deal
from entente.deals.models import Deal, Protection
from entente.foundation.access.scope import act_as

N_THREADS = 16
N_ACCOUNTS = 12


def run_together(works):
    start, errors = threading.Barrier(len(works)), []

    def one(work):
        try:
            start.wait(30)
            work()
        except Exception as trouble:
            errors.append(repr(trouble))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return errors


@pytest.fixture
def committed(request, django_db_blocker):
    """Let a test commit: threads see only what is committed. The rows stay, and harm nobody."""
    request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock():
        yield
        connection.close()


@pytest.mark.slow
@pytest.mark.promise("P12")
@pytest.mark.feature("deals/deal-protection")
def test_of_sixteen_acceptances_at_once_exactly_one_protects(committed, noon, race_world):
    world = race_world()
    partners = [world.cast.partner, world.cast.society, world.cast.stranger]
    accounts = [world.account(f"Race {n}") for n in range(N_ACCOUNTS)]
    deals = {
        account: [
            world.register(partners[n % 3], account_id=account, accept=True).id
            for n in range(N_THREADS)
        ]
        for account in accounts
    }
    manager = world.manager()

    def accept_one_of_each(place):
        def work():
            for account in accounts:
                with act_as(manager):
                    accept_deal(deals[account][place], at=noon + timedelta(seconds=place))

        return work

    errors = run_together([accept_one_of_each(place) for place in range(N_THREADS)])
    assert errors == []
    with act_as(world.cast.system()):
        for account in accounts:
            states = Counter(
                Deal.objects.filter(account_id=account).values_list("status", flat=True)
            )
            assert states == {"protected": 1, "accepted_by_partner": N_THREADS - 1}
        windows = list(Protection.objects.filter(deal__account__in=accounts, released_at=None))
    held = {}
    for window in windows:
        for other in held.setdefault(window.account_key, []):
            assert window.ends_at <= other.starts_at or other.ends_at <= window.starts_at
        held[window.account_key].append(window)
    assert len(windows) == N_ACCOUNTS


@pytest.mark.slow
@pytest.mark.promise("P12")
def test_sixteen_registrations_of_a_taken_account_are_all_answered(committed, noon, race_world):
    world = race_world()
    account = world.account("Race taken")
    held = world.register(account_id=account, accept=True)
    with act_as(world.manager()):
        accept_deal(held.id, at=noon)
    partners = [world.cast.partner, world.cast.society, world.cast.stranger]
    answers = []

    def register(place):
        def work():
            answers.append(world.register(partners[place % 3], account_id=account).status)

        return work

    errors = run_together([register(place) for place in range(N_THREADS)])
    assert errors == []
    assert answers == ["refused"] * N_THREADS
